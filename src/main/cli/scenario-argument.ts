/**
 * What `soakscope run` is to run: a scenario or a demonstration by its id, or a scenario file by
 * its path.
 */
import type { TimedAction } from '../../sim/index'
import { scenarioTextMax, type Catalogue, type ScenarioInfo } from '../../shared/api'
import { failure, type Failure, type Result } from '../../shared/result'
import { parseScenarioFile, type ScenarioFile } from '../../shared/scenario-file'
import { checkStart, findScenario, type CheckedStart } from '../api/checks'
import { unknownName } from '../api/nearest'
import { readBounded } from '../formats/read-file'
import { kindOfText } from '../formats/reading/foreign'
import { lineNotUtf8, utf16Of } from '../formats/reading/text-of'
import { UsageError } from './terminal'

export interface GivenScenario {
  /** Of the scenario file, when it is one. */
  readonly path: string | undefined
  readonly scenario: ScenarioInfo
  readonly seed: number
  readonly parameters: CheckedStart['parameters']
  readonly timeline: readonly TimedAction[]
  /** How long a file wants to be run, in simulated seconds. */
  readonly forSeconds: number | undefined
}

/** @throws UsageError that names the argument, and the file's fault when it is one. */
export function takeScenario(catalogue: Catalogue, given: string): GivenScenario {
  if (isPath(given)) return fromFile(catalogue, given)
  const demonstration = catalogue.demonstrations.find(({ id }) => id === given)
  if (demonstration) return complete(catalogue, demonstration.request, demonstration.forSeconds)
  const ids = [...catalogue.scenarios, ...catalogue.demonstrations].map(({ id }) => id)
  if (!ids.includes(given))
    throw new UsageError(`<scenario>: ${unknownName('scenario', given, ids)}`)
  const plain = { scenario: given, seed: 1, parameters: {}, timeline: [] }
  return complete(catalogue, plain, undefined)
}

const isPath = (given: string): boolean => /[\\/]|\.json$/.test(given)

function fromFile(catalogue: Catalogue, path: string): GivenScenario {
  // A character takes at most three bytes in a file.
  const bytes = orFault(readBounded(path, 3 * scenarioTextMax), (fault) => fault)
  const inFile = (fault: string): string => `${path}: ${fault}`
  const file = orFault(scenarioIn(bytes), inFile)
  const start = orFault(checkStart(catalogue, file), inFile)
  return { ...complete(catalogue, start, file.forSeconds), path }
}

function scenarioIn(bytes: Buffer): Result<ScenarioFile> {
  const wrong = (what: string): Result<never> =>
    failure('bad-argument', `a scenario file is UTF-8, and this one is ${what}; save it as UTF-8`)
  if (utf16Of(bytes) !== undefined) return wrong('UTF-16')
  const line = lineNotUtf8(bytes)
  if (line !== undefined) return wrong(`not, in its line ${line}`)
  const text = bytes.toString()
  const parsed = parseScenarioFile(text)
  // A log or a profile that was given instead is called by its name.
  const foreign = parsed.ok ? undefined : kindOfText(text)
  return foreign === undefined
    ? parsed
    : failure('bad-argument', `it is ${foreign}, no scenario file`)
}

function complete(
  catalogue: Catalogue,
  { scenario, ...start }: CheckedStart,
  forSeconds: number | undefined,
): GivenScenario {
  const found = orFault(findScenario(catalogue, scenario), (fault) => fault)
  return { ...start, scenario: found, forSeconds, path: undefined }
}

function orFault<T>(result: Result<T>, words: (fault: Failure['message']) => string): T {
  if (result.ok) return result.value
  throw new UsageError(`<scenario>: ${words(result.error.message)}`)
}
