import type { TimeRange } from '../stores/live'

/** Where the lines of a chart are drawn, in CSS pixels of its canvas, and what its edges mean. */
export interface PlotArea {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly range: TimeRange
  /** Value at the top; the bottom is 0. */
  readonly end: number
}

export const xOf = (plot: PlotArea, seconds: number): number =>
  plot.left +
  ((seconds - plot.range.from) / (plot.range.to - plot.range.from)) * (plot.right - plot.left)

export const yOf = (plot: PlotArea, value: number): number =>
  plot.bottom - (value / plot.end) * (plot.bottom - plot.top)

/** The instant at a horizontal position, kept inside the window. */
export function secondsAt(plot: PlotArea, x: number): number {
  const share = (x - plot.left) / (plot.right - plot.left)
  const { from, to } = plot.range
  return from + Math.min(1, Math.max(0, share)) * (to - from)
}

/**
 * Whether two plots lie at the same place and end at the same value: they differ at most in their
 * windows.
 */
export const hasOnlySlid = (drawn: PlotArea, next: PlotArea): boolean =>
  drawn.left === next.left &&
  drawn.right === next.right &&
  drawn.top === next.top &&
  drawn.bottom === next.bottom &&
  drawn.end === next.end

/**
 * Whether two plots differ by less than a pixel: lines that slide by so little need not be drawn
 * anew.
 */
export function looksTheSame(drawn: PlotArea, next: PlotArea): boolean {
  const secondsPerPx = (next.range.to - next.range.from) / (next.right - next.left)
  return (
    hasOnlySlid({ ...drawn, end: next.end }, next) &&
    Math.abs(drawn.range.from - next.range.from) < secondsPerPx &&
    Math.abs(drawn.range.to - next.range.to) < secondsPerPx &&
    Math.abs(drawn.end - next.end) * (next.bottom - next.top) < next.end
  )
}
