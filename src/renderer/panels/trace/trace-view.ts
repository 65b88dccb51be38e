/** Which part of a trace is shown, and how keys and the wheel change it. In cycles. */
import { grouped } from '../../format/number'

export interface Span {
  readonly from: number
  readonly to: number
}

/** Shortest span that is shown, in microseconds. */
const shortestUs = 1
const zoomStep = 1.5

/** Zooms by a factor around an instant, within the whole. */
export function zoomed(
  shown: Span,
  whole: Span,
  around: number,
  factor: number,
  mhz: number,
): Span {
  const most = whole.to - whole.from
  const length = Math.min(most, Math.max(shortestUs * mhz, (shown.to - shown.from) * factor))
  const share = (around - shown.from) / (shown.to - shown.from)
  return within({ from: around - length * share, to: around + length * (1 - share) }, whole)
}

export function moved(shown: Span, whole: Span, share: number): Span {
  const by = (shown.to - shown.from) * share
  return within({ from: shown.from + by, to: shown.to + by }, whole)
}

/** So that an instant range is in the middle, at the same scale or one that holds all of it. */
export function showing(shown: Span, whole: Span, of: Span): Span {
  if (of.from >= shown.from && of.to <= shown.to) return shown
  const length = Math.max(shown.to - shown.from, (of.to - of.from) * 1.5)
  const middle = (of.from + of.to) / 2
  return within({ from: middle - length / 2, to: middle + length / 2 }, whole)
}

function within({ from, to }: Span, whole: Span): Span {
  const length = Math.min(to - from, whole.to - whole.from)
  const begins = Math.min(Math.max(from, whole.from), whole.to - length)
  return { from: begins, to: begins + length }
}

export const zoomIn = 1 / zoomStep
export const zoomOut = zoomStep

/** Instants of ticks in cycles, and how their labels are written. */
export function ticksOf(
  { from, to }: Span,
  origin: number,
  mhz: number,
  most: number,
): { readonly at: number; readonly label: string }[] {
  const us = (cycles: number): number => (cycles - origin) / mhz
  const raw = (to - from) / mhz / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => by >= raw) ?? raw
  const ticks = []
  for (let n = Math.ceil(us(from) / step); n * step <= us(to); n++) {
    ticks.push({ at: origin + n * step * mhz, label: timeLabel(n * step, step) })
  }
  return ticks
}

function timeLabel(us: number, step: number): string {
  if (us === 0) return '0'
  const [value, unit, each] = step >= 1000 ? [us / 1000, 'ms', step / 1000] : [us, 'µs', step]
  const digits = Math.max(0, -Math.floor(Math.log10(each)))
  return `+${grouped(value, digits)} ${unit}`
}
