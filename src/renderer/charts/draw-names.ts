import {
  linePx,
  namesLeftPx,
  signPx,
  valueGap,
  type NamePlace,
  type NameSize,
} from './chart-layout'
import type { ChartSpec, Instant } from '../../shared/charts/chart-spec'
import { mixed } from './colour'
import { placeLabels } from '../../shared/charts/label-layout'
import { yOf, type PlotArea } from './plot-area'
import type { ChartTheme } from './theme'

type Context = CanvasRenderingContext2D

/**
 * Numbers are written a little smaller: the digits of JetBrains Mono are as high as Inter's
 * capitals.
 */
export const wordsFont = (theme: ChartTheme): string => `11px ${theme.words}`
export const numbersFont = (theme: ChartTheme): string => `${numbersPx}px ${theme.numbers}`
const numbersPx = 10.5
const digitPx = 0.6 * numbersPx
/** Least distance of two names at the ends of lines. */
const pitch = 13
/** From the end of a line to its name. */
const leader = 12

export interface Naming {
  readonly spec: ChartSpec
  readonly plot: PlotArea
  /** The values beside the names: at the crosshair, else the newest. */
  readonly shown: Instant | undefined
  /** The points of the lines; names at their ends are tied to the newest ones. */
  readonly lines: readonly Float64Array[]
  readonly names: readonly (NamePlace | undefined)[] | undefined
}

const namesOf = ({ series, namesAt }: ChartSpec, shown: Instant | undefined): string[] =>
  series.map(({ name }, index) => (shown && namesAt?.(shown)[index]) ?? name)

/** A stack is read as it stands, from its top band down. */
export function readingOrder({ shape, series }: ChartSpec): number[] {
  const order = series.map((_, index) => index)
  return shape === 'stack' ? order.reverse() : order
}

/**
 * How wide the names are, and the values at their widest so far: what has once had room keeps it,
 * so that names do not move with every digit.
 * @param widest characters of the longest value of each series, by its id; grows
 */
export function nameSizes(
  g: Context,
  theme: ChartTheme,
  spec: ChartSpec,
  shown: Instant | undefined,
  widest: Map<string, number>,
): (NameSize | undefined)[] {
  g.font = wordsFont(theme)
  return namesOf(spec, shown).map((name, index) => {
    const id = spec.series[index]?.id ?? ''
    const digits = shown ? spec.number(shown.values[index] ?? NaN).length : 0
    const most = Math.max(3, digits, widest.get(id) ?? 0)
    widest.set(id, most)
    return name === ''
      ? undefined
      : { name: Math.ceil(g.measureText(name).width), value: most * digitPx }
  })
}

export function drawNames(g: Context, theme: ChartTheme, width: number, naming: Naming): void {
  if (naming.names) drawAbove(g, theme, naming, naming.names)
  else drawAtEnds(g, theme, width, naming)
}

/** Names with their values in lines above the plot, each with a sign in its colour. */
function drawAbove(
  g: Context,
  theme: ChartTheme,
  { spec, shown }: Naming,
  places: readonly (NamePlace | undefined)[],
): void {
  const middle = (place: NamePlace): number => place.line * linePx + linePx / 2 + 1
  const names = namesOf(spec, shown)
  g.textAlign = 'left'
  g.font = wordsFont(theme)
  const ends = places.map((place, index) => {
    const series = spec.series[index]
    if (!place || !series) return 0
    const x = namesLeftPx + place.x
    drawSign(g, theme, spec.shape, series.colour, x, middle(place))
    g.fillStyle = theme.colour('--text-dim')
    const name = shortened(g, names[index] ?? '', place.room + 1)
    g.fillText(name, x + signPx, middle(place))
    return x + signPx + g.measureText(name).width + valueGap
  })
  if (!shown) return
  g.font = numbersFont(theme)
  g.fillStyle = theme.colour('--text')
  places.forEach((place, index) => {
    if (!place) return
    g.fillText(spec.number(shown.values[index] ?? NaN), ends[index] ?? 0, middle(place) + 0.5)
  })
}

/** A square for the band of a stack, a stroke for a line. */
function drawSign(
  g: Context,
  theme: ChartTheme,
  shape: ChartSpec['shape'],
  property: string,
  x: number,
  y: number,
): void {
  const colour = theme.colour(property)
  if (shape !== 'stack') {
    g.fillStyle = colour
    g.fillRect(x, Math.round(y) - 1, 9, 2)
    return
  }
  g.fillStyle = mixed(colour, theme.colour('--panel'), 0.85)
  g.fillRect(x, Math.round(y) - 4, 8, 8)
  g.setLineDash([])
  g.lineWidth = 1
  g.strokeStyle = theme.colour(property === '--mode-idle' ? '--text-faint' : property)
  g.strokeRect(x + 0.5, Math.round(y) - 3.5, 7, 7)
}

/** Where the lines end: the newest point of each, in a stack the middle of its band. */
export function lineEnds(spec: ChartSpec, lines: readonly Float64Array[]): number[] {
  const tops = lines.map((line) => line.at(-1) ?? NaN)
  if (spec.shape !== 'stack') return tops
  return tops.map((top, index) => (top + (index > 0 ? (tops[index - 1] ?? 0) : 0)) / 2)
}

/** Names with their values at the ends of the lines, each tied to its end by a leader. */
function drawAtEnds(
  g: Context,
  theme: ChartTheme,
  width: number,
  { spec, plot, lines, shown }: Naming,
): void {
  // Bands without height end at the same place: their names keep the order of the stack.
  const nudge = spec.shape === 'stack' ? 1e-3 : 0
  const names = namesOf(spec, shown)
  // Who has no name takes no place.
  const ends = lineEnds(spec, lines).map((value, index) =>
    names[index] === '' ? NaN : yOf(plot, value) - index * nudge,
  )
  const places = placeLabels(ends, pitch, plot.top + 3, plot.bottom - 3)
  const room = width - plot.right - leader
  // One font after the other: a canvas resolves a font each time it is set.
  g.font = numbersFont(theme)
  g.textAlign = 'right'
  g.fillStyle = theme.colour('--text')
  const values = spec.series.map((_, index) => {
    const y = places[index]
    const value = shown && y !== undefined ? spec.number(shown.values[index] ?? NaN) : ''
    if (value !== '' && y !== undefined) g.fillText(value, width - 2, y + 0.5)
    return g.measureText(value).width
  })

  g.font = wordsFont(theme)
  g.textAlign = 'left'
  g.fillStyle = theme.colour('--text-dim')
  g.lineWidth = 1.5
  spec.series.forEach((series, index) => {
    const y = places[index]
    const end = ends[index]
    if (y === undefined || end === undefined) return
    g.strokeStyle = theme.colour(series.colour === '--mode-idle' ? '--line-strong' : series.colour)
    g.beginPath()
    g.moveTo(plot.right + 2, end)
    g.lineTo(plot.right + 5, end)
    g.lineTo(plot.right + leader - 4, y)
    g.lineTo(plot.right + leader - 2, y)
    g.stroke()
    const name = shortened(g, names[index] ?? '', room - (values[index] ?? 0) - 7)
    g.fillText(name, plot.right + leader, y + 0.5)
  })
}

/** As much of a name as has room; nothing where not even its beginning has. */
function shortened(g: Context, text: string, room: number): string {
  if (g.measureText(text).width <= room) return text
  for (let length = text.length - 1; length > 1; length--) {
    const shorter = `${text.slice(0, length)}…`
    if (g.measureText(shorter).width <= room) return shorter
  }
  return ''
}
