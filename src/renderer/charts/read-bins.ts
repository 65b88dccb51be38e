import type { SampleHistory } from '../stores/sample-history'
import type { TimeRange } from '../stores/live'
import type { ChartReading, Instant } from './chart-spec'
import { binAt, type TimeBins } from './time-bins'

/** The value of a series over the rows (before, last] of the history. */
export type RowValue = (before: number, last: number) => number

/** Reads series from a history, bin by bin. Stacked series are summed from the first one up. */
export function readBins(
  history: SampleHistory,
  bins: TimeBins,
  range: TimeRange,
  series: readonly RowValue[],
  stacked: boolean,
): ChartReading {
  const points = bins.time.length
  let peak = 0
  const base = new Float64Array(points)
  const lines = series.map((value) => {
    const line = new Float64Array(points * 2)
    for (let k = 0; k < points; k++) {
      const own = value(bins.before[k] ?? 0, bins.last[k] ?? 0)
      const top = stacked ? (base[k] ?? 0) + (Number.isNaN(own) ? 0 : own) : own
      if (stacked) base[k] = top
      const at = bins.time[k] ?? 0
      line[k * 2] = at
      line[k * 2 + 1] = top
      if (top > peak && at >= range.from && at <= range.to) peak = top
    }
    return line
  })

  const instant = (before: number, last: number): Instant => ({
    at: history.time(last),
    values: series.map((value) => value(before, last)),
  })
  const newest = Math.min(history.firstFrom(range.to), history.rows - 1)
  return {
    lines,
    peak,
    newest: newest >= 0 ? instant(newest - 1, newest) : undefined,
    at: (seconds) => {
      const bin = binAt(bins, seconds)
      return bin < 0 ? undefined : instant(bins.before[bin] ?? 0, bins.last[bin] ?? 0)
    },
    step: bins.width,
  }
}
