import { parseAction } from '../../sim/actions/action'
import type { TimedAction } from '../../sim/actions/action'

/**
 * Since when a fault or fix has been on without a break, in simulated seconds; undefined while it
 * is off. A change of intensity does not break it.
 */
export function activeSince(
  actions: readonly TimedAction[],
  kind: 'fault' | 'fix',
  id: string,
): number | undefined {
  let since: number | undefined
  for (const { at, action: text } of actions) {
    const action = parseAction(text)
    if (typeof action === 'string' || action.kind !== kind || action.id !== id) continue
    const on = action.kind === 'fault' ? action.intensity > 0 : action.on
    since = on ? (since ?? at) : undefined
  }
  return since
}
