/**
 * CSV as Soakscope writes it (`formats/csv.ts`, `run --samples`): `time [s]`, `<id> [<unit>]`, …,
 * and `samples [1]`. What a counter is beside its unit is known from the scenarios.
 */
import type { CounterSpec } from '../../../sim/observe/counters'
import type { SampleRow } from '../../runs/wide-row'
import { preview } from '../../../shared/preview'
import { utf16Of } from '../reading/text-of'
import {
  byNameAndUnit,
  ImportFault,
  nameWithUnit,
  oneLine,
  type ImportFormat,
  type ImportOptions,
} from './imported-file'
import { linesOf, numberIn, textOfLine, type TextLine } from './text-lines'

const right = 'a CSV of Soakscope begins with "time [s]" and has a column "<counter> [<unit>]" each'

export const csvImport: ImportFormat = {
  kind: 'csv',
  title: 'a CSV of counters',
  tells: ({ text }) => /^\s*"?time\s*(\[\w*\])?"?\s*[,;\t]/i.test(text),
  read(file, options) {
    if (utf16Of(file.head().bytes) !== undefined) {
      throw new ImportFault('is UTF-16, and CSV of Soakscope is UTF-8; save it as that')
    }
    const lines = linesOf(file)
    const first = lines.next()
    const names = first.done ? [] : cellsOf(textOfLine(first.value).replace(/^\uFEFF/, ''))
    const counters = countersOf(names, options)
    const notes: string[] = []
    return {
      about: {},
      counters,
      rows: rowsOf(lines, counters.length, names.length, notes),
      notes: () => [...unknownOf(counters, options), ...notes],
    }
  },
}

/** Cells of the header, which may be in quotes. @throws ImportFault when a quote has no end */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  for (let rest: string | undefined = line; rest !== undefined;) {
    const match: RegExpExecArray | null = /^(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/.exec(rest)
    if (!match) throw new ImportFault(`has a header that is no CSV; ${right}`)
    const [all, quoted, plain = ''] = match
    cells.push(quoted?.replaceAll('""', '"') ?? plain)
    rest = all.endsWith(',') ? rest.slice(all.length) : undefined
  }
  return cells
}

/** @throws ImportFault when the columns are others than ours */
function countersOf(names: readonly string[], { known }: ImportOptions): CounterSpec[] {
  const [time, ...columns] = names
  if (time !== 'time [s]' || columns.length === 0) {
    throw new ImportFault(`has other columns (${preview(oneLine(names.join(), 60))}); ${right}`)
  }
  const ours = columns.at(-1) === 'samples [1]' ? columns.slice(0, -1) : columns
  const specs = byNameAndUnit(known())
  return ours.map((name) => {
    const [, id, unit] = /^(\S.*?) \[([^\]]*)\]$/.exec(name) ?? []
    if (id === undefined || unit === undefined) {
      throw new ImportFault(`has a column ${preview(oneLine(name, 60))}; ${right}`)
    }
    return specs.get(name) ?? { id, unit, kind: 'gauge', help: '' }
  })
}

function unknownOf(counters: readonly CounterSpec[], { known }: ImportOptions): string[] {
  const specs = byNameAndUnit(known())
  const unknown = counters.filter(({ id, unit }) => !specs.has(nameWithUnit(id, unit)))
  if (unknown.length === 0) return []
  const which = unknown.length === 1 ? (unknown[0]?.id ?? '') : `${unknown.length} counters`
  return [`${which} is known to no scenario: shown as a level, whatever it counts`]
}

/** @param notes takes what is odd about its end */
function* rowsOf(
  lines: Iterable<TextLine>,
  counters: number,
  cells: number,
  notes: string[],
): Generator<SampleRow> {
  const values = new Float64Array(counters)
  const row = { time: 0, samples: 1, values }
  const found = new Float64Array(cells)
  for (const { bytes, number, isWhole } of lines) {
    if (bytes.length === 0) continue
    // The last cell may have lost digits, whatever is left of it.
    if (!isWhole) {
      notes.push(`its end is missing: line ${number} has no end, and is left out`)
      return
    }
    const many = numbersIn(bytes, found)
    if (many !== cells) {
      const has = `line ${number} has ${many} cells, and the header has ${cells}`
      throw new ImportFault(`is damaged: ${has}`)
    }
    const odd = found.findIndex((value) => Number.isNaN(value))
    if (odd >= 0)
      throw new ImportFault(`is damaged: cell ${odd + 1} of line ${number} is no number`)
    row.time = found[0]!
    row.samples = cells > counters + 1 ? found[cells - 1]! : 1
    for (let c = 0; c < counters; c++) values[c] = found[c + 1]!
    yield row
  }
}

const comma = 0x2c

/** How many cells the line has. @param into takes as many as it has room for */
function numbersIn(bytes: Uint8Array, into: Float64Array): number {
  let [cells, begin] = [0, 0]
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== comma) continue
    if (cells < into.length) into[cells] = numberIn(bytes, begin, at)
    cells++
    begin = at + 1
  }
  return cells
}
