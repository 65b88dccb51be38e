import type { Round } from '../../../shared/frame'
import type { CounterSpec } from '../../../sim/observe/counters'
import type { RowSpans } from '../../charts/read-bins'
import { binGrowth, binMean, binRate } from '../../charts/time-bins'
import type { SampleHistory } from '../../stores/sample-history'

/** Where the charts take their numbers from: the live store, or a history made by a test. */
export interface ChartSource {
  readonly history: SampleHistory
  readonly column: (counter: string) => number | undefined
  readonly counters: () => readonly CounterSpec[]
  readonly rounds: () => readonly Round[]
}

/** Values over spans of rows; NaN where they are not known. */
export type Values = (spans: RowSpans) => Float64Array

type OfColumn = (history: SampleHistory, column: number, before: number, last: number) => number

/** Reads one counter; its column is looked up once for all spans. */
function ofCounter(source: ChartSource, counter: string, read: OfColumn, scale: number): Values {
  return (spans) => {
    const column = source.column(counter)
    return column === undefined
      ? new Float64Array(spans.last.length).fill(NaN)
      : ofColumn(source.history, column, spans, read, scale)
  }
}

export function ofColumn(
  history: SampleHistory,
  column: number,
  { before, last }: RowSpans,
  read: OfColumn,
  scale = 1,
): Float64Array {
  const values = new Float64Array(last.length)
  for (let k = 0; k < last.length; k++) {
    values[k] = read(history, column, before[k] ?? 0, last[k] ?? 0) * scale
  }
  return values
}

/** A gauge, its mean over the rows, times `scale`. */
export const gauge = (source: ChartSource, counter: string, scale = 1): Values =>
  ofCounter(source, counter, binMean, scale)

/** A total's growth per simulated second, times `scale`. */
export const rate = (source: ChartSource, counter: string, scale = 1): Values =>
  ofCounter(source, counter, binRate, scale)

/** Growth of a total over the rows. */
export const growth = (source: ChartSource, counter: string): Values =>
  ofCounter(source, counter, binGrowth, 1)

/** The sum of some values; what is not known counts as nothing. */
export function sumOf(parts: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length)
  for (const part of parts) {
    for (let k = 0; k < length; k++) {
      const value = part[k] ?? NaN
      if (!Number.isNaN(value)) sum[k] = (sum[k] ?? 0) + value
    }
  }
  return sum
}

/** Parts in per cent of a whole; not known where the whole is nothing. */
export const percentOf = (part: Float64Array, whole: Float64Array): Float64Array =>
  part.map((value, k) => ((whole[k] ?? 0) > 0 ? (value / (whole[k] ?? 0)) * 100 : NaN))

export const difference = (from: Float64Array, less: Float64Array): Float64Array =>
  from.map((value, k) => Math.max(0, value - (less[k] ?? 0)))
