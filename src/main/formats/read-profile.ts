/**
 * Reads what a run left behind, to compare it: the object of `run --json`, a report, a profile or
 * a trace, told apart by what is in them. Files may come from anybody, so they are read
 * with limits, and what is wrong with one, or what it is instead, is said by name.
 */
import { isOurChromeTrace } from '../../shared/chrome-trace-kind'
import type { Result } from '../../shared/result'
import { readBounded } from './read-file'
import { notComparable, wrongWith, type Comparable } from './reading/comparable'
import { firstLines, kindOfBytes, kindOfText } from './reading/foreign'
import type { ProfileRows } from './reading/profile-rows'
import { readCollapsed } from './reading/read-collapsed'
import { isDcpiprof, readDcpiprof } from './reading/read-dcpiprof'
import { readJson } from './reading/read-json'
import { readPprof } from './reading/read-pprof'
import { readChromeTrace, readTrace } from './reading/read-trace'
import { isBinary, textOf } from './reading/text-of'
import { unpack } from './reading/unpack'

/** Largest file, and largest content once unpacked, in bytes. */
export const bytesMax = 256 * 1024 * 1024

/**
 * Failure `bad-argument` in words for people when the file is none of them.
 *
 * @param type the quantity that is wanted where a file has several, else its own default
 */
export function readComparable(path: string, type?: string): Result<Comparable> {
  const bytes = readBounded(path, bytesMax)
  return bytes.ok ? comparableIn(path, bytes.value, type) : bytes
}

/** Characters by which a text is told. */
const headCharacters = 256

const begins = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text

/** A report has its numbers in it as JSON. Undefined when it is none. */
function numbersOfReport(text: string): string | undefined {
  if (!/^\s*<!doctype html>/i.test(text)) return undefined
  return /<script type="application\/json" id="soakscope-report">([^]*?)<\/script>/.exec(text)?.[1]
}

/** As readComparable, for the bytes of a file. @param rows where they are added up */
export function comparableIn(
  path: string,
  packed: Buffer,
  type?: string,
  rows?: ProfileRows,
): Result<Comparable> {
  const unpacked = unpack(path, packed, bytesMax)
  if (!unpacked.ok) return unpacked
  const { bytes, several } = unpacked.value
  if (bytes.length === 0) return wrongWith(path, 'is empty')
  const kind = kindOfBytes(bytes)
  if (kind !== undefined) return notComparable(path, kind)
  if (begins(bytes, '{"soakscope":"trace",')) return readTrace(path, bytes, type)
  if (isBinary(bytes)) {
    if (!several) return readPprof(path, bytes, type, rows)
    const why = 'several gzip files concatenated, or has bytes after its end'
    return notComparable(path, `${why}; split it, or have pprof merge it: it is no one profile`)
  }
  const text = textOf(bytes)
  if (!/\S/.test(text)) return wrongWith(path, 'has nothing but blanks in it')
  // A stack may begin with a brace: PHP has procedures called {closure}.
  if (isOurChromeTrace(text.slice(0, headCharacters))) return readChromeTrace(path, text, type)
  if (/^\s*\{\s*(["}]|$)/.test(text)) return readJson(path, text, type, rows)
  const numbers = numbersOfReport(text)
  if (numbers !== undefined) return readJson(path, numbers, type, rows)
  if (isDcpiprof(firstLines(text))) return readDcpiprof(path, text, type, rows)
  const foreign = kindOfText(text)
  if (foreign !== undefined) return notComparable(path, foreign)
  const list = /^\s*\[/.test(text) && /\]\s*$/.test(text.slice(-100))
  return list ? readJson(path, text, type, rows) : readCollapsed(path, text, type, rows)
}
