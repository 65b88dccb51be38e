import type { Catalogue } from '../../shared/api'
import type { CounterSpec } from '../../sim/observe/counters'

/** Every counter of every scenario, each once: what one id counts may differ between them. */
export function countersOf({ scenarios }: Pick<Catalogue, 'scenarios'>): CounterSpec[] {
  const all = new Map<string, CounterSpec>()
  for (const { counters } of scenarios) {
    for (const spec of counters) {
      const key = [spec.id, spec.unit, spec.help].join('\n')
      if (!all.has(key)) all.set(key, spec)
    }
  }
  return [...all.values()]
}
