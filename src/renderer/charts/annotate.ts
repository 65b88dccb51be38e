import type { Mark } from '../../shared/frame'
import { instantText } from '../format/clock'
import { axisNumber } from '../format/number'
import type { ChartNote, ChartSpec } from '../../shared/charts/chart-spec'
import { valueTicks } from '../../shared/charts/axis-scale'
import { drawNames, numbersFont, wordsFont, type Naming } from './draw-names'
import { drawMarkShape, markStyle } from './mark-style'
import { xOf, yOf, type PlotArea } from './plot-area'
import type { ChartTheme } from './theme'
import type { ThresholdLine } from './thresholds'
import type { TimeTick } from '../../shared/charts/time-ticks'

/**
 * What is drawn over the lines: all that moves with the pointer, so that moving it leaves ECharts
 * alone.
 */
export interface Annotations extends Naming {
  readonly ticks: readonly TimeTick[]
  readonly crosshair: number | undefined
  /** Seconds that are being selected by dragging. */
  readonly selecting: { readonly from: number; readonly to: number } | undefined
  readonly marks: readonly Mark[]
  /** The pointer or the focus is here: only this chart names the mark under the crosshair. */
  readonly active: boolean
  readonly notes: readonly ChartNote[]
  readonly thresholds: readonly ThresholdLine[]
}

type Context = CanvasRenderingContext2D

export function annotate(g: Context, theme: ChartTheme, width: number, a: Annotations): void {
  g.textBaseline = 'middle'
  drawAxes(g, theme, a)
  drawSelection(g, theme, a)
  const near = drawMarks(g, theme, a)
  drawNotes(g, theme, a)
  drawThresholds(g, theme, a)
  drawCrosshair(g, theme, a)
  drawNames(g, theme, width, a)
  if (near && a.active) drawMarkWords(g, theme, a.plot, near)
}

function drawAxes(g: Context, theme: ChartTheme, { plot, ticks, crosshair }: Annotations): void {
  g.font = numbersFont(theme)
  g.fillStyle = theme.colour('--text-dim')
  g.textAlign = 'right'
  for (const value of valueTicks(plot.end, plot.bottom - plot.top)) {
    g.fillText(axisNumber(value), plot.left - 6, yOf(plot, value) + 0.5)
  }
  const y = plot.bottom + 11
  const clock = crosshair === undefined ? NaN : xOf(plot, crosshair)
  ticks.forEach((tick) => {
    const x = xOf(plot, tick.at)
    // The clock of the crosshair takes the place of the labels that it would cut.
    if (Math.abs(x - clock) < clockPx) return
    g.textAlign = x < plot.left + 8 ? 'left' : x > plot.right - 8 ? 'right' : 'center'
    g.fillText(tick.label, x, y)
  })
}

function drawSelection(g: Context, theme: ChartTheme, { selecting, plot }: Annotations): void {
  if (!selecting) return
  const [from, to] = [xOf(plot, selecting.from), xOf(plot, selecting.to)]
  g.fillStyle = theme.colour('--selection')
  g.fillRect(Math.min(from, to), plot.top, Math.abs(to - from), plot.bottom - plot.top)
  g.strokeStyle = theme.colour('--accent')
  g.lineWidth = 1
  g.setLineDash([])
  vertical(g, from, plot)
  vertical(g, to, plot)
}

/** A line at whole pixels, so that it is one pixel wide and sharp. */
function vertical(g: Context, x: number, plot: PlotArea): void {
  const sharp = Math.round(x) + 0.5
  g.beginPath()
  g.moveTo(sharp, plot.top)
  g.lineTo(sharp, plot.bottom)
  g.stroke()
}

/** Draws the marks in the window; returns the one that the crosshair stands on. */
function drawMarks(
  g: Context,
  theme: ChartTheme,
  { marks, plot, crosshair }: Annotations,
): Mark | undefined {
  const ground = theme.colour('--panel')
  let near: Mark | undefined
  let distance = 6
  for (const mark of marks) {
    if (mark.at < plot.range.from || mark.at > plot.range.to) continue
    const style = markStyle(mark)
    const colour = theme.colour(style.colour)
    const x = xOf(plot, mark.at)
    g.strokeStyle = colour
    g.lineWidth = style.shape === 'diamond' ? 2 : 1.25
    g.setLineDash([...style.dash])
    g.globalAlpha = 0.8
    vertical(g, x, plot)
    g.globalAlpha = 1
    drawMarkShape(g, style, colour, ground, Math.round(x) + 0.5, plot.top - 4)
    if (crosshair === undefined) continue
    const away = Math.abs(x - xOf(plot, crosshair))
    if (away < distance) [near, distance] = [mark, away]
  }
  g.setLineDash([])
  return near
}

