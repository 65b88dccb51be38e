import type { Catalogue } from '../../shared/api'
import type { CounterSpec } from '../../sim/observe/counters'

/** Every counter of every scenario, each id once. */
export function countersOf({ scenarios }: Pick<Catalogue, 'scenarios'>): CounterSpec[] {
  const all = new Map<string, CounterSpec>()
  for (const { counters } of scenarios) {
    for (const spec of counters) if (!all.has(spec.id)) all.set(spec.id, spec)
  }
  return [...all.values()]
}
