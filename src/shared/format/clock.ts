/** Simulated time as words. Everything here takes simulated seconds. */

import { secondsIn } from '../../sim/units/duration-words'
import { hms, instantText, wholeMs } from '../instant-text'

export { instantText, instantWithMs } from '../instant-text'

/** The clock of the bar: `0 d 02:14:37.250`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '– d --:--:--.---'
  const ms = wholeMs(seconds)
  return `${Math.floor(ms / 86_400_000)} d ${hms(ms)}.${String(ms % 1000).padStart(3, '0')}`
}

/** An instant on an axis whose ticks are `step` seconds apart: no more digits than are needed. */
export function axisInstant(seconds: number, step: number): string {
  const text = instantText(seconds)
  if (step >= 86_400) return `${Math.floor(seconds / 86_400)} d`
  return step >= 60 ? text.slice(0, -3) : text
}

/**
 * A length of time in its largest fitting unit: `250 ms`, `37.2 s`, `10 min`, `1 h 30 min`, `2 d 4
 * h`.
 */
export function span(seconds: number): string {
  if (seconds === Infinity) return 'whole run'
  if (!Number.isFinite(seconds)) return '–'
  if (seconds < 0.9995) return `${trim(seconds * 1000)} ms`
  if (seconds < 59.95) return `${trim(seconds)} s`
  const s = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(s / 86_400), 'd'],
    [Math.floor(s / 3600) % 24, 'h'],
    [Math.floor(s / 60) % 60, 'min'],
    [s % 60, 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}

const trim = (value: number): string =>
  String(Number(value.toFixed(value < 9.95 ? 1 : value < 99.5 ? 1 : 0)))

/**
 * Seconds from what people type: `90` (seconds), `1.5h`, `2h 10m`, `1 d`, `02:14:37`, `3 d
 * 02:14:37`. Undefined when it is none of these.
 */
export function parseSpan(text: string): number | undefined {
  const input = text.trim().toLowerCase()
  if (input === '') return undefined
  const clockForm = /^(?:(\d+)\s*d\s+)?(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(input)
  if (clockForm) {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = clockForm
    return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  }
  if (/^\d+(\.\d+)?$/.test(input)) return Number(input)
  return secondsIn(input)
}
