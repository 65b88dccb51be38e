import type { Round } from '../frame'
import type { CounterSpec } from '../../sim/observe/counters'
import type { Parameters } from '../../sim/parameters/parameters'
import type { RowSpans, SpreadOf } from './read-bins'
import type { CounterReading } from './chart-spec'
import { forecastWindow, type LinePoint } from './forecast'
import { binGrowth, binMean, binRate, binRows, binSpread } from './time-bins'
import type { SampleHistory } from './sample-history'

/** Of the modelled machine: what shares and times are of. */
export interface ChartMachine {
  readonly cpus: number
  readonly clockMHz: number
}

/** Where the charts take their numbers from: the live store, or a history made by a test. */
export interface ChartSource {
  readonly history: SampleHistory
  readonly column: (counter: string) => number | undefined
  readonly counters: () => readonly CounterSpec[]
  readonly rounds: () => readonly Round[]
  readonly machine: ChartMachine
  /** What the run was begun with; what is not in it has its default. */
  readonly settings: Parameters
}

/** Values over spans of rows; NaN where they are not known. */
export type Values = (spans: RowSpans) => Float64Array

/** How a series is read from a run, and which counters it shows. */
export interface Reader {
  readonly counters: readonly string[]
  readonly from: (source: ChartSource) => Values
  /** The only counter that it is read from, in the unit that it has times `scale`. */
  readonly one?: Pick<CounterReading, 'counter' | 'kind' | 'scale'>
  /** Between which values it was, where that is kept. */
  readonly spread?: (source: ChartSource) => SpreadOf
}

type OfColumn = (history: SampleHistory, column: number, before: number, last: number) => number

/** Reads one counter; its column is looked up once for all spans. */
const ofCounter = (counter: string, read: OfColumn, scale: number): Reader => ({
  counters: [counter],
  spread: (source) => (spans) => spreadOf(source, counter, spans, scale),
  from: (source) => (spans) => {
    const column = source.column(counter)
    return column === undefined
      ? new Float64Array(spans.last.length).fill(NaN)
      : ofColumn(source.history, column, spans, read, scale)
  },
})

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

function spreadOf(
  source: ChartSource,
  counter: string,
  { before, last }: RowSpans,
  scale: number,
): Float64Array {
  const column = source.column(counter)
  const values = new Float64Array(2 * last.length).fill(NaN)
  if (column === undefined) return values
  for (let k = 0; k < last.length; k++) {
    const { least, most } = binSpread(source.history, column, before[k] ?? 0, last[k] ?? 0)
    values[2 * k] = least * scale
    values[2 * k + 1] = most * scale
  }
  return values
}

/** A gauge, its mean over the rows, times `scale`. */
export const gauge = (counter: string, scale = 1): Reader => ({
  ...ofCounter(counter, binMean, scale),
  one: { counter, kind: 'level', scale },
})

/** A total's growth per simulated second, times `scale`. */
export const rate = (counter: string, scale = 1): Reader => ({
  ...ofCounter(counter, binRate, scale),
  one: { counter, kind: 'rate', scale },
})

/** Growth of a total over the rows. */
export const growth = (counter: string): Reader => {
  const { counters, from } = ofCounter(counter, binGrowth, 1)
  return { counters, from }
}

/** Two readings made one, value by value. */
export const combined = (a: Reader, b: Reader, join: (a: number, b: number) => number): Reader => ({
  counters: [...a.counters, ...b.counters],
  from: (source) => {
    const [ofA, ofB] = [a.from(source), b.from(source)]
    return (spans) => {
      const other = ofB(spans)
      return ofA(spans).map((value, k) => join(value, other[k] ?? NaN))
    }
  },
})

/** The newest of a reading, some seconds a point, for where it is heading. */
export function recentOf(source: ChartSource, reader: Reader): LinePoint[] {
  const { history } = source
  const to = history.time(history.rows - 1)
  if (!Number.isFinite(to)) return []
  const { time, before, last } = binRows(
    history,
    { from: Math.max(0, to - forecastWindow.most), to },
    recentPoints,
  )
  const values = reader.from(source)({ before, last })
  return Array.from(time, (at, k) => ({ at, value: values[k] ?? NaN }))
}
const recentPoints = 60

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

/** Sums and differences for `combined`, where one of the two may be missing in a run. */
export const plus = (a: number, b: number): number => (a || 0) + (b || 0)
export const less = (a: number, b: number): number => Math.max(0, a - (b || 0))
