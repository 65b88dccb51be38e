/**
 * What a window or a served page shows first: which run, at which pace. Given as words, with
 * defaults.
 */
import { resolve } from 'node:path'
import { recordingsLimit, type Catalogue, type StartRequest } from '../shared/api'
import { paces, type Pace } from '../shared/frame'
import { parseSeed, preview } from '../shared/parse'
import { failure, success, type Result } from '../shared/result'
import { parseSize } from '../shared/size-text'
import { findScenario } from './api/checks'
import type { RecordingsPlace } from './recordings/host-recording'
import type { Beginning } from './runs/supervisor'

export interface BeginningWords {
  readonly scenario?: string | undefined
  readonly seed?: string | undefined
  readonly pace?: string | undefined
  readonly paused?: boolean | undefined
  /** Largest heap of the run's worker in MB. */
  readonly memory?: string | undefined
  /** Folder in which every run is recorded; `off` for none. */
  readonly record?: string | undefined
  /** Size of all recordings, such as `4GB`. */
  readonly recordLimit?: string | undefined
}

export interface FirstRun extends Beginning {
  readonly request: StartRequest
  readonly memoryLimitMb: number | undefined
  readonly recordings: RecordingsPlace | undefined
}

/**
 * Words from the environment: SOAKSCOPE_SCENARIO, _SEED, _PACE, _PAUSED=1, _MEMORY_MB, _RECORD,
 * _RECORD_LIMIT.
 */
export function wordsOf(environment: NodeJS.ProcessEnv): BeginningWords {
  return {
    scenario: environment['SOAKSCOPE_SCENARIO'],
    seed: environment['SOAKSCOPE_SEED'],
    pace: environment['SOAKSCOPE_PACE'],
    paused: environment['SOAKSCOPE_PAUSED'] === '1' ? true : undefined,
    memory: environment['SOAKSCOPE_MEMORY_MB'],
    record: environment['SOAKSCOPE_RECORD'],
    recordLimit: environment['SOAKSCOPE_RECORD_LIMIT'],
  }
}

/**
 * The first run by these words; what is undefined in the first is taken from the second. A
 * failure's message begins with the word's name.
 */
export function firstRun(
  catalogue: Catalogue,
  words: BeginningWords,
  otherwise: BeginningWords,
): Result<FirstRun> {
  const id = words.scenario ?? otherwise.scenario ?? 'sdet'
  const shown = catalogue.demonstrations.find((demonstration) => demonstration.id === id)?.request
  const scenario = findScenario(catalogue, shown?.scenario ?? id)
  if (!scenario.ok) return failure(scenario.error.code, `scenario: ${scenario.error.message}`)
  const seed = parseSeed(words.seed ?? otherwise.seed ?? String(shown?.seed ?? 1))
  if (typeof seed === 'string') return failure('bad-argument', `seed: ${seed}`)
  const pace = parsePace(words.pace ?? otherwise.pace ?? '10')
  if (!pace.ok) return pace
  const memory = parseMemory(words.memory ?? otherwise.memory)
  if (!memory.ok) return memory
  const recordings = parseRecordings(
    words.record ?? otherwise.record,
    words.recordLimit ?? otherwise.recordLimit,
  )
  if (!recordings.ok) return recordings
  return success({
    recordings: recordings.value,
    request: { scenario: scenario.value.id, parameters: {}, ...shown, seed },
    pace: pace.value,
    paused: words.paused ?? otherwise.paused ?? false,
    memoryLimitMb: memory.value,
  })
}

function parsePace(words: string): Result<Pace> {
  const pace = paces.find((candidate) => [String(candidate), `${candidate}x`].includes(words))
  if (pace !== undefined) return success(pace)
  return failure('bad-argument', `pace: one of ${paces.join(', ')}, not ${preview(words)}`)
}

function parseMemory(words: string | undefined): Result<number | undefined> {
  if (words === undefined) return success(undefined)
  const megabytes = /^\d{1,6}$/.test(words) ? Number(words) : Number.NaN
  if (megabytes >= 16) return success(megabytes)
  return failure('bad-argument', `memory: a whole number of MB from 16, not ${preview(words)}`)
}

/** Bytes of all recordings unless told otherwise. */
export const defaultRecordingsBytes = 4e9

function parseRecordings(
  folder: string | undefined,
  limit: string | undefined,
): Result<RecordingsPlace | undefined> {
  const bytes = limit === undefined ? defaultRecordingsBytes : parseSize(limit)
  if (bytes === undefined || bytes < recordingsLimit.least) {
    const right = 'a size from 1MB, such as 500MB or 4GB'
    return failure('bad-argument', `record-limit: ${right}, not ${preview(limit)}`)
  }
  if (folder === '') return failure('bad-argument', 'record: name a folder, or off')
  if (folder === undefined || folder === 'off') return success(undefined)
  return success({ folder: resolve(folder), limitBytes: bytes })
}
