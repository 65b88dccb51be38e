/**
 * A chart as SVG, drawn from the run's own numbers: for reports and pictures, where no canvas is.
 */
import type { Mark } from '../frame'
import type { TimeWindow } from '../api'
import { axisNumber } from '../format/number'
import { niceCeiling, valueTicks } from './axis-scale'
import type { ChartReading, ChartSpec } from './chart-spec'
import { placeLabels } from './label-layout'
import { markStyle } from './mark-style'
import { timeTicks } from './time-ticks'

export interface SvgLook {
  readonly width: number
  readonly height: number
  /** The colour of a custom property: its value, or a reference to it. */
  readonly colour: (property: string) => string
  readonly font: string
}

interface Plot extends TimeWindow {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly end: number
}

/** Points that are asked for: more than pixels would show nothing further. */
const pointsMax = 600
const headPx = 30
const axisPx = 22
const valuesPx = 44
const letterPx = 6.4
/** Room for names at least, so that the time axes of most charts stand below each other. */
const namesPx = 160
const pitchPx = 13

/** The whole element. It says in words what it shows, for those who do not see it. */
export function svgChart(
  spec: ChartSpec,
  range: TimeWindow,
  marks: readonly Mark[],
  look: SvgLook,
): string {
  const reading = spec.read(range, pointsMax)
  const { newest } = reading
  const names = spec.series.map(({ name }, at) => {
    const named = (newest && spec.namesAt?.(newest)[at]) ?? name
    const value = newest?.values[at] ?? NaN
    return Number.isNaN(value) ? named : `${named} ${spec.number(value)}`
  })
  const longest = Math.max(0, ...names.map((name) => name.length))
  const nameWidth = Math.max(namesPx, longest * letterPx + 20)
  const plot: Plot = {
    ...range,
    left: valuesPx,
    right: look.width - Math.min(nameWidth, look.width / 3),
    top: headPx + 6,
    bottom: look.height - axisPx,
    end: endOf(spec, reading),
  }
  const headline = newest ? spec.headline(newest) : (spec.waiting ?? 'no samples in this window')
  const colour = (property: string): string => look.colour(property)
  const words = `${spec.title}, ${spec.unit}. ${spec.help}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${look.width} ${look.height}" width="${look.width}" height="${look.height}" role="img" font-family="${escapeXml(look.font)}" font-size="11">`,
    `<title>${escapeXml(words)}</title>`,
    `<rect width="100%" height="100%" fill="${colour('--panel')}"/>`,
    text(
      8,
      18,
      spec.title,
      `font-size="13" font-weight="600" fill="${colour('--text')}"`,
      spec.unit,
    ),
    text(look.width - 8, 18, headline, `text-anchor="end" fill="${colour('--text-dim')}"`),
    axes(plot, look),
    `<g fill="none" stroke-width="1.5" stroke-linejoin="round">${drawn(spec, reading, plot, look)}</g>`,
    marksAt(marks, plot, look),
    namesAt(spec, reading, names, plot, look),
    '</svg>\n',
  ].join('')
}

function endOf({ end, least = 0 }: ChartSpec, { peak }: ChartReading): number {
  if (typeof end === 'number') return end
  if (end === 'peak') return peak > 0 ? peak : 1
  return Math.max(niceCeiling(peak), least, Number.MIN_VALUE)
}

function axes(plot: Plot, { colour }: SvgLook): string {
  const dim = `fill="${colour('--text-dim')}"`
  const values = valueTicks(plot.end, plot.bottom - plot.top).map((value) => {
    const y = round(yOf(plot, value))
    const line = `<path d="M${plot.left} ${y}H${round(plot.right)}" stroke="${colour('--line')}"/>`
    return line + text(plot.left - 6, y + 4, axisNumber(value), `text-anchor="end" ${dim}`)
  })
  const times = timeTicks(plot, plot.right - plot.left, false).map(({ at, label }) => {
    const anchor = at === plot.from ? 'start' : at === plot.to ? 'end' : 'middle'
    return text(round(xOf(plot, at)), plot.bottom + 15, label, `text-anchor="${anchor}" ${dim}`)
  })
  return [...values, ...times].join('')
}

