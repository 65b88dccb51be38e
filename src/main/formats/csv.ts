/**
 * Every counter of every kept sample as CSV (RFC 4180): header `time [s]`, `<id> [<unit>]`, …, and
 * last how many samples a row stands for (1 until a long run was thinned to stay within its
 * memory).
 */
import type { CounterSpec } from '../../sim/observe/counters'
import type { SampleRow } from '../runs/wide-row'
import type { Samples } from './exports/exportable'
import { NumberText } from './number-text'

const lineEnd = '\r\n'
const bytesPerPiece = 32 * 1024

/** The header line. */
export function csvHeader(specs: readonly CounterSpec[]): string {
  const names = ['time [s]', ...specs.map((spec) => `${spec.id} [${spec.unit}]`), 'samples [1]']
  return names.map(quote).join(',') + lineEnd
}

/** The line of one sample. */
export const csvLine = ({ time, values, samples }: SampleRow): string =>
  `${time},${values.join(',')},${samples}${lineEnd}`

/** The file in pieces, so that a long run never is one string; each is good until the next. */
export async function* csvText(
  specs: readonly CounterSpec[],
  rows: Samples,
): AsyncGenerator<string | Uint8Array> {
  yield csvHeader(specs)
  const text = new NumberText()
  for await (const { time, values, samples } of rows) {
    text.number(time)
    for (let at = 0; at < values.length; at++) {
      text.ascii(',')
      text.number(values[at] ?? NaN)
    }
    text.ascii(',')
    text.number(samples)
    text.ascii(lineEnd)
    if (text.length >= bytesPerPiece) yield text.take()
  }
  yield text.take()
}

const quote = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
