/** How a kernel's select goes through its descriptors: what each step is charged as. */
import type { Cycles } from '../../../units/cycles'
import type { Task } from '../../sched/task'
import type { WatchSet } from './watch-set'
import type { Watch } from './watchers'

export interface SelectPath {
  /**
   * Whether every scan queues the process at whatever is not ready; otherwise the first scan of a
   * call that waits does, until something is ready.
   */
  readonly everyScanQueues: boolean
  /** Whether a callback wakes a process that is on the descriptor's queue. */
  wakes(watch: Watch): boolean
  /** Cycles that a scan of all of a set waits for memory. */
  missesOfAll(task: Task, set: WatchSet): Cycles
  /** So many bit positions passed, of which so many are selected, and their drivers called. */
  look(task: Task, bits: number, selected: number, misses: Cycles): void
  /** The process goes onto the queues of so many, when it is on `set.registered` already. */
  register(task: Task, set: WatchSet, entries: number): void
  /** It is woken: before it looks again. */
  woken(task: Task, set: WatchSet): void
  /** The call is over. */
  leave(task: Task, set: WatchSet): void
}
