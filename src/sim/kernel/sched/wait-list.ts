/**
 * The list behind a wait queue: entries of who waits, and what is to be done when it is woken.
 * It does not import the task's type, because a task has such a list of its own.
 */
import { LinkedList } from '../lib/linked-list'

export class WaitListEntry<Waiter> {
  next: WaitListEntry<Waiter> | undefined
  previous: WaitListEntry<Waiter> | undefined

  constructor(
    readonly task: Waiter,
    /** The task has marked itself: a walk that wakes one of these ends there. */
    readonly exclusive = false,
    /** Told when a walk has woken the task. */
    readonly woken: (() => void) | undefined = undefined,
  ) {}
}

export class WaitList<Waiter> extends LinkedList<WaitListEntry<Waiter>> {
  /** Entries that the last walk looked at. */
  walked = 0

  /** add_wait_queue(): in front of all others. Returns the entry, which `remove` wants. */
  add(task: Waiter): WaitListEntry<Waiter> {
    const entry = new WaitListEntry(task)
    this.insertFirst(entry)
    return entry
  }
}
