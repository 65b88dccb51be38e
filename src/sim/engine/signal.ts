/**
 * Something that processes wait for and that others announce. It keeps nothing: a process that
 * comes later waits for the next announcement.
 */
import { Fifo } from './fifo'

/** What waits: a process. */
interface Waiter {
  wake(): void
}

export class Signal {
  private readonly waiting = new Fifo<Waiter>()

  /** Processes that wait. */
  get waiters(): number {
    return this.waiting.length
  }

  /** Lets the process that has waited longest go on at this instant. False if none waits. */
  wakeOne(): boolean {
    const process = this.waiting.shift()
    if (process === undefined) return false
    process.wake()
    return true
  }

  /** Lets every waiting process go on at this instant, in the order they came. Returns how many. */
  wakeAll(): number {
    const woken = this.waiters
    while (this.wakeOne());
    return woken
  }

  /** For `Process` alone. */
  join(process: Waiter): void {
    this.waiting.push(process)
  }

  /** For `Process` alone: stops waiting without being woken. */
  leave(process: Waiter): void {
    this.waiting.remove(process)
  }
}
