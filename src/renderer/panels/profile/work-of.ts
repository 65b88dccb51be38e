import type { SampleHistory } from '../../../shared/charts/sample-history'
import type { ProcedureCard, WorkCount } from '../../../shared/profile/card'
import type { CounterSpec } from '../../../sim/observe/counters'

/** What a counter says of a window. */
export interface Work extends WorkCount {
  readonly value: number
  /** A level at its end; otherwise what it has grown by. */
  readonly isLevel: boolean
}

/**
 * What the kernel has counted of a procedure's work between two instants, to the nearest samples.
 * Counters that a run does not have are left out.
 */
export function workOf(
  history: SampleHistory,
  counters: readonly CounterSpec[],
  counts: ProcedureCard['counts'] = [],
  { from, to }: { readonly from: number; readonly to: number },
): Work[] {
  const before = from <= 0 ? -1 : history.indexAt(from)
  const last = history.indexAt(to)
  if (last < 0) return []
  return counts.flatMap((count) => {
    const column = counters.findIndex(({ id }) => id === count.counter)
    const spec = counters[column]
    if (!spec) return []
    const isLevel = spec.kind === 'gauge'
    const began = isLevel || before < 0 ? 0 : history.last(column, before)
    return [{ ...count, isLevel, value: Math.max(0, history.last(column, last) - began) }]
  })
}
