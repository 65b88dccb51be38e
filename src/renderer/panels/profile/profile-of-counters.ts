import type { ProfileSnapshot } from '../../../sim/observe/profile'
import type { TimeRange } from '../../stores/live'
import type { SampleHistory } from '../../../shared/charts/sample-history'
import type { FunctionCounter } from '../../../shared/charts/function-counters'

/**
 * What the samples tell of a profile: the cycles of each procedure, on all CPUs and without its
 * callers, to the nearest sample. It is all that is left of a run that died.
 */
export function profileOfCounters(
  history: SampleHistory,
  counters: readonly FunctionCounter[],
  { from, to }: TimeRange,
): ProfileSnapshot {
  const before = from <= 0 ? -1 : history.indexAt(from)
  const last = history.indexAt(to)
  const cyclesOf = ({ column }: FunctionCounter): number => {
    if (last < 0) return 0
    return Math.max(0, history.last(column, last) - (before < 0 ? 0 : history.last(column, before)))
  }
  return {
    clockMHz: 0,
    cpus: 1,
    meanPeriod: 0,
    fromSeconds: before < 0 ? 0 : history.time(before),
    toSeconds: last < 0 ? 0 : history.time(last),
    frames: counters.map(({ procedure, image }) => ({ procedure, image })),
    stacks: counters.map((counter, frame) => ({
      frames: [frame],
      cycles: [cyclesOf(counter)],
      samples: [0],
    })),
  }
}
