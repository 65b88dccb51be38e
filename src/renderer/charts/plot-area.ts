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
