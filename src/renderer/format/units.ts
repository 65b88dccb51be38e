import { compact, grouped } from './number'

const binary = [
  [2 ** 40, 'TB'],
  [2 ** 30, 'GB'],
  [2 ** 20, 'MB'],
  [2 ** 10, 'kB'],
] as const

/** Bytes with a binary prefix, as vmstat and free count them: `3.1 MB`, `512 B`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return '–'
  for (const [step, unit] of binary) {
    if (Math.abs(value) >= step) {
      const size = value / step
      return `${grouped(size, Math.abs(size) >= 99.95 ? 0 : 1)} ${unit}`
    }
  }
  return `${grouped(value)} B`
}

/** Kilobytes of 1,024 bytes, the unit of every memory counter. */
export const kilobytes = (value: number): string => bytes(value * 1024)

/** Simulated per wall seconds: `0.25×`, `10.0×`, `1,240×`. */
export function speed(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return `${grouped(value, value >= 999.5 ? 0 : value >= 9.95 ? 1 : 2)}×`
}

/** A counter's value with its unit; sizes get a prefix, the unit `1` is a plain count. */
export function withUnit(value: number, unit: string): string {
  if (unit === 'kB') return kilobytes(value)
  if (unit === 'B' || unit === 'bytes') return bytes(value)
  const number = Math.abs(value) < 1e6 ? grouped(value, decimalsOf(value)) : compact(value)
  return unit === '1' || unit === '' ? number : `${number} ${value === 1 ? one(unit) : unit}`
}

/** `processes` → `process`, `jiffies` → `jiffy`; what is short is no plural: `s`, `ns`. */
const one = (unit: string): string =>
  unit
    .replace(/(?<=ss)es$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=..[^s])s$/, '')

const decimalsOf = (value: number): number =>
  Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2

/** The unit of a monotonic counter's rate: `kB` → `kB/s`, `1` → `/s`. */
export const perSecond = (unit: string): string =>
  unit === '1' || unit === '' ? '/s' : `${unit}/s`

const spans = [
  [48 * 3600, 86_400, 'd'],
  [2 * 3600, 3600, 'h'],
  [120, 60, 'min'],
] as const

/** Time that processes spent, in the largest unit of which there are two: `87.5 s`, `16.2 h`. */
export function timeSpent(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  if (seconds > 0 && seconds < 0.0995)
    return `${grouped(seconds * 1000, seconds < 0.01 ? 2 : 1)} ms`
  const [, unit, name] = spans.find(([from]) => seconds >= from) ?? [0, 1, 's']
  const value = seconds / unit
  return `${grouped(value, value >= 99.95 ? 0 : value >= 0.995 ? 1 : 2)} ${name}`
}
