import type { Parameters } from '../../sim/index'
import type { Catalogue, StartRequest } from '../../shared/api'

/** What a run was begun with that is not the scenario's default. */
export function changedParameters(catalogue: Catalogue, request: StartRequest): Parameters {
  const { parameters } = catalogue.scenarios.find(({ id }) => id === request.scenario) ?? {}
  const usual = new Map(parameters?.map(({ path, default: value }) => [path, value]))
  const changed = Object.entries(request.parameters).filter(
    ([path, value]) => usual.get(path) !== value,
  )
  return Object.fromEntries(changed)
}
