/**
 * Wait queues (struct wait_queue of Linux 2.2): entries of who waits and what is to be done when it
 * is woken. wake_up, which is the dispatcher's, walks them from the front; a woken task takes its
 * entry off when it runs again.
 */
import type { Task } from './task'

export class WaitEntry {
  next: WaitEntry | undefined
  previous: WaitEntry | undefined

  constructor(
    readonly task: Task,
    /** The task has marked itself: a walk that wakes one of these ends there. */
    readonly exclusive = false,
    /** Told when a walk has woken the task. */
    readonly woken: (() => void) | undefined = undefined,
  ) {}
}

export class WaitQueue {
  first: WaitEntry | undefined
  last: WaitEntry | undefined
  length = 0
  /** Entries that the last walk looked at. */
  walked = 0

  /** add_wait_queue(): in front of all others. Returns the entry, which `remove` wants. */
  add(task: Task): WaitEntry {
    const entry = new WaitEntry(task)
    this.insertFirst(entry)
    return entry
  }

  insertFirst(entry: WaitEntry): void {
    entry.previous = undefined
    entry.next = this.first
    if (this.first) this.first.previous = entry
    else this.last = entry
    this.first = entry
    this.length++
  }

  /** add_wait_queue_exclusive(): behind all others. */
  insertLast(entry: WaitEntry): void {
    entry.next = undefined
    entry.previous = this.last
    if (this.last) this.last.next = entry
    else this.first = entry
    this.last = entry
    this.length++
  }

  /** remove_wait_queue() of an entry that is on this queue. */
  remove(entry: WaitEntry): void {
    const { next, previous } = entry
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.last = previous
    this.length--
  }

  /** In the order in which a walk meets them. */
  *[Symbol.iterator](): Generator<WaitEntry, void> {
    for (let entry = this.first; entry !== undefined; entry = entry.next) yield entry
  }
}
