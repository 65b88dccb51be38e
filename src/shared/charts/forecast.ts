/**
 * Where a line is heading: the median of the slopes between its points (Theil and Sen), which a few
 * outliers do not move. Said only where the line is steady: slopes agree, in both halves of it.
 */
export interface LinePoint {
  readonly at: number
  readonly value: number
}

export interface Forecast {
  /** Simulated seconds until it is there. */
  readonly seconds: number
  /** Per simulated second; between which half of all slopes lie. */
  readonly slope: number
  readonly between: readonly [number, number]
  /** What it is computed from. */
  readonly from: number
  readonly to: number
  readonly points: number
}

/** Simulated seconds that it is computed from, at most and at least. */
export const forecastWindow = { most: 300, least: 120 }
const leastPoints = 12
/** Pairs closer than this share of the window say more of noise than of where it goes. */
const apart = 0.25
/** How far the middle half of the slopes may spread, as a share of their median. */
const spreadMax = 0.6
/** How much slower or faster a half may be than the whole. */
const halfFactor = 2.5
/** Nobody looks further ahead than this many windows. */
const windowsAhead = 24

/** Undefined where the line is not steady, or does not go there. */
export function forecast(points: readonly LinePoint[], target: number): Forecast | undefined {
  const known = points.filter(({ value }) => Number.isFinite(value))
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last || known.length < leastPoints) return undefined
  const span = last.at - first.at
  if (span < forecastWindow.least) return undefined
  const slopes = slopesOf(known, span * apart)
  const slope = quantile(slopes, 0.5)
  const between = [quantile(slopes, 0.25), quantile(slopes, 0.75)] as const
  if (slope === 0 || between[1] - between[0] > spreadMax * Math.abs(slope)) return undefined
  const middle = first.at + span / 2
  for (const half of [
    known.filter(({ at }) => at <= middle),
    known.filter(({ at }) => at > middle),
  ]) {
    const ratio = quantile(slopesOf(half, (span * apart) / 2), 0.5) / slope
    if (!(ratio > 1 / halfFactor && ratio < halfFactor)) return undefined
  }
  // Where the line stands, without the noise of its last point.
  const level = quantile(
    known.map(({ at, value }) => value + slope * (last.at - at)).sort((a, b) => a - b),
    0.5,
  )
  const seconds = (target - level) / slope
  if (!(seconds > 0 && seconds <= windowsAhead * span)) return undefined
  return { seconds, slope, between, from: first.at, to: last.at, points: known.length }
}

/** Sorted. */
function slopesOf(points: readonly LinePoint[], least: number): number[] {
  const slopes: number[] = []
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      if (b.at - a.at >= least) slopes.push((b.value - a.value) / (b.at - a.at))
    }
  })
  return slopes.sort((a, b) => a - b)
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
