import { defaultsOf, type Parameters } from '../sim/parameters/parameters'
import type { ScenarioInfo } from './api'

/**
 * Ids of the workloads that a run has.
 *
 * @param chosen its parameters, or those of them that are not at their defaults
 */
export function workloadsIn(
  { workloads, parameters }: Pick<ScenarioInfo, 'workloads' | 'parameters'>,
  chosen: Parameters,
): string[] {
  const values = { ...defaultsOf(parameters, chosen), ...chosen }
  return workloads.filter(({ presence }) => Number(values[presence]) > 0).map(({ id }) => id)
}
