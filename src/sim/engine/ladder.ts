/**
 * A ladder queue (Tang, Goh and Thng, ACM TOMACS 15:3, 2005) of slots ordered by time, priority and
 * arrival: constant time per event. Few slots are sorted in the bottom and leave from there; far
 * ones lie unsorted in the top. When the rest is empty, the top becomes a rung, an array of buckets
 * of one width. The next bucket is sorted into the bottom, or becomes a finer rung if it is too
 * full. Times are integers and widths powers of two: bucket numbers are exact, slots of one time
 * share a place, and each place keeps the order of arrival, which need not be stored.
 */
import { Batch } from './batch'
import { Bottom } from './bottom'
import type { EventQueue } from './event-queue'
import { Rung } from './rung'
import { cancelled, none } from './slots'
import { Streams } from './streams'

/** A top of no more slots than this goes to the bottom at once, and so does what comes after it. */
const fewAtMost = 32

export class Ladder extends Bottom implements EventQueue {
  private readonly streams = new Streams()
  private readonly rungs: Rung[] = []
  private depth = 0
  private readonly top = new Batch()
  /** What is due from here on goes to the top. */
  private topStart = Infinity
  /** What is on its way from one place to another. Empty in between. */
  private readonly moving = new Batch()

  insert(time: number, slot: number): void {
    // Tells V8 that it is an integer; else it is stored by way of a double.
    slot |= 0
    if (time >= this.topStart) {
      this.top.add(time, slot)
      return
    }
    const depth = this.depth
    for (let level = 0; level < depth; level++) {
      const rung = this.rungs[level]!
      const bucket = (time - rung.start) * rung.scale
      if (bucket >= rung.taken) {
        const which = bucket < rung.count ? bucket | 0 : rung.count
        this.streams.append(rung.firsts, rung.nexts, which, time, slot)
        return
      }
    }
    this.insertSorted(time, slot)
    if (this.isLong) this.splitBottom()
  }

  first(): number {
    return this.head < this.end || this.refill() ? this.order[this.head]! : none
  }

  /** Fills the bottom from the next bucket and returns its first slot. */
  private refill(): boolean {
    const { moving } = this
    do {
      if (this.depth === 0) {
        if (!this.takeTop()) return false
      } else if (this.takeBucket(moving)) {
        this.dropCancelled(moving)
        if (moving.count > 0 && !this.sort(moving)) this.descend(moving)
        moving.count = 0
      }
    } while (this.isEmpty)
    return true
  }

  /** Makes a rung of the top, or if it is small, the bottom. False if it is empty. */
  private takeTop(): boolean {
    const top = this.top
    if (top.count > fewAtMost) {
      this.topStart = this.descend(top)
      return true
    }
    this.topStart = Infinity
    if (top.count === 0) return false
    this.sort(top)
    top.count = 0
    return true
  }

  /**
   * Moves the next bucket that is not empty out of the lowest rung. False, and the rung is left, if
   * it is used up.
   */
  private takeBucket(into: Batch): boolean {
    const rung = this.rungs[this.depth - 1]!
    const { nexts, count } = rung
    let which = rung.taken
    while (which <= count && nexts[which] === 0) which++
    if (which > count) {
      this.depth--
      return false
    }
    // Behind the last bucket lies nothing more of this rung, however late.
    rung.taken = which < count ? which + 1 : Infinity
    this.streams.empty(rung.firsts[which]!, nexts[which]!, into)
    nexts[which] = 0
    return true
  }

  /**
   * Lets go of what was cancelled. It also brings the other records into the cache, all at once,
   * just before they are due.
   */
  private dropCancelled(batch: Batch): void {
    const { times, slots, count } = batch
    let kept = 0
    for (let index = 0; index < count; index++) {
      const slot = slots[index]!
      if (this.slots.handler(slot) === cancelled) {
        this.slots.drop(slot)
        continue
      }
      times[kept] = times[index]!
      slots[kept++] = slot
    }
    batch.count = kept
  }

  /** Makes a rung of the bottom when insertions have made it long. */
  private splitBottom(): void {
    this.emptyBottom(this.moving)
    const end = this.descend(this.moving)
    if (this.topStart === Infinity) this.topStart = end
  }

  /**
   * Empties a batch into a new rung below the others. Returns the instant at which its buckets end.
   */
  private descend(batch: Batch): number {
    let rung = this.rungs[this.depth]
    if (rung === undefined) {
      rung = new Rung()
      this.rungs.push(rung)
    }
    this.depth++
    rung.open(batch)
    const { firsts, nexts, start, scale } = rung
    const { times, slots, count } = batch
    const streams = this.streams
    for (let index = 0; index < count; index++) {
      const time = times[index]!
      streams.append(firsts, nexts, ((time - start) * scale) | 0, time, slots[index]!)
    }
    batch.count = 0
    return rung.end
  }

  drain(batch: Batch): void {
    this.emptyBottom(batch)
    while (this.depth > 0) this.takeBucket(batch)
    batch.addAll(this.top.times, this.top.slots, 0, this.top.count)
    this.top.count = 0
    this.topStart = Infinity
  }
}
