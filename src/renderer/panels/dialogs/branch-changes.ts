/** What a branch begins with at its instant, and the actions that make it another. */
import { formatAction, parseAction, type TimedAction } from '../../../sim/actions/action'
import type { Parameters } from '../../../sim/parameters/parameters'

/** What was on, and what was set, at an instant. */
export interface Standing {
  readonly faults: ReadonlyMap<string, number>
  readonly fixes: ReadonlySet<string>
  /** Only what an action has set; everything else is as the run began. */
  readonly set: ReadonlyMap<string, string>
}

export function standingAt(actions: readonly TimedAction[], at: number): Standing {
  const faults = new Map<string, number>()
  const fixes = new Set<string>()
  const set = new Map<string, string>()
  for (const done of actions) {
    const action = done.at <= at ? parseAction(done.action) : ''
    if (typeof action === 'string') continue
    if (action.kind === 'fault') {
      if (action.intensity > 0) faults.set(action.id, action.intensity)
      else faults.delete(action.id)
    } else if (action.kind === 'fix') {
      if (action.on) fixes.add(action.id)
      else fixes.delete(action.id)
    } else if (action.kind === 'set') set.set(action.path, action.value)
  }
  return { faults, fixes, set }
}

/** What somebody wants from there on. */
export interface Wanted {
  /** Intensity by fault; 0 is off. */
  readonly faults: ReadonlyMap<string, number>
  readonly fixes: ReadonlyMap<string, boolean>
  readonly set: ReadonlyMap<string, string>
  readonly reboots: boolean
}

/** The actions that lead from what was to what is wanted, in the words of the command line. */
export function changesOf(then: Standing, wanted: Wanted): string[] {
  const changes: string[] = []
  for (const [id, intensity] of wanted.faults) {
    const was = then.faults.get(id) ?? 0
    if (intensity !== was) changes.push(formatAction({ kind: 'fault', id, intensity }))
  }
  for (const [id, on] of wanted.fixes) {
    if (on !== then.fixes.has(id)) changes.push(formatAction({ kind: 'fix', id, on }))
  }
  for (const [path, value] of wanted.set) changes.push(formatAction({ kind: 'set', path, value }))
  if (wanted.reboots) changes.push(formatAction({ kind: 'reboot' }))
  return changes
}

/** What each parameter stood at: as the run began, but for what was set since. */
export const valuesThen = (begun: Parameters, { set }: Standing): Parameters => ({
  ...begun,
  ...Object.fromEntries(set),
})
