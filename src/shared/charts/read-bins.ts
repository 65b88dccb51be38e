import type { SampleHistory } from './sample-history'
import type { TimeWindow } from '../api'
import type { ChartReading, Instant } from './chart-spec'
import { binAt, type TimeBins } from './time-bins'

/** Spans of rows in a history: each from `before` (exclusive) to `last` (inclusive). */
export interface RowSpans {
  readonly before: Int32Array
  readonly last: Int32Array
}

/** Least and largest over each span of rows, in turn. */
export type SpreadOf = (spans: RowSpans) => Float64Array

/** The values of all series of a chart over some spans of rows, in the order of the series. */
export type ReadSeries = (spans: RowSpans) => readonly Float64Array[]

/** A point that stands for at least so many seconds is drawn with what it was between. */
const bandSeconds = 5

function bandOf(bins: TimeBins, spread: SpreadOf | undefined): Float64Array | undefined {
  const values = spread?.(bins)
  if (!values) return undefined
  const band = new Float64Array(3 * bins.time.length)
  bins.time.forEach((at, k) =>
    band.set([at, values[2 * k] ?? NaN, values[2 * k + 1] ?? NaN], 3 * k),
  )
  return band
}

function highest(band: Float64Array, { from, to }: TimeWindow): number {
  let most = 0
  for (let k = 0; k < band.length; k += 3) {
    const at = band[k] ?? 0
    if (at >= from && at <= to) most = Math.max(most, band[k + 2] || 0)
  }
  return most
}

/** Reads series from a history, bin by bin. Stacked series are summed from the first one up. */
export function readBins(
  history: SampleHistory,
  bins: TimeBins,
  range: TimeWindow,
  read: ReadSeries,
  stacked: boolean,
  spreads: readonly (SpreadOf | undefined)[] = [],
): ChartReading {
  const points = bins.time.length
  let peak = 0
  const bands = bins.width < bandSeconds ? [] : spreads.map((spread) => bandOf(bins, spread))
  for (const band of bands) peak = Math.max(peak, band ? highest(band, range) : 0)
  const base = new Float64Array(points)
  const lines = read(bins).map((values) => {
    const line = new Float64Array(points * 2)
    for (let k = 0; k < points; k++) {
      const own = values[k] ?? NaN
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
    values: read({ before: Int32Array.of(before), last: Int32Array.of(last) }).map(
      (values) => values[0] ?? NaN,
    ),
  })
  const newest = Math.min(history.firstFrom(range.to), history.rows - 1)
  return {
    lines,
    ...(bands.length > 0 && { bands }),
    peak,
    newest: newest >= 0 ? instant(newest - 1, newest) : undefined,
    at: (seconds) => {
      const bin = binAt(bins, seconds)
      return bin < 0 ? undefined : instant(bins.before[bin] ?? 0, bins.last[bin] ?? 0)
    },
    step: bins.width,
  }
}
