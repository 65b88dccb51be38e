import type { Parameters } from '../../sim/index'
import type { Catalogue, ScenarioInfo, StartRequest } from '../../shared/api'

/** What a run was begun with that is not the scenario's default. */
export function changedParameters(catalogue: Catalogue, request: StartRequest): Parameters {
  return changedFrom(
    catalogue.scenarios.find(({ id }) => id === request.scenario),
    request.parameters,
  )
}

/** As much of a scenario as tells what was changed. */
export type Defaults = Pick<ScenarioInfo, 'id' | 'parameters'>

export function changedFrom(scenario: Defaults | undefined, given: Parameters): Parameters {
  const usual = new Map(scenario?.parameters.map(({ path, default: value }) => [path, value]))
  return Object.fromEntries(
    Object.entries(given).filter(([path, value]) => usual.get(path) !== value),
  )
}
