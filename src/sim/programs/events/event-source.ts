/**
 * What an event-driven program waits with: select, poll or signals, whichever it was built for. It
 * names its descriptors one by one; after `ask` and `collect` it knows which are ready. What takes
 * no system call answers with no path.
 */
import type { Path, Task } from '../../kernel/sched/task'

export interface ReadyDescriptor {
  readonly descriptor: number
  /** Bits of Readiness that hold, of those asked for. */
  readonly ready: number
}

export interface EventSource {
  /** What the last `collect` found: stays as it is until the next one. */
  readonly ready: readonly ReadyDescriptor[]
  /** Descriptors that it waits on. */
  readonly size: number
  /** Waits on an open descriptor from now on, for bits of Readiness. */
  add(task: Task, descriptor: number, interest: number): Path | undefined
  /** Waits for something else on it; for nothing with 0, until it is changed again. */
  change(task: Task, descriptor: number, interest: number): Path | undefined
  /** No longer waits on it. A descriptor that is closed is removed first. */
  remove(task: Task, descriptor: number): Path | undefined
  /**
   * Waits until something is ready, `timeoutNs` at most (Infinity: as long as it takes). Returns
   * how many descriptors are, 0 when the time was over, or a negative errno.
   */
  ask(task: Task, timeoutNs: number): Path<number>
  /** After `ask` found so many: the program makes out which they are. */
  collect(task: Task, found: number): Path | undefined
}

/** What the names above say, of which most programs do nothing in between. */
export function* wait(events: EventSource, task: Task, timeoutNs: number): Path<number> {
  const found = yield* events.ask(task, timeoutNs)
  const rest = events.collect(task, found)
  if (rest) yield* rest
  return found
}
