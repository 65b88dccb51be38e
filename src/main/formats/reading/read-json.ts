/** JSON of any kind that is compared: what it is is told by its keys. */
import type { Result } from '../../../shared/result'
import { notComparable, type Comparable } from './comparable'
import { isSpeedscope, kindOfJson } from './foreign'
import { parsedJson } from './json-text'
import type { ProfileRows } from './profile-rows'
import { readReport } from './read-report'
import { readSpeedscope } from './read-speedscope'

export function readJson(
  path: string,
  words: string,
  asked: string | undefined,
  rows?: ProfileRows,
): Result<Comparable> {
  const value = parsedJson(path, words)
  if (!value.ok) return value
  if (isSpeedscope(value.value)) return readSpeedscope(path, value.value, asked, rows)
  const kind = kindOfJson(value.value)
  return kind === undefined ? readReport(path, value.value, asked, rows) : notComparable(path, kind)
}
