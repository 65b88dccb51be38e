import { axisInstant, span } from '../format/clock'
import type { TimeWindow } from '../api'

export interface TimeTick {
  /** Simulated seconds. */
  readonly at: number
  readonly label: string
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
]

/** The smallest round step that gives at most `ticksMax` ticks in a span. */
export function timeStep(spanSeconds: number, ticksMax: number): number {
  const least = spanSeconds / Math.max(1, ticksMax)
  const round = steps.find((step) => step >= least)
  if (round !== undefined) return round < 1.5 && least < 0.5 ? fraction(least) : round
  return Math.ceil(least / 86_400) * 86_400
}

/**
 * Advance of a digit of an axis, JetBrains Mono at 10.5 px, and the least room between two labels.
 */
const digitPx = 6.3
const gapPx = 8

const fraction = (least: number): number =>
  [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((step) => step >= least) ?? 1

/**
 * Labels of a time axis: at both ends, and in between at round instants where there is room. A
 * window that follows the run counts back from now; a window that was brushed shows the simulated
 * clock.
 * @param widthPx length of the axis, for how many labels have room
 */
export function timeTicks(range: TimeWindow, widthPx: number, following: boolean): TimeTick[] {
  const { from, to } = range
  const length = to - from
  if (!(length > 0)) return []
  const step = timeStep(length, Math.max(1, Math.floor(widthPx / 90)))
  // Labels at the ends are aligned with them, so they reach further in than half of one.
  const clear = (88 / Math.max(widthPx, 1)) * length
  const between: TimeTick[] = []
  if (following) {
    for (let back = step; back < length - clear * 0.8; back += step) {
      if (back > clear * 0.6) between.unshift({ at: to - back, label: `−${span(back)}` })
    }
    return apart([{ at: from, label: `−${span(length)}` }, ...between, { at: to, label: 'now' }])
  }
  const label = (at: number): string => axisInstant(at, length < 3 * 3600 ? 1 : step)
  for (let at = Math.ceil((from + clear) / step) * step; at < to - clear; at += step) {
    between.push({ at, label: label(at) })
  }
  return apart([{ at: from, label: label(from) }, ...between, { at: to, label: label(to) }])

  /**
   * Without those that would touch: the newest instant is kept first, then the oldest, then what is
   * between.
   */
  function apart(ticks: TimeTick[]): TimeTick[] {
    const spanOf = ({ at, label: text }: TimeTick): [number, number] => {
      const wide = text.length * digitPx
      const x = ((at - from) / length) * widthPx
      const left = at === from ? x : at === to ? x - wide : x - wide / 2
      return [left, left + wide]
    }
    const kept: TimeTick[] = []
    const byRank = [ticks.at(-1), ticks[0], ...ticks.slice(1, -1)]
    for (const tick of byRank) {
      if (!tick || kept.includes(tick)) continue
      const [left, right] = spanOf(tick)
      const free = kept.map(spanOf).every(([l, r]) => right + gapPx <= l || left >= r + gapPx)
      if (free) kept.push(tick)
    }
    return kept.sort((a, b) => a.at - b.at)
  }
}
