import type { Mark } from '../../../shared/frame'
import type { CounterSpec } from '../../../sim/observe/counters'
import { niceCeiling } from '../../../shared/charts/axis-scale'
import { drawMarkShape, markStyle } from '../../charts/mark-style'
import { canvasZoom, type ChartTheme } from '../../charts/theme'
import { binMean, binRate, binRows } from '../../../shared/charts/time-bins'
import { timeStep } from '../../../shared/charts/time-ticks'
import { axisInstant } from '../../format/clock'
import type { SampleHistory } from '../../../shared/charts/sample-history'

/** Places in the strip, in pixels from its top. */
export interface StripLayout {
  readonly width: number
  /** Where the area begins (its highest value) and where its base line lies. */
  readonly top: number
  readonly base: number
  readonly height: number
}

/** One counter over the whole run, as points of an area. */
export interface StripLine {
  readonly seconds: Float64Array
  readonly values: Float64Array
  /** Upper end of the scale, a round number. */
  readonly ceiling: number
}

/** Reads a counter over a span: gauges as means, totals as rates. */
export function readStrip(
  history: SampleHistory,
  column: number,
  { kind, unit }: CounterSpec,
  end: number,
  pointsMax: number,
): StripLine {
  const bins = binRows(history, { from: 0, to: end }, pointsMax)
  const read = kind === 'gauge' ? binMean : binRate
  let peak = 0
  const values = bins.time.map((_, i) => {
    const value = read(history, column, bins.before[i] ?? -1, bins.last[i] ?? -1)
    if (value > peak) peak = value
    return value
  })
  // Sizes are written in MB, so that is what the end of their scale is round in.
  const step = unit === 'kB' ? 1024 : 1
  return { seconds: bins.time, values, ceiling: niceCeiling(peak / step) * step }
}

export function paintStrip(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  end: number,
  line: StripLine | undefined,
  marks: readonly Mark[],
  toCome: readonly Pick<Mark, 'at' | 'text'>[],
  theme: ChartTheme,
): void {
  const { width, top, base, height } = layout
  const x = (seconds: number): number => (seconds / end) * width
  context.clearRect(0, 0, width, height)

  if (line && line.seconds.length > 0) {
    const y = (value: number): number => base - (value / line.ceiling) * (base - top)
    context.beginPath()
    context.moveTo(0, base)
    line.seconds.forEach((seconds, i) => {
      const value = line.values[i] ?? NaN
      context.lineTo(x(seconds), Number.isNaN(value) ? base : y(value))
    })
    context.lineTo(x(line.seconds.at(-1) ?? 0), base)
    context.closePath()
    context.fillStyle = theme.colour('--s1')
    context.globalAlpha = 0.24
    context.fill()
    context.globalAlpha = 0.9
    context.strokeStyle = theme.colour('--s1')
    context.lineWidth = 1
    context.stroke()
    context.globalAlpha = 1
  }

  context.fillStyle = theme.colour('--line')
  context.fillRect(0, base, width, 1)
  paintTicks(context, layout, end, theme)

  const ground = theme.colour('--panel')
  const paintMark = (mark: Pick<Mark, 'at' | 'text'>): void => {
    const style = markStyle(mark)
    const colour = theme.colour(style.colour)
    const left = Math.round(x(mark.at)) + 0.5
    context.strokeStyle = colour
    context.lineWidth = 1
    context.setLineDash([...style.dash])
    context.beginPath()
    context.moveTo(left, 5)
    context.lineTo(left, base)
    context.stroke()
    context.setLineDash([])
    drawMarkShape(context, style, colour, ground, left, 6)
  }
  marks.forEach(paintMark)
  context.globalAlpha = 0.5
  toCome.forEach(paintMark)
  context.globalAlpha = 1
}

function paintTicks(
  context: CanvasRenderingContext2D,
  { width, base, height }: StripLayout,
  end: number,
  theme: ChartTheme,
): void {
  const step = timeStep(end, Math.max(1, Math.floor(width / 110)))
  context.font = `${10.5 * canvasZoom(theme)}px ${theme.numbers}`
  context.textBaseline = 'alphabetic'
  for (let at = 0; at <= end; at += step) {
    const left = (at / end) * width
    const text = axisInstant(at, step)
    const half = context.measureText(text).width / 2
    context.fillStyle = theme.colour('--line-strong')
    context.fillRect(Math.round(left), base, 1, 4)
    context.fillStyle = theme.colour('--text-dim')
    context.fillText(text, Math.min(Math.max(left - half, 0), width - 2 * half), height - 3)
  }
}
