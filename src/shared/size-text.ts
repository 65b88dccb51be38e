/** Bytes on a disk in the words of people and of the command line: `500MB`, `4 GB`. */
const units = { MB: 1e6, GB: 1e9, TB: 1e12 } as const

/**
 * Bytes of `500MB` or `4 GB`, in powers of 1,000; undefined for what is no size.
 */
export function parseSize(words: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d+)?)\s?([MGT]B)$/i.exec(words.trim()) ?? []
  const key = unit.toUpperCase()
  if (key !== 'MB' && key !== 'GB' && key !== 'TB') return undefined
  return Math.round(Number(number) * units[key])
}

/** A size as `parseSize` reads it again: `4 GB`, `12.5 MB`, `830 kB`. */
export function sizeText(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  if (bytes < 1e3) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  const [unit, step] = Object.entries(units).findLast(([, least]) => bytes >= least) ?? ['MB', 1e6]
  const size = bytes / step
  return `${size.toFixed(Number.isInteger(size) || size >= 99.95 ? 0 : 1)} ${unit}`
}
