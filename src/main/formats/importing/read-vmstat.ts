/**
 * What vmstat of Linux prints, from 1999 to today, and so what Soakscope writes of it. Columns are
 * told by the words of the header, which may come again. Left out: vmstat of other systems, whose
 * columns have the same names and mean something else.
 */
import type { SampleRow } from '../../runs/wide-row'
import { preview } from '../../../shared/preview'
import { linuxVmstatHeader as header } from '../reading/foreign'
import { utf16Of } from '../reading/text-of'
import { ImportFault, oneLine, type ImportFormat } from './imported-file'
import { linesOf, textOfLine, type TextLine } from './text-lines'
import { isVmstatColumn, vmstatCounter } from './vmstat-columns'

/** Lines among which its header is. */
const linesMax = 60
/** Groups of columns above it: `procs`, `--procs--`. */
const groups = /^[\s-]*procs[\s-]/
/** An instant at the end of a line: `vmstat -t`. */
const stamp = /\s(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$/
const right =
  'a vmstat log of Linux has a header with r, b, swpd, free … and rows with as many numbers'

export const vmstatImport: ImportFormat = {
  kind: 'vmstat',
  title: 'a vmstat log',
  tells: ({ text }) => text.split(/\r\n|\n|\r/, linesMax).some((line) => header.test(line)),
  read(file, { every }) {
    if (utf16Of(file.head().bytes) !== undefined) {
      throw new ImportFault('is a vmstat log in UTF-16; save it as UTF-8')
    }
    const lines = linesOf(file)
    const columns = columnsOf(lines)
    const log = new VmstatLog(columns, every)
    return {
      about: {},
      counters: columns.map(vmstatCounter),
      rows: log.rows(lines),
      notes: () => log.notes(),
    }
  },
}

/** @throws ImportFault where there is no header, or one with words that are unknown */
function columnsOf(lines: Iterator<TextLine>): string[] {
  for (let seen = 0; seen < linesMax; seen++) {
    const line = lines.next()
    if (line.done) break
    const text = textOfLine(line.value)
    if (!header.test(text)) continue
    const words = wordsOf(text)
    // The last word of `vmstat -t` is the zone of its instants.
    if (!isVmstatColumn(words.at(-1) ?? '')) words.pop()
    const odd = words.find((word, at) => !isVmstatColumn(word) || words.indexOf(word) !== at)
    if (odd === undefined) return words
    throw new ImportFault(`has a column ${preview(oneLine(odd, 40))}; ${right}`)
  }
  throw new ImportFault(`has no header of vmstat; ${right}`)
}

const wordsOf = (text: string): string[] => text.trim().split(/\s+/)

class VmstatLog {
  private stamped = false
  private read = 0
  private readonly said: string[] = []

  constructor(
    private readonly columns: readonly string[],
    private readonly every: number | undefined,
  ) {}

  /** @throws ImportFault at a line that is no row */
  *rows(lines: Iterable<TextLine>): Generator<SampleRow> {
    const values = new Float64Array(this.columns.length)
    const row = { time: 0, samples: 1, values }
    const clock = new RowClock(this.every)
    for (const line of lines) {
      const text = textOfLine(line)
      if (text.trim() === '' || groups.test(text)) continue
      if (header.test(text)) {
        this.sameColumns(text, line)
        continue
      }
      const at = stamp.exec(text)
      const words = wordsOf(at ? text.slice(0, at.index) : text)
      const isTorn = !line.isWhole && this.read > 0
      if (!take(words, values)) {
        if (!isTorn) throw new ImportFault(rowFault(line, words.length, values.length))
        this.said.push(`its end is missing: line ${line.number} is left out`)
        return
      }
      this.stamped ||= at !== null
      const time = clock.next(at?.[1])
      if (time === undefined) {
        throw new ImportFault(`is damaged: line ${line.number} has an instant before the others`)
      }
      row.time = time
      this.read++
      yield row
    }
  }

  private sameColumns(text: string, { number }: TextLine): void {
    const words = wordsOf(text)
    if (this.columns.every((column, at) => words[at] === column)) return
    throw new ImportFault(
      `has other columns from line ${number} on; bring each part as a file of its own`,
    )
  }

  notes(): readonly string[] {
    const { stamped, every = 1 } = this
    const apart = stamped
      ? 'its instants are those that vmstat wrote, the first row being one second or one step in'
      : `it does not say how far apart its rows are: they are taken to be ${every} s apart` +
        (this.every === undefined ? '; soakscope import --every says otherwise' : '')
    return [
      apart,
      'memory is taken to be in kB, as vmstat prints it unless -S said otherwise',
      'rates and shares are as printed, rounded; its first row is the mean since boot, as vmstat prints it',
      ...this.said,
    ]
  }
}

/** Instants of rows: as they are written, or one as far from the other as was said. */
class RowClock {
  private before: number | undefined
  private time = 0

  constructor(private readonly every = 1) {}

  /** Undefined where time goes back. */
  next(written: string | undefined): number | undefined {
    const now =
      written === undefined ? undefined : Date.parse(`${written.replace(' ', 'T')}Z`) / 1000
    const step = now === undefined || this.before === undefined ? this.every : now - this.before
    this.before = now
    this.time += step
    // NaN, too: an instant such as of the 13th month.
    return step > 0 ? this.time : undefined
  }
}

/** Whether there is a number for each column. */
function take(words: readonly string[], into: Float64Array): boolean {
  if (words.length !== into.length) return false
  return words.every((word, at) => {
    into[at] = /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : NaN
    return Number.isFinite(into[at])
  })
}

const rowFault = ({ number }: TextLine, has: number, wanted: number): string =>
  has === wanted
    ? `is damaged: line ${number} has something that is no number`
    : `is damaged: line ${number} has ${has} words, and the header has ${wanted}; ` +
      'a line that was wrapped on its way has to be one again'
