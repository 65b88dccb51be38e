/**
 * One rung of the ladder: lists of (time, slot) by time, all of one width, and one for what lies
 * beyond them.
 */
import type { Batch } from './batch'

/**
 * Slots per bucket that a rung is laid out for, as it stands. By the time it is due a bucket has
 * gained more.
 */
const perBucket = 8
const bucketsAtMost = 4096

export class Rung {
  /**
   * By bucket: where its list begins, and where it goes on (0 when it is empty). The last takes
   * what lies beyond.
   */
  firsts = new Int32Array(64)
  nexts = new Int32Array(64)
  /** Buckets without the one for what lies beyond. */
  count = 0
  /** The first bucket that has not been taken. */
  taken = Infinity
  start = 0
  /** 1 / width in ns, a power of two. */
  scale = 1

  /** Lays out buckets for what is in the batch. */
  open(batch: Batch): void {
    const { times, count } = batch
    let low = times[0]!
    let high = low
    for (let index = 1; index < count; index++) {
      const time = times[index]!
      if (time < low) low = time
      else if (time > high) high = time
    }
    const buckets = Math.min(Math.max(count / perBucket, 2), bucketsAtMost)
    let width = 1
    while ((high - low) / width >= buckets) width *= 2
    this.start = low
    this.scale = 1 / width
    this.count = Math.floor((high - low) / width) + 1
    this.taken = 0
    if (this.count >= this.nexts.length) {
      const size = Math.max(this.nexts.length * 2, this.count + 1)
      this.firsts = new Int32Array(size)
      this.nexts = new Int32Array(size)
    }
  }

  /** The instant at which the last bucket ends. */
  get end(): number {
    return this.start + this.count / this.scale
  }
}
