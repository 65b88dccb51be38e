/**
 * The list behind a wait queue: entries of who waits, and what is to be done when it is woken.
 * It does not import the task's type, because a task has such a list of its own.
 */
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

export class WaitList<Waiter> {
  first: WaitListEntry<Waiter> | undefined
  last: WaitListEntry<Waiter> | undefined
  length = 0
  /** Entries that the last walk looked at. */
  walked = 0

  /** add_wait_queue(): in front of all others. Returns the entry, which `remove` wants. */
  add(task: Waiter): WaitListEntry<Waiter> {
    const entry = new WaitListEntry(task)
    this.insertFirst(entry)
    return entry
  }

  insertFirst(entry: WaitListEntry<Waiter>): void {
    entry.previous = undefined
    entry.next = this.first
    if (this.first) this.first.previous = entry
    else this.last = entry
    this.first = entry
    this.length++
  }

  /** add_wait_queue_exclusive(): behind all others. */
  insertLast(entry: WaitListEntry<Waiter>): void {
    entry.next = undefined
    entry.previous = this.last
    if (this.last) this.last.next = entry
    else this.first = entry
    this.last = entry
    this.length++
  }

  /** remove_wait_queue() of an entry that is on this queue. */
  remove(entry: WaitListEntry<Waiter>): void {
    const { next, previous } = entry
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.last = previous
    this.length--
  }

  /** In the order in which a walk meets them. */
  *[Symbol.iterator](): Generator<WaitListEntry<Waiter>, void> {
    for (let entry = this.first; entry !== undefined; entry = entry.next) yield entry
  }
}
