/** Lines of a text file as bytes, and numbers in them, for files of which there is no end. */
import { ImportFault } from './imported-file'
import type { SourceFile } from './source-file'

/** Longest line: a header with thousands of names is shorter. */
const lineMax = 4 * 1024 * 1024

export interface TextLine {
  /** Without its end; good until the next. */
  readonly bytes: Uint8Array
  /** From 1 on. */
  readonly number: number
  /** Where it begins in the file. */
  readonly at: number
  /** Whether the file has its end. */
  readonly isWhole: boolean
}

const [lf, cr] = [0x0a, 0x0d]

/** @param from where the first of them begins. @throws ImportFault at a line that is none */
export function* linesOf(
  file: SourceFile,
  from = 0,
  to = file.size,
  pieceBytes?: number,
): Generator<TextLine> {
  let left = new Uint8Array(0)
  let [at, number] = [from, 0]
  for (const piece of file.pieces(from, to, pieceBytes)) {
    let begin = 0
    for (let end = piece.indexOf(lf); end >= 0; end = piece.indexOf(lf, begin)) {
      const part = piece.subarray(begin, end)
      const bytes = left.length === 0 ? part : joined(left, part)
      left = new Uint8Array(0)
      yield { bytes: withoutCr(bytes), number: ++number, at, isWhole: true }
      at += bytes.length + 1
      begin = end + 1
    }
    if (left.length + piece.length - begin > lineMax) {
      throw new ImportFault(`has a line of more than ${lineMax / 1024 / 1024} MB (${number + 1})`)
    }
    left = joined(left, piece.subarray(begin))
  }
  if (left.length > 0) yield { bytes: withoutCr(left), number: number + 1, at, isWhole: false }
}

const withoutCr = (bytes: Uint8Array): Uint8Array =>
  bytes[bytes.length - 1] === cr ? bytes.subarray(0, -1) : bytes

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

export const textOfLine = ({ bytes }: TextLine): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')

/** Digits of which a double holds every number, and powers of ten that it holds exactly. */
const digitsMax = 15
const tens = Array.from({ length: 23 }, (_, power) => 10 ** power)

/**
 * The number that stands between two bytes of a line, as JavaScript reads it; NaN for what is none.
 * A quotient of two numbers that are exact is rounded once, so most need no text.
 */
export function numberIn(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  const minus = bytes[at] === 0x2d
  if (minus) at++
  let [value, digits, point] = [0, 0, -1]
  for (; at < to; at++) {
    const digit = bytes[at]! - 0x30
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digits++
    } else if (digit === -2 && point < 0) point = digits
    else return slowly(bytes, from, to)
  }
  if (digits === 0 || digits > digitsMax) return slowly(bytes, from, to)
  if (point >= 0) value /= tens[digits - point]!
  return minus ? -value : value
}

/** Only what is written as a number: `Number` takes blanks and hexadecimal, too. */
function slowly(bytes: Uint8Array, from: number, to: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
}
