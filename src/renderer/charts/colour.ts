/** Colours as the canvas needs them: from custom properties to numbers. */

export interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

/**
 * Parses `#rgb`, `#rrggbb`, `#rrggbbaa` (alpha left out) and `rgb(r g b)`. Black when it is none of
 * these.
 */
export function parseColour(text: string): Rgb {
  const value = text.trim()
  const hex = /^#([0-9a-f]{3,8})$/i.exec(value)?.[1]
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((d) => d + d).join('') : hex
    const part = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16)
    return { r: part(0), g: part(2), b: part(4) }
  }
  const [r = 0, g = 0, b = 0] = (value.match(/[\d.]+/g) ?? []).map(Number)
  return { r, g, b }
}

/** `share` of the one colour over the other: what a translucent fill looks like, made opaque. */
export function mixed(over: string, under: string, share: number): string {
  const a = parseColour(over)
  const b = parseColour(under)
  const part = (x: number, y: number): number => Math.round(x * share + y * (1 - share))
  return `rgb(${part(a.r, b.r)}, ${part(a.g, b.g)}, ${part(a.b, b.b)})`
}

/**
 * A pixel as ImageData wants it on a little-endian machine: alpha, blue, green, red from the top
 * byte down.
 */
export const pixel = ({ r, g, b }: Rgb): number =>
  ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0

/** Relative luminance (WCAG 2), 0–1. */
export function luminance({ r, g, b }: Rgb): number {
  const linear = (c: number): number => {
    const s = c / 255
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** Contrast of two colours (WCAG 2), 1–21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright + 0.05) / (dark + 0.05)
}
