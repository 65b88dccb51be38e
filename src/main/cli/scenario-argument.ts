/** What `soakscope run` is to run: a scenario or a demonstration by its id, or a scenario file by its path. */
import type { TimedAction } from '../../sim/index'
import { scenarioTextMax, type Catalogue, type ScenarioInfo } from '../../shared/api'
import { type Failure, type Result } from '../../shared/result'
import { parseScenarioFile } from '../../shared/scenario-file'
import { checkStart, findScenario, type CheckedStart } from '../api/checks'
import { unknownName } from '../api/nearest'
import { readBounded } from '../formats/read-file'
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
  const file = orFault(parseScenarioFile(bytes.toString()), inFile)
  const start = orFault(checkStart(catalogue, file), inFile)
  return { ...complete(catalogue, start, file.forSeconds), path }
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
