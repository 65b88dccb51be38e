/**
 * Every counter of every kept sample as CSV (RFC 4180): header `time [s]`, `<id> [<unit>]`, …, and
 * last how many samples a row stands for (1 until a long run was thinned to stay within its
 * memory).
 */
import type { CounterSpec } from '../../sim/observe/counters'
import type { SampleRow } from '../runs/wide-row'
import type { Samples } from './exports/exportable'

const lineEnd = '\r\n'
const rowsPerPiece = 64

/** The header line. */
export function csvHeader(specs: readonly CounterSpec[]): string {
  const names = ['time [s]', ...specs.map((spec) => `${spec.id} [${spec.unit}]`), 'samples [1]']
  return names.map(quote).join(',') + lineEnd
}

/** The line of one sample. */
export const csvLine = ({ time, values, samples }: SampleRow): string =>
  `${time},${values.join(',')},${samples}${lineEnd}`

/** The file in pieces, so that a long run never is one string. */
export async function* csvText(
  specs: readonly CounterSpec[],
  rows: Samples,
): AsyncGenerator<string> {
  yield csvHeader(specs)
  let piece: string[] = []
  for await (const row of rows) {
    piece.push(csvLine(row))
    if (piece.length < rowsPerPiece) continue
    yield piece.join('')
    piece = []
  }
  yield piece.join('')
}

const quote = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
