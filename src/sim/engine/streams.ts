/**
 * Lists of (time, slot) that are only appended to and then read once, oldest first. They are kept
 * in chunks out of one pool, so that both go along the memory instead of across it.
 */
import type { Batch } from './batch'

const chunkBits = 4
const chunkSize = 1 << chunkBits
const chunkMask = chunkSize - 1

/**
 * One list: where its first chunk is and where its next entry goes, both as indices into the pool.
 * Many lists are two arrays of these. A list is empty when `next` is 0.
 */
export class Streams {
  private times = new Float64Array(64 * chunkSize)
  private slots = new Int32Array(64 * chunkSize)
  /** By chunk: the one that follows it, in its list or among the free. */
  private following = new Int32Array(64)
  private firstFree = 0
  /**
   * Chunks that were ever used. The first is never, so that index 0 can stand for an empty list.
   */
  private used = 1

  /** Appends to the list `which` of the lists that begin at `firsts` and go on at `nexts`. */
  append(firsts: Int32Array, nexts: Int32Array, which: number, time: number, slot: number): void {
    let index = nexts[which]!
    if ((index & chunkMask) === 0) index = this.extend(firsts, which, index)
    this.times[index] = time
    this.slots[index] = slot
    nexts[which] = index + 1
  }

  /** Moves a list to the end of the batch, oldest first, and gives its chunks back. */
  empty(first: number, next: number, batch: Batch): void {
    const last = (next - 1) >> chunkBits
    for (let chunk = first >> chunkBits; ;) {
      const begin = chunk << chunkBits
      batch.addAll(this.times, this.slots, begin, chunk === last ? next : begin + chunkSize)
      const after = this.following[chunk]!
      this.following[chunk] = this.firstFree
      this.firstFree = chunk
      if (chunk === last) return
      chunk = after
    }
  }

  private extend(firsts: Int32Array, which: number, full: number): number {
    let chunk = this.firstFree
    if (chunk === 0) {
      if (this.used === this.following.length) this.grow()
      chunk = this.used++
    } else {
      this.firstFree = this.following[chunk]!
    }
    if (full === 0) firsts[which] = chunk << chunkBits
    else this.following[(full - 1) >> chunkBits] = chunk
    return chunk << chunkBits
  }

  private grow(): void {
    const { times, slots, following } = this
    this.times = new Float64Array(times.length * 2)
    this.slots = new Int32Array(slots.length * 2)
    this.following = new Int32Array(following.length * 2)
    this.times.set(times)
    this.slots.set(slots)
    this.following.set(following)
  }
}
