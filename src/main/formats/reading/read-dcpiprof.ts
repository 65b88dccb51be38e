/**
 * Reads the table that `dcpiprof` prints, ours and that of the real one: a total for each event,
 * a line of headings, and a row a procedure. It has no stacks.
 */
import { success, type Result } from '../../../shared/result'
import { choose, wrongWith, type Comparable, type Quantity } from './comparable'
import { eachLine } from './lines'
import { originOfWords } from './origin-words'
import { ProfileRows } from './profile-rows'

/** Counts are 64-bit numbers elsewhere; more digits would become infinite. */
const countMax = 2 ** 63
/** Lines in which the headings have come, or it is another file. */
const headLines = 60

const totals = /^Total (samples|cycles) for event type (.+)$/

/** Whether a text begins like one. */
export const isDcpiprof = (lines: readonly string[]): boolean =>
  lines.some((line) => totals.test(line))

interface Table {
  /** Places of the events among the numbers of a row, and how many numbers there are. */
  readonly columns: readonly number[]
  readonly numbers: number
  /** Where in a line the two names begin. */
  readonly procedureAt: number
  readonly imageAt: number
}

export function readDcpiprof(
  path: string,
  text: string,
  asked: string | undefined,
  rows = new ProfileRows(),
): Result<Comparable> {
  let counted: readonly (Quantity & { readonly total: number })[] = []
  let table: Table | undefined
  let column: Result<number> | undefined
  let [said, bad] = ['', 0]
  eachLine(text, (line, number) => {
    if (table && column?.ok) {
      if (/^\s*$/.test(line)) return
      const row = rowIn(line, table)
      const value = Number(row?.numbers[table.columns[column.value] ?? -1])
      if (!row || !(Math.abs(value) <= countMax)) return void bad++
      rows.spends(rows.row(row.image, row.procedure || '(no name)'), value)
      return
    }
    if (number > headLines) return
    const [, what, events] = totals.exec(line.trimEnd()) ?? []
    if (events !== undefined) counted = eventsIn(what ?? '', events)
    else if (/^soakscope \S+, scenario/.test(line) || /^simulated /.test(line)) said += `${line}, `
    table = tableOf(line, counted.length)
    if (table) column = choose(counted, 0, asked)
  })
  if (column && !column.ok) return wrongWith(path, column.error.message)
  const chosen = column && counted[column.value]
  if (!table || !chosen) {
    return wrongWith(path, 'is what dcpiprof prints, and has no line of headings; is it cut off?')
  }
  const notes = bad > 0 ? [`${bad} of its lines are no rows of the table, and are left out`] : []
  const left = chosen.total - rows.sum()
  if (left > 0) {
    notes.push(`of its total ${left} are in no row; they stand as (not listed)`)
    rows.spends(rows.row('', '(not listed)'), left)
  } else if (left < 0) notes.push(`its rows add up to ${-left} more than the total that it names`)
  const [, version] = /^soakscope (\S+), /.exec(said) ?? []
  return success({
    path,
    kind: 'what dcpiprof prints',
    quantity: { type: chosen.type, unit: chosen.unit },
    quantities: counted.map(({ type, unit }) => ({ type, unit })),
    rows: rows.rows().map((row) => ({ ...row, withCallees: undefined })),
    total: rows.sum(),
    seconds: undefined,
    vmstat: undefined,
    rounds: undefined,
    origin:
      version === undefined ? new Map() : originOfWords(version, said.replace(/^\S+ \S+ /, '')),
    notes,
  })
}

/** `cycles = 60952, imiss = 1117`: samples of cycles are the samples that others count too. */
function eventsIn(what: string, words: string): (Quantity & { total: number })[] {
  return words.split(',').flatMap((each) => {
    const [, event, total] = /^\s*(\S+)\s*=\s*(\d{1,19})\s*$/.exec(each) ?? []
    if (event === undefined) return []
    const type = event === 'cycles' ? what : event
    return [{ type, unit: 'count', total: Number(total) }]
  })
}

/** Shares stand between the events, and are computed anew. */
function tableOf(line: string, events: number): Table | undefined {
  const found = /^(.*\S)\s+(procedure)\s+(image)\s*$/.exec(line)
  if (!found || events === 0) return undefined
  const heads = (found[1] ?? '').trim().split(/\s+/)
  const columns = heads.flatMap((head, at) => (head.endsWith('%') ? [] : [at])).slice(0, events)
  if (columns.length < events) return undefined
  const procedureAt = line.lastIndexOf('procedure')
  return { columns, numbers: heads.length, procedureAt, imageAt: line.lastIndexOf('image') }
}

/** Undefined for a line that is no row. Names may have blanks in them where columns are kept. */
function rowIn(line: string, { numbers, procedureAt, imageAt }: Table) {
  const found = new RegExp(`^\\s*((?:-?[\\d.]+%?\\s+){${numbers}})(.+)$`).exec(line.trimEnd())
  if (!found) return undefined
  const [, cells = '', names = ''] = found
  const values = cells.trim().split(/\s+/)
  const kept = line.slice(0, procedureAt).trim() === cells.trim() && line[imageAt - 1] === ' '
  if (kept && line.slice(imageAt).trim() !== '') {
    const procedure = line.slice(procedureAt, imageAt).trim()
    return { numbers: values, procedure, image: line.slice(imageAt).trim() }
  }
  const [, procedure = names.trim(), image = ''] = /^(.+?)\s+(\S+)$/.exec(names.trim()) ?? []
  return { numbers: values, procedure, image }
}
