/** Instants of simulated time as text: the same on screens, in messages and in what is printed. */

const two = (value: number): string => String(value).padStart(2, '0')

/** Seconds to whole milliseconds, never past the instant: 0.9999 s is still second 0. */
export const wholeMs = (seconds: number): number => Math.floor(seconds * 1000 + 1e-6)

/** `02:14:37` of milliseconds; days are left out. */
export function hms(ms: number): string {
  const s = Math.floor(ms / 1000)
  return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}

/** An instant in simulated seconds: `02:14:37`, or `3 d 02:14:37` from the first day on. */
export function instantText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const ms = wholeMs(seconds)
  const days = Math.floor(ms / 86_400_000)
  return days > 0 ? `${days} d ${hms(ms)}` : hms(ms)
}

/**
 * As `instantText`, with the milliseconds of an instant that is not a whole second: `00:00:12.345`.
 */
export function instantWithMs(seconds: number): string {
  const ms = Number.isFinite(seconds) ? wholeMs(seconds) % 1000 : 0
  const fraction = String(ms).padStart(3, '0').replace(/0+$/, '')
  return `${instantText(seconds)}${fraction && `.${fraction}`}`
}
