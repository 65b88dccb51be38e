/**
 * Text from outside as a terminal may have it. Names in files, paths and arguments can hold escape
 * sequences that move the cursor, line breaks that forge lines, and marks that turn the order of
 * letters round.
 */
import stringWidth from 'string-width'

/**
 * Control and format characters, line and paragraph separators, halves of surrogate pairs, private
 * use.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line on which everything can be seen: `\x1b`, `\n`, `\u202e`. */
export const printable = (text: string): string => text.replace(unprintable, escaped)

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code > 0xffff) return `\\u{${hex}}`
  return (
    short[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
  )
}

/**
 * Indented JSON that says the same and can be printed. What has no value in JSON is left out, not
 * null.
 */
export function printableJson(value: unknown): string {
  const plain = (_: string, each: unknown): unknown =>
    typeof each === 'number' && !Number.isFinite(each) ? undefined : each
  // Line breaks of the text itself are its layout: those inside of strings are escaped already.
  const words = JSON.stringify(value, plain, 2).split('\n')
  return `${words.map((line) => line.replace(unprintable, inJson)).join('\n')}\n`
}

const inJson = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')

/** Columns that a text takes on a terminal: two for each letter of Chinese, Japanese, Korean. */
export const columnsOf = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : stringWidth(text)

/** The two ends of a text that is longer than a number of characters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const half = Math.floor((most - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}
