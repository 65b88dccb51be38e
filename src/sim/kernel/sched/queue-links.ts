/**
 * The links of the run queue: a ring through a head, by slot. Whoever joins or leaves writes to the
 * links of its neighbours as well.
 */
import { grown } from './waiting-tasks'

/** The head of the queue, init_task. */
export const head = -1
/** The head's place in the arrays; slot n has n + 1. */
const own = 1

export class QueueLinks {
  private after = new Int32Array(65).fill(head)
  private before = new Int32Array(65).fill(head)

  /** Makes room for that many slots. */
  reserve(slots: number): void {
    if (slots < this.after.length) return
    this.after = grown(new Int32Array(slots + own), this.after)
    this.before = grown(new Int32Array(slots + own), this.before)
  }

  /** Who stands behind a slot, or behind the head: the first. */
  next(slot: number): number {
    return this.after[slot + own]
  }

  /** Who stands before a slot, or before the head: the last. */
  previous(slot: number): number {
    return this.before[slot + own]
  }

  insertFirst(slot: number): void {
    this.join(head, slot, this.next(head))
  }

  insertLast(slot: number): void {
    this.join(this.previous(head), slot, head)
  }

  remove(slot: number): void {
    const next = this.next(slot)
    const previous = this.previous(slot)
    this.after[previous + own] = next
    this.before[next + own] = previous
  }

  private join(previous: number, slot: number, next: number): void {
    this.after[previous + own] = slot
    this.before[slot + own] = previous
    this.after[slot + own] = next
    this.before[next + own] = slot
  }
}