function drawn(spec: ChartSpec, reading: ChartReading, plot: Plot, { colour }: SvgLook): string {
  const paths = reading.lines.map((line, at) => {
    const paint = colour(spec.series[at]?.colour ?? '--text')
    if (spec.shape !== 'stack') return `<path d="${linePath(line, plot)}" stroke="${paint}"/>`
    const below = reading.lines[at - 1]
    return `<path d="${bandPath(line, below, plot)}" fill="${paint}" stroke="none"/>`
  })
  return paths.join('')
}

/** Breaks where a value is not known. */
function linePath(line: Float64Array, plot: Plot): string {
  let path = ''
  let broken = true
  for (let at = 0; at < line.length; at += 2) {
    const value = line[at + 1] ?? NaN
    if (Number.isNaN(value)) {
      broken = true
      continue
    }
    path += `${broken ? 'M' : 'L'}${point(plot, line[at] ?? 0, value)}`
    broken = false
  }
  return path
}

function bandPath(top: Float64Array, below: Float64Array | undefined, plot: Plot): string {
  const points: string[] = []
  for (let at = 0; at < top.length; at += 2) points.push(point(plot, top[at]!, top[at + 1]!))
  for (let at = top.length - 2; at >= 0; at -= 2) {
    points.push(point(plot, top[at]!, below?.[at + 1] ?? 0))
  }
  return points.length === 0 ? '' : `M${points.join('L')}Z`
}

/** Inside the plot: bins on either side of a window reach beyond it. */
function point(plot: Plot, seconds: number, value: number): string {
  const x = Math.min(plot.right, Math.max(plot.left, xOf(plot, seconds)))
  return `${round(x)} ${round(yOf(plot, Math.min(value, plot.end)))}`
}

function marksAt(marks: readonly Mark[], plot: Plot, { colour }: SvgLook): string {
  return marks
    .filter(({ kind, at }) => kind !== 'round' && at >= plot.from && at <= plot.to)
    .map((mark) => {
      const style = markStyle(mark)
      const dash = style.dash.length > 0 ? ` stroke-dasharray="${style.dash.join(' ')}"` : ''
      const x = round(xOf(plot, mark.at))
      const line = `<path d="M${x} ${plot.top}V${plot.bottom}" stroke="${colour(style.colour)}"${dash}`
      return `${line}><title>${escapeXml(style.words)}</title></path>`
    })
    .join('')
}

/** At the ends of the lines, moved apart where they would cover each other. */
function namesAt(
  spec: ChartSpec,
  { lines }: ChartReading,
  names: readonly string[],
  plot: Plot,
  { colour }: SvgLook,
): string {
  const order = spec.series.map((_, at) => at)
  if (spec.shape === 'stack') order.reverse()
  const wanted = order.map((at) => {
    const line = lines[at]
    const last = line?.at(-1) ?? NaN
    if (spec.shape !== 'stack') return yOf(plot, Math.min(last, plot.end))
    const below = lines[at - 1]?.at(-1) ?? 0
    return yOf(plot, (last + below) / 2)
  })
  const places = placeLabels(wanted, pitchPx, plot.top + 4, plot.bottom - 4)
  const x = round(plot.right + 6)
  return order
    .map((at, rank) => {
      const y = places[rank]
      if (y === undefined) return ''
      const paint = colour(spec.series[at]?.colour ?? '--text')
      const swatch = `<rect x="${x}" y="${round(y - 4)}" width="7" height="7" fill="${paint}"/>`
      return swatch + text(x + 11, round(y + 3), names[at] ?? '', `fill="${colour('--text')}"`)
    })
    .join('')
}

const text = (x: number, y: number, words: string, look: string, after = ''): string => {
  const more = after === '' ? '' : `<tspan font-weight="400" dx="6">${escapeXml(after)}</tspan>`
  return `<text x="${x}" y="${y}" ${look}>${escapeXml(words)}${more}</text>`
}

const xOf = (plot: Plot, seconds: number): number =>
  plot.left + ((seconds - plot.from) / (plot.to - plot.from || 1)) * (plot.right - plot.left)
const yOf = (plot: Plot, value: number): number =>
  plot.bottom - (value / plot.end) * (plot.bottom - plot.top)
const round = (value: number): number => Math.round(value * 10) / 10

/** Text as XML and HTML take it; control characters, which XML refuses, become blanks. */
export const escapeXml = (words: string): string =>
  words
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
