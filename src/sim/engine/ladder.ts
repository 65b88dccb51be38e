/**
 * A ladder queue (Tang, Goh and Thng, ACM TOMACS 15:3, 2005) of slots in the order (time, priority,
 * arrival): constant time per event whatever the increments.
 *
 * Far events lie unsorted in the top. When the rungs below are used up, the top becomes a rung:
 * an array of buckets of one width. The bucket that is next is sorted into the bottom, from where
 * slots leave; a bucket too full for that becomes a finer rung.
 *
 * Times are integers and widths powers of two, so bucket numbers are exact, and slots of one time
 * always lie in one place. Each place keeps them in the order they came, which makes the arrival
 * part of the order without storing it.
 */
import { Batch } from './batch'
import { Bottom } from './bottom'
import { Rung } from './rung'
import type { Slots } from './slots'
import { none } from './slots'
import { Streams } from './streams'

export class Ladder {
  private readonly bottom: Bottom
  private readonly streams = new Streams()
  private readonly rungs: Rung[] = []
  private depth = 0
  private top = new Batch()
  /** What is due from here on goes to the top. */
  private topStart = -Infinity
  /** The bucket that is being moved. Empty in between. */
  private readonly moving = new Batch()

  constructor(slots: Slots) {
    this.bottom = new Bottom(slots)
  }

  insert(time: number, slot: number): void {
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
    this.bottom.insert(time, slot)
    if (this.bottom.isLong) {
      this.bottom.empty(this.moving)
      this.descend(this.moving)
    }
  }

  /** The first slot, `none` when the ladder is empty. */
  first(): number {
    const slot = this.bottom.first()
    return slot === none ? this.refill() : slot
  }

  /** When the slot that `first` returned is due. */
  get firstTime(): number {
    return this.bottom.firstTime
  }

  /** Takes out the slot that `first` returned. */
  removeFirst(): void {
    this.bottom.removeFirst()
  }

  /** Fills the bottom from the next bucket and returns its first slot. */
  private refill(): number {
    const { bottom, moving } = this
    do {
      if (!this.takeBucket(moving)) {
        if (this.top.count === 0) {
          this.topStart = -Infinity
          return none
        }
        this.topStart = this.descend(this.top)
      } else if (bottom.sort(moving)) {
        moving.count = 0
      } else {
        this.descend(moving)
      }
    } while (bottom.isEmpty)
    return bottom.first()
  }

  /** Moves the next bucket that is not empty out of the lowest rung; leaves rungs that are used up. */
  private takeBucket(into: Batch): boolean {
    while (this.depth > 0) {
      const rung = this.rungs[this.depth - 1]!
      const { nexts, count } = rung
      let which = rung.taken
      while (which <= count && nexts[which] === 0) which++
      if (which <= count) {
        rung.taken = which + 1
        this.streams.empty(rung.firsts[which]!, nexts[which]!, into)
        nexts[which] = 0
        return true
      }
      this.depth--
    }
    return false
  }

  /** Empties a batch into a new rung below the others. Returns the instant at which its buckets end. */
  private descend(batch: Batch): number {
    let rung = this.rungs[this.depth]
    if (rung === undefined) {
      rung = new Rung()
      this.rungs.push(rung)
    }
    this.depth++
    rung.open(batch)
    const { firsts, nexts, start, scale, end } = rung
    const { times, slots, count } = batch
    const streams = this.streams
    for (let index = 0; index < count; index++) {
      const time = times[index]!
      streams.append(firsts, nexts, ((time - start) * scale) | 0, time, slots[index]!)
    }
    batch.count = 0
    return end
  }

  /** Moves every slot to the end of the batch; slots of one time and priority in the order they came. */
  drain(batch: Batch): void {
    this.bottom.empty(batch)
    while (this.takeBucket(batch));
    batch.addAll(this.top.times, this.top.slots, 0, this.top.count)
    this.top.count = 0
    this.topStart = -Infinity
  }
}
