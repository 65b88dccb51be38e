/** Values that came from outside, as messages for people show them. */

/**
 * At most 40 characters of a value, on one line. What is inside of a list or an object is left out.
 */
export function preview(value: unknown): string {
  return short(wordsOf(value))
}

/** At most 40 characters of some words. */
export const short = (words: string): string =>
  words.length > 40 ? `${words.slice(0, 37)}…` : words

function wordsOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      // Whatever its length, only its beginning is shown.
      return JSON.stringify(value.slice(0, 41))
    case 'object':
      if (value === null) return 'null'
      // Something from outside may be nested deeper than JSON.stringify can go.
      if (Array.isArray(value)) return value.length === 0 ? '[]' : '[…]'
      return '{…}'
    case 'undefined':
      return 'nothing'
    case 'function':
      return 'function'
    default:
      return String(value)
  }
}
