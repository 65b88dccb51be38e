/** `soakscope import`: a file of a run, in any of the formats that are read, as a recording. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Catalogue } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { parseDuration } from '../../shared/parse'
import { countersOf } from '../api/known-counters'
import { recordImport } from '../recordings/record-import'
import { readRunFile } from '../recordings/run-file'
import { keepYoungGeneration } from '../runs/young-generation'
import { Progress } from './progress'
import { complain, RunError, taken, UsageError, type Terminal } from './terminal'

export interface ImportWords {
  readonly record: string
  readonly every?: string
}

export async function importFile(
  catalogue: () => Catalogue,
  path: string,
  words: ImportWords,
  terminal: Terminal,
): Promise<void> {
  keepYoungGeneration()
  const every = words.every === undefined ? undefined : taken('--every', parseDuration(words.every))
  if (every === 0) throw new UsageError('--every: rows are some time apart; not 0s')
  const folder = resolve(words.record)
  if (existsSync(folder)) {
    throw new UsageError(`--record: ${words.record} is there already; name a new folder`)
  }
  const progress = new Progress(terminal)
  const made = await recordImport({
    path: resolve(path),
    called: basename(path),
    folder,
    known: () => countersOf(catalogue()),
    every,
    goOn(at) {
      progress.show(() => `importing: ${at.toFixed(0)} s`)
      return true
    },
  })
  progress.clear()
  if (!made.ok) {
    const { code, message } = made.error
    if (code === 'bad-argument') throw new UsageError(`<file>: ${message}`)
    throw new RunError(`--record: ${message}`)
  }
  const run = readRunFile(folder)
  if (!run.ok) throw new RunError(`--record: ${run.error.message}`)
  const { imported, counters, seconds } = run.value
  for (const note of imported?.notes ?? []) complain(terminal, `${path}: ${note}`)
  const many = counters.length === 1 ? '1 counter' : `${counters.length} counters`
  const what = counters.length === 0 ? (imported?.format ?? '') : many
  terminal.out(`${words.record}: ${what} up to ${instantWithMs(seconds)}, from ${path}\n`)
}
