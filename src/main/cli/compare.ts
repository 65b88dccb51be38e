/** `soakscope compare`: two runs side by side, by what their files say. */
import { statSync } from 'node:fs'
import { ExportFault } from '../formats/exports/export-fault'
import { differenceOfFiles } from '../formats/read-pprof-pair'
import { readComparable } from '../formats/read-profile'
import type { Comparable } from '../formats/reading/comparable'
import { comparableRecording } from './comparable-recording'
import { compareRuns } from './comparison'
import { comparisonText } from './comparison-text'
import { openOutputs } from './output'
import { RunError, type Terminal, UsageError } from './terminal'

export interface CompareWords {
  readonly json?: string
  /** Where both go together, as a difference for pprof. */
  readonly export?: string
  /** The quantity to compare, of those that both files have. */
  readonly type?: string
}

export async function compare(
  pathA: string,
  pathB: string,
  { json, type, export: path }: CompareWords,
  terminal: Terminal,
): Promise<void> {
  const [a, b] = [await read('<A>', pathA, type), await read('<B>', pathB, type)]
  const comparison = compareRuns(a, b)
  if (!comparison.ok) throw new UsageError(`<A> and <B>: ${comparison.error.message}`)
  const reads = [
    { argument: '<A>', path: pathA },
    { argument: '<B>', path: pathB },
  ]
  if (path !== undefined) checkDifference(path, a, b)
  const outputs = openOutputs(
    {
      json: json === undefined ? undefined : { argument: '--json', path: json },
      difference: path === undefined ? undefined : { argument: '--export', path },
    },
    reads,
    terminal,
  )
  if (!outputs.json?.isStandardOutput) terminal.out(comparisonText(comparison.value))
  await outputs.json?.put(comparison.value)
  if (!outputs.difference) return
  outputs.difference.write(differenceOf(pathA, pathB))
  await outputs.difference.keep()
}

/** pprof alone has a form for two profiles in one file. */
function checkDifference(path: string, a: Comparable, b: Comparable): void {
  const way = 'write both with run --export FILE.pb.gz'
  if (!/\.(pb\.gz|pprof)$/.test(path)) {
    const wanted = 'A and B in one file are for pprof, which ends in .pb.gz or .pprof'
    throw new UsageError(`--export: ${wanted}, not ${path}`)
  }
  const not = [a, b].find(({ kind }) => kind !== 'pprof')
  if (!not) return
  throw new UsageError(`--export: ${not.path} is ${not.kind}, and no pprof; ${way}`)
}

function differenceOf(pathA: string, pathB: string): Uint8Array {
  try {
    const difference = differenceOfFiles(pathA, pathB)
    if (!difference.ok) throw new RunError(difference.error.message)
    return difference.value
  } catch (error) {
    if (error instanceof ExportFault) throw new UsageError(`<A> and <B>: ${error.message}`)
    throw error
  }
}

async function read(argument: string, path: string, type: string | undefined): Promise<Comparable> {
  const found = isFolder(path) ? await comparableRecording(path, type) : readComparable(path, type)
  if (!found.ok) throw new UsageError(`${argument}: ${found.error.message}`)
  return found.value
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