function drawMarkWords(g: Context, theme: ChartTheme, plot: PlotArea, mark: Mark): void {
  const style = markStyle(mark)
  const x = xOf(plot, mark.at)
  g.font = wordsFont(theme)
  const length = g.measureText(style.words).width
  const left = Math.max(2, Math.min(x + 7, plot.right - length - 4))
  g.fillStyle = theme.colour('--raised')
  g.fillRect(left - 4, plot.top + 2, length + 8, 16)
  g.strokeStyle = theme.colour('--line-strong')
  g.lineWidth = 1
  g.strokeRect(left - 3.5, plot.top + 2.5, length + 7, 15)
  g.fillStyle = theme.colour(style.colour)
  g.textAlign = 'left'
  g.fillText(style.words, left, plot.top + 10.5)
}

/** The heights of the lines at an instant: a stack's values are summed from the first one up. */
export function heights(spec: ChartSpec, values: readonly number[]): number[] {
  if (spec.shape !== 'stack') return [...values]
  let sum = 0
  return values.map((value) => (sum += Number.isNaN(value) ? 0 : value))
}

function drawCrosshair(g: Context, theme: ChartTheme, a: Annotations): void {
  const { crosshair, plot, spec, shown } = a
  if (crosshair === undefined || crosshair < plot.range.from || crosshair > plot.range.to) return
  g.strokeStyle = theme.colour('--text-dim')
  g.lineWidth = 1
  g.setLineDash([])
  vertical(g, xOf(plot, crosshair), plot)
  drawClock(g, theme, plot, crosshair)
  if (!shown || shown.at < plot.range.from || shown.at > plot.range.to) return
  const x = xOf(plot, shown.at)
  heights(spec, shown.values).forEach((top, index) => {
    if (Number.isNaN(top) || !(spec.shape !== 'stack' || (shown.values[index] ?? 0) > 0)) return
    g.beginPath()
    g.arc(x, yOf(plot, top), 2.5, 0, Math.PI * 2)
    g.fillStyle = theme.colour(spec.series[index]?.colour ?? '--text')
    g.fill()
    g.strokeStyle = theme.colour('--panel')
    g.stroke()
  })
}

/** A dashed line at its height; one beyond the axis at its edge, with an arrow. */
function drawThresholds(g: Context, theme: ChartTheme, { thresholds, plot }: Annotations): void {
  for (const { height, words, state } of thresholds) {
    const isBeyond = height > plot.end || height < 0
    const y = Math.round(yOf(plot, Math.min(plot.end, Math.max(0, height)))) + 0.5
    const colour = theme.colour(state === 'ringing' ? '--fault' : '--warn')
    g.strokeStyle = colour
    g.lineWidth = state === 'drawn' ? 2 : 1.25
    g.setLineDash(state === 'drawn' ? [] : [6, 4])
    g.beginPath()
    g.moveTo(plot.left, y)
    g.lineTo(plot.right, y)
    g.stroke()
    g.setLineDash([])
    const text = isBeyond ? `${height > plot.end ? '↑' : '↓'} ${words}` : words
    g.font = wordsFont(theme)
    const wide = g.measureText(text).width
    const below = y - plot.top < 18
    g.fillStyle = theme.colour('--raised')
    g.fillRect(plot.left + 2, below ? y + 2 : y - 17, wide + 8, 15)
    g.fillStyle = theme.colour('--text')
    g.textAlign = 'left'
    g.fillText(text, plot.left + 6, below ? y + 10 : y - 9)
  }
}

const clockPx = 62

/** The instant at the foot of the crosshair, over the labels of the axis. */
function drawClock(g: Context, theme: ChartTheme, plot: PlotArea, seconds: number): void {
  const text = instantText(seconds)
  g.font = numbersFont(theme)
  const half = g.measureText(text).width / 2 + 4
  const x = Math.max(plot.left + half - 4, Math.min(xOf(plot, seconds), plot.right - half + 4))
  g.fillStyle = theme.colour('--raised')
  g.fillRect(x - half, plot.bottom + 3, half * 2, 15)
  g.fillStyle = theme.colour('--text')
  g.textAlign = 'center'
  g.fillText(text, x, plot.bottom + 11)
}

/** Words over stretches of the plot, where they have room. */
function drawNotes(g: Context, theme: ChartTheme, { notes, plot }: Annotations): void {
  if (notes.length === 0) return
  g.font = numbersFont(theme)
  g.textAlign = 'left'
  g.fillStyle = theme.colour('--text-dim')
  g.strokeStyle = theme.colour('--panel')
  g.lineWidth = 3
  for (const note of notes) {
    const left = Math.max(plot.left, xOf(plot, note.from))
    const right = Math.min(plot.right, xOf(plot, note.to))
    const wide = g.measureText(note.text).width
    if (!note.atEnd && wide + 6 > right - left) continue
    const x = note.atEnd ? Math.max(plot.left + 2, right - wide - 2) : (left + right - wide) / 2
    const above = yOf(plot, note.value) - 8
    const y = above > plot.top + 6 ? above : above + 18
    g.strokeText(note.text, x, y)
    g.fillText(note.text, x, y)
  }
}
