/** `soakscope compare`: two runs side by side, by what their files say. */
import { readComparable } from '../formats/read-profile'
import type { Comparable } from '../formats/reading/comparable'
import { compareRuns } from './comparison'
import { comparisonText } from './comparison-text'
import { openOutput } from './output'
import { printableJson } from './printable'
import { type Terminal, UsageError } from './terminal'

export interface CompareWords {
  readonly json?: string
  /** The quantity to compare, of those that both files have. */
  readonly type?: string
}

export function compare(
  pathA: string,
  pathB: string,
  { json, type }: CompareWords,
  terminal: Terminal,
): void {
  const comparison = compareRuns(read('<A>', pathA, type), read('<B>', pathB, type))
  if (!comparison.ok) throw new UsageError(`<A> and <B>: ${comparison.error.message}`)
  if (json !== undefined) {
    const output = openOutput('--json', json, terminal)
    output.write(printableJson(comparison.value))
    output.keep()
  }
  if (json !== '-') terminal.out(comparisonText(comparison.value))
}

function read(argument: string, path: string, type: string | undefined): Comparable {
  const found = readComparable(path, type)
  if (!found.ok) throw new UsageError(`${argument}: ${found.error.message}`)
  return found.value
}
