/** All pending events: a heap while they are few, a ladder when they are many. The order is the same. */
import { Batch } from './batch'
import { Heap } from './heap'
import { Ladder } from './ladder'
import type { Slots } from './slots'
import { none } from './slots'

/** Up to this many events the heap is the faster one, as `bench/` measures. */
const heapAtMost = 64
/** Fewer cancelled events than this are not worth a purge. */
const purgeAtLeast = 64

export class EventQueue {
  private readonly heap: Heap
  private readonly ladder: Ladder
  private inLadder = false
  /** Events that are neither taken nor cancelled. */
  live = 0
  private cancelled = 0

  /** @param heapLimit events from which the ladder takes over. */
  constructor(
    private readonly slots: Slots,
    private readonly heapLimit: number = heapAtMost,
  ) {
    this.heap = new Heap(slots)
    this.ladder = new Ladder(slots)
  }

  insert(time: number, slot: number): void {
    this.live++
    if (this.inLadder) {
      this.ladder.insert(time, slot)
    } else {
      this.heap.insert(time, slot)
      if (this.heap.count > this.heapLimit) this.rebuild()
    }
  }

  /** The first live slot, `none` when there is none. */
  first(): number {
    let slot = this.inLadder ? this.ladder.first() : this.heap.first()
    while (slot !== none && this.slots.isCancelled(slot)) {
      this.removeFirst()
      this.slots.release(slot)
      this.live++
      this.cancelled--
      slot = this.inLadder ? this.ladder.first() : this.heap.first()
    }
    return slot
  }

  /** When the slot that `first` returned is due. */
  get firstTime(): number {
    return this.inLadder ? this.ladder.firstTime : this.heap.firstTime
  }

  /** Takes out the slot that `first` returned. */
  removeFirst(): void {
    const live = --this.live
    if (this.inLadder) {
      this.ladder.removeFirst()
      // Far below the limit, so that a number that hovers about it does not rebuild again and again.
      if (live * 4 < this.heapLimit) this.rebuild()
    } else {
      this.heap.removeFirst()
    }
  }

  /** To be told of every event in the queue that was cancelled. */
  noteCancelled(): void {
    this.live--
    this.cancelled++
    if (this.cancelled > this.live && this.cancelled >= purgeAtLeast) this.rebuild()
  }

  /** Releases what was cancelled and puts the rest into the heap or the ladder, whichever suits their number. */
  private rebuild(): void {
    const held = new Batch()
    if (this.inLadder) this.ladder.drain(held)
    else this.heap.drain((time, slot) => held.add(time, slot))
    this.inLadder = this.live > this.heapLimit
    for (let index = 0; index < held.count; index++) {
      const slot = held.slots[index]!
      if (this.slots.isCancelled(slot)) this.slots.release(slot)
      else if (this.inLadder) this.ladder.insert(held.times[index]!, slot)
      else this.heap.insert(held.times[index]!, slot)
    }
    this.cancelled = 0
  }
}
