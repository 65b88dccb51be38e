/**
 * A task that sleeps, on a wait queue or on one that it stays on: kept with the task, which sleeps
 * in one place at a time, so that sleeping makes no objects.
 */
import type { OpCode, Path, Sleeper, Task } from './task'
import { Op, yields } from './task'
import type { WaitQueue } from './wait-queue'
import { WaitEntry } from './wait-queue'
import type { WaitQueueLock } from './wait-queue-lock'

/** What sleeping asks of the dispatcher. */
interface SleepingCpus {
  readonly waitQueueLock: WaitQueueLock
  prepareToSleep(task: Task, state: 1 | 2): void
}

const awake = { done: true, value: undefined } as const

export class Sleep implements Sleeper, IterableIterator<OpCode, void, void> {
  private queue: WaitQueue | undefined
  private state: 1 | 2 = 1
  private asleep = false
  private readonly entry: WaitEntry

  constructor(
    private readonly cpus: SleepingCpus,
    private readonly task: Task,
  ) {
    this.entry = new WaitEntry(task)
  }

  /** @param queue where it waits while it sleeps; undefined: it is on one already, and stays */
  through(state: 1 | 2, queue: WaitQueue | undefined): Path {
    this.state = state
    this.queue = queue
    return this
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<OpCode, void> {
    this.asleep = !this.asleep
    if (this.queue) this.cpus.waitQueueLock.pass(this.task)
    if (this.asleep) {
      this.queue?.insertFirst(this.entry)
      this.cpus.prepareToSleep(this.task, this.state)
      return yields[Op.sleep]
    }
    this.queue?.remove(this.entry)
    return awake
  }
}
