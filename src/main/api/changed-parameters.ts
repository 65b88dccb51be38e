import type { Parameters } from '../../sim/index'
import type { Catalogue, ScenarioInfo, StartRequest } from '../../shared/api'

/** What a run was begun with that is not the scenario's default. */
export function changedParameters(catalogue: Catalogue, request: StartRequest): Parameters {
  return changedFrom(
    catalogue.scenarios.find(({ id }) => id === request.scenario),
    request.parameters,
  )
}

export function changedFrom(scenario: ScenarioInfo | undefined, given: Parameters): Parameters {
  const usual = new Map(scenario?.parameters.map(({ path, default: value }) => [path, value]))
  return Object.fromEntries(
    Object.entries(given).filter(([path, value]) => usual.get(path) !== value),
  )
}
