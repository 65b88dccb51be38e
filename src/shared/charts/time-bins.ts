import type { SampleHistory } from './sample-history'
import type { TimeWindow } from '../api'

/**
 * The rows of a history gathered to as many points as a chart can show. A bin's borders are
 * multiples of its width, so a point stays where it is while the window slides over it.
 */
export interface TimeBins {
  /** Width of a bin in simulated seconds. */
  readonly width: number
  /** Simulated seconds at the end of each bin: the time of its newest row. */
  readonly time: Float64Array
  /** The row before the bin's first one; -1 for the start of the run. */
  readonly before: Int32Array
  /** The bin's newest row. */
  readonly last: Int32Array
}

const widths = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
]

const fractions = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

/** The bin width in seconds for a span: a round number, never below 1 ms. */
export function binWidth(spanSeconds: number, binsMax: number): number {
  const least = spanSeconds / binsMax
  const round = widths.find((width) => width >= least)
  if (round === undefined) return Math.ceil(least / 86_400) * 86_400
  if (round > 1) return round
  return fractions.find((width) => width >= least) ?? 1
}

/** Bins over a window; one bin on either side is included, so that lines reach the edges. */
export function binRows(history: SampleHistory, range: TimeWindow, binsMax: number): TimeBins {
  const width = binWidth(Math.max(range.to - range.from, 0.001), binsMax)
  const begin = history.firstFrom(Math.floor(range.from / width - 1) * width + width * 1e-6)
  const time: number[] = []
  const before: number[] = []
  const last: number[] = []
  let bin = NaN
  for (let row = begin; row < history.rows; row++) {
    const at = history.time(row)
    if (time.length > 0 && at > range.to && (time[time.length - 1] ?? 0) >= range.to) break
    const next = Math.ceil(at / width - 1e-9)
    if (next !== bin) {
      time.push(at)
      before.push(row - 1)
      last.push(row)
      bin = next
    } else {
      time[time.length - 1] = at
      last[last.length - 1] = row
    }
  }
  return {
    width,
    time: Float64Array.from(time),
    before: Int32Array.from(before),
    last: Int32Array.from(last),
  }
}

/** The bin nearest to an instant; -1 when there is none. */
export function binAt(bins: TimeBins, seconds: number): number {
  const times = bins.time
  if (times.length === 0) return -1
  let low = 0
  let high = times.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < seconds) low = middle + 1
    else high = middle
  }
  const left = times[low - 1]
  return left !== undefined && seconds - left < (times[low] ?? 0) - seconds ? low - 1 : low
}

/** Growth per simulated second over rows (before, last]; NaN where the counter was set back. */
export function binRate(
  history: SampleHistory,
  column: number,
  before: number,
  last: number,
): number {
  const rate = history.rateBetween(column, before, last)
  return rate >= 0 ? rate : NaN
}

/** Growth over rows (before, last]; NaN where the counter was set back. */
export function binGrowth(
  history: SampleHistory,
  column: number,
  before: number,
  last: number,
): number {
  const grown = history.last(column, last) - (before < 0 ? 0 : history.last(column, before))
  return grown >= 0 ? grown : NaN
}

/** Mean of a gauge over rows (before, last], weighted by the samples each row stands for. */
export function binMean(
  history: SampleHistory,
  column: number,
  before: number,
  last: number,
): number {
  if (last - before === 1) return history.mean(column, last)
  let sum = 0
  let weight = 0
  for (let row = before + 1; row <= last; row++) {
    const samples = history.merged(row)
    sum += history.mean(column, row) * samples
    weight += samples
  }
  return weight > 0 ? sum / weight : NaN
}

/** Least and largest over rows (before, last]: of a gauge, or of how fast a total grew. */
export function binSpread(
  history: SampleHistory,
  column: number,
  before: number,
  last: number,
): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity]
  for (let row = before + 1; row <= last; row++) {
    least = Math.min(least, history.min(column, row))
    most = Math.max(most, history.max(column, row))
  }
  return { least, most }
}
