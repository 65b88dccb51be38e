/**
 * Numbers as the screen writes them: a comma between thousands, a point before decimals, in every
 * locale.
 */

/** `2412` → `2,412`; `-3.14159, 2` → `-3.14`. NaN and infinities read `–`. */
export function grouped(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? digits : `${digits}.${fraction}`
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text
}

/** `1 descriptor`, `2,412 descriptors`. */
export const counted = (count: number, one: string): string =>
  `${grouped(count)} ${one}${count === 1 ? '' : 's'}`

const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** Three significant figures with a decimal prefix: `1.84 M`, `12.0 k`, `950`, `0.42`. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  for (const [step, prefix] of steps) {
    if (size >= step * 0.9995) return `${significant(value / step)} ${prefix}`
  }
  if (size === 0) return '0'
  return Number.isInteger(value) ? String(value) : significant(value)
}

/**
 * As `compact`, without the space: for the end of an axis, `3.2k`. Whole numbers lose their `.0`.
 */
export function axisNumber(value: number): string {
  return compact(value)
    .replace(/\.0+(?=\s|$)/, '')
    .replace(/(\.\d*[1-9])0+(?=\s|$)/, '$1')
    .replace(' ', '')
}

function significant(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.01 ? 2 : 4)
}

/** `0.273` → `27.3 %`. */
export function percent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${grouped(share * 100, decimals)} %` : '–'
}
