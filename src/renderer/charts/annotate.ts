import type { Mark } from '../../shared/frame'
import type { ChartNote, ChartSpec, Instant } from './chart-spec'
import { placeLabels } from './label-layout'
import { drawMarkShape, markStyle } from './mark-style'
import { xOf, yOf, type PlotArea } from './plot-area'
import type { ChartTheme } from './theme'

const textSize = 11
const pitch = 13

/** What is drawn over the lines: all that moves with the pointer, so that moving it leaves ECharts alone. */
export interface Annotations {
  readonly spec: ChartSpec
  readonly plot: PlotArea
  /** The values that the names at the line ends show: at the crosshair, else the newest. */
  readonly shown: Instant | undefined
  readonly newest: Instant | undefined
  readonly crosshair: number | undefined
  /** Seconds that are being selected by dragging. */
  readonly selecting: { readonly from: number; readonly to: number } | undefined
  readonly marks: readonly Mark[]
  readonly notes: readonly ChartNote[]
}

type Context = CanvasRenderingContext2D

const words = (theme: ChartTheme, size = textSize): string => `${size}px ${theme.words}`
const numbers = (theme: ChartTheme, size = textSize): string => `${size}px ${theme.numbers}`

/** Pixels to the right of the plot that the names and values need. */
export function gutterWidth(
  g: Context,
  theme: ChartTheme,
  spec: ChartSpec,
  instants: readonly (Instant | undefined)[],
): number {
  g.font = words(theme)
  const name = Math.max(0, ...spec.series.map((series) => g.measureText(series.name).width))
  g.font = numbers(theme)
  const value = Math.max(
    0,
    ...instants.flatMap((instant) =>
      (instant?.values ?? []).map((v) => g.measureText(spec.number(v)).width),
    ),
  )
  return Math.ceil(leader + name + gap + value)
}
const leader = 14
const gap = 7

export function annotate(
  g: Context,
  theme: ChartTheme,
  width: number,
  height: number,
  a: Annotations,
): void {
  g.clearRect(0, 0, width, height)
  g.textBaseline = 'middle'
  drawNotes(g, theme, a)
  drawSelection(g, theme, a)
  const near = drawMarks(g, theme, a)
  drawCrosshair(g, theme, a)
  drawNames(g, theme, width, a)
  if (near) drawMarkWords(g, theme, a.plot, near)
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
    vertical(g, x, plot)
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
  g.font = words(theme)
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

/** The heights of the series at an instant: a stack's are summed, each with the middle of its band. */
export function heights(
  spec: ChartSpec,
  values: readonly number[],
): { readonly top: number; readonly middle: number }[] {
  let sum = 0
  return values.map((value) => {
    if (spec.shape !== 'stack') return { top: value, middle: value }
    const own = Number.isNaN(value) ? 0 : value
    sum += own
    return { top: sum, middle: sum - own / 2 }
  })
}

function drawCrosshair(g: Context, theme: ChartTheme, a: Annotations): void {
  const { crosshair, plot, spec, shown } = a
  if (crosshair === undefined || crosshair < plot.range.from || crosshair > plot.range.to) return
  g.strokeStyle = theme.colour('--text-dim')
  g.lineWidth = 1
  g.setLineDash([])
  vertical(g, xOf(plot, crosshair), plot)
  if (!shown || shown.at < plot.range.from || shown.at > plot.range.to) return
  const x = xOf(plot, shown.at)
  heights(spec, shown.values).forEach(({ top }, index) => {
    if (Number.isNaN(top) || !(spec.shape !== 'stack' || (shown.values[index] ?? 0) > 0)) return
    g.beginPath()
    g.arc(x, yOf(plot, top), 2.5, 0, Math.PI * 2)
    g.fillStyle = theme.colour(spec.series[index]?.colour ?? '--text')
    g.fill()
    g.strokeStyle = theme.colour('--panel')
    g.stroke()
  })
}

/** Names with their values at the ends of the lines, each tied to its end by a leader. */
function drawNames(g: Context, theme: ChartTheme, width: number, a: Annotations): void {
  const { spec, plot, newest, shown } = a
  if (!newest) return
  const ends = heights(spec, newest.values).map(({ middle }) => yOf(plot, middle))
  const places = placeLabels(ends, pitch, plot.top + 3, plot.bottom - 3)
  const room = width - plot.right - leader
  spec.series.forEach((series, index) => {
    const y = places[index]
    const end = ends[index]
    if (y === undefined || end === undefined) return
    const colour = theme.colour(series.colour === '--mode-idle' ? '--line-strong' : series.colour)
    g.strokeStyle = colour
    g.lineWidth = 1.5
    g.beginPath()
    g.moveTo(plot.right + 2, end)
    g.lineTo(plot.right + 5, end)
    g.lineTo(plot.right + leader - 5, y)
    g.lineTo(plot.right + leader - 2, y)
    g.stroke()

    const value = shown ? spec.number(shown.values[index] ?? NaN) : ''
    g.font = numbers(theme)
    const valueWidth = g.measureText(value).width
    g.textAlign = 'right'
    g.fillStyle = theme.colour('--text')
    g.fillText(value, width - 2, y + 0.5)

    g.font = words(theme)
    g.textAlign = 'left'
    g.fillStyle = theme.colour('--text-dim')
    g.fillText(shortened(g, series.name, room - valueWidth - 6), plot.right + leader, y + 0.5)
  })
}

function shortened(g: Context, text: string, room: number): string {
  if (g.measureText(text).width <= room) return text
  for (let length = text.length - 1; length > 1; length--) {
    const shorter = `${text.slice(0, length)}…`
    if (g.measureText(shorter).width <= room) return shorter
  }
  return ''
}

/** Words over stretches of the plot, where they have room. */
function drawNotes(g: Context, theme: ChartTheme, { notes, plot }: Annotations): void {
  if (notes.length === 0) return
  g.font = numbers(theme, 10)
  g.textAlign = 'center'
  g.fillStyle = theme.colour('--text-dim')
  for (const note of notes) {
    const left = Math.max(plot.left, xOf(plot, note.from))
    const right = Math.min(plot.right, xOf(plot, note.to))
    const room = right - left
    if (g.measureText(note.text).width + 6 > room) continue
    const y = yOf(plot, note.value)
    g.fillText(note.text, (left + right) / 2, y - 8 > plot.top + 6 ? y - 8 : y + 10)
  }
}
