/** A structure that belongs to a workload, in a run that has none with it. */
import type { StructureKind, StructureSnapshot } from '../observe/structures'

/** @throws Error for a structure that every kernel has */
export function nothingOf(kind: StructureKind): StructureSnapshot {
  switch (kind) {
    case 'wait-queue':
      return {
        kind,
        of: 'nothing',
        wakeup: 'all',
        entries: [],
        wakeUps: 0,
        madeRunnable: 0,
        foundConnection: 0,
        backToSleep: 0,
      }
    case 'listen-backlog':
      return {
        kind,
        of: 'nothing',
        backlog: 0,
        halfOpen: 0,
        open: 0,
        synQueue: [],
        acceptQueue: [],
        overflows: 0,
      }
    default:
      throw new Error(`the kernel shows no ${kind}`)
  }
}
