/** `soakscope compare`: two runs side by side, by what their files say. */
import { readComparable } from '../formats/read-profile'
import type { Comparable } from '../formats/reading/comparable'
import { compareRuns } from './comparison'
import { comparisonText } from './comparison-text'
import { openJson } from './output'
import { type Terminal, UsageError } from './terminal'

export interface CompareWords {
  readonly json?: string
  /** The quantity to compare, of those that both files have. */
  readonly type?: string
}

export async function compare(
  pathA: string,
  pathB: string,
  { json, type }: CompareWords,
  terminal: Terminal,
): Promise<void> {
  const comparison = compareRuns(read('<A>', pathA, type), read('<B>', pathB, type))
  if (!comparison.ok) throw new UsageError(`<A> and <B>: ${comparison.error.message}`)
  const reads = [
    { argument: '<A>', path: pathA },
    { argument: '<B>', path: pathB },
  ]
  const output = openJson(json, reads, terminal)
  if (!output?.isStandardOutput) terminal.out(comparisonText(comparison.value))
  await output?.put(comparison.value)
}

function read(argument: string, path: string, type: string | undefined): Comparable {
  const found = readComparable(path, type)
  if (!found.ok) throw new UsageError(`${argument}: ${found.error.message}`)
  return found.value
}
