/** A branch: a run again up to an instant, and another way from there. */
import type { Catalogue, StartRequest } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { failure, success, type Result } from '../../shared/result'
import type { TimedAction } from '../../sim/actions/action'
import { checkAction, checkStart, findScenario } from './checks'

/** A run that something branches off. */
export interface Stem {
  readonly request: StartRequest
  /** What was done, and what is still to be done. */
  readonly actions: readonly TimedAction[]
  readonly toCome: readonly TimedAction[]
  /** How far it has come, in simulated seconds. */
  readonly seconds: number
}

/**
 * What begins the branch. With nothing changed it is the same run; otherwise what was done after
 * that instant is not. Failure `out-of-range`, or what is wrong with a change.
 */
export function branchOf(
  catalogue: Catalogue,
  { request, actions, toCome, seconds }: Stem,
  at: number,
  changes: readonly string[],
): Result<StartRequest> {
  if (at > seconds) {
    const reaches = `it has come to ${instantWithMs(seconds)}`
    return failure('out-of-range', `${reaches}; a branch begins there or before`)
  }
  const scenario = findScenario(catalogue, request.scenario)
  if (!scenario.ok) return scenario
  const changed: TimedAction[] = []
  for (const words of changes) {
    const action = checkAction(catalogue, scenario.value, request.parameters, words)
    if (!action.ok) return action
    changed.push({ at, action: action.value })
  }
  const all = [...actions, ...toCome]
  const timeline =
    changed.length === 0 ? all : [...actions.filter((action) => action.at <= at), ...changed]
  const checked = checkStart(catalogue, { ...request, timeline })
  return checked.ok ? success(checked.value) : checked
}
