/**
 * Packed differences of intervals that follow each other from 0 on, in memory that is taken once:
 * a long run of small intervals would otherwise have an object for each of them.
 */
import { addDifferences } from './packed-differences'

/** Least bytes that an interval counts as: that many fit. */
const leastBytes = 64

export class PackedIntervals {
  private bytes: Uint8Array
  private readonly ends: Float64Array
  /** Where each begins; one more than there are. */
  private readonly offsets: Uint32Array
  count = 0

  constructor(bytesMax: number) {
    const most = Math.max(2, Math.floor(bytesMax / leastBytes))
    this.bytes = new Uint8Array(bytesMax)
    this.ends = new Float64Array(most)
    this.offsets = new Uint32Array(most + 1)
  }

  /** Bytes that are in use. */
  get size(): number {
    return this.offsets[this.count] ?? 0
  }

  hasRoomFor(packed: Uint8Array): boolean {
    return this.count < this.ends.length && this.size + packed.length <= this.bytes.length
  }

  /** When each begins, and the last one's end. */
  get instants(): number[] {
    return [0, ...this.ends.subarray(0, this.count)]
  }

  add(to: number, packed: Uint8Array): void {
    if (this.size + packed.length > this.bytes.length) this.grow(this.size + packed.length)
    this.bytes.set(packed, this.size)
    this.offsets[this.count + 1] = this.size + packed.length
    this.ends[this.count] = to
    this.count++
  }

  /** Adds the intervals from one index up to another to as many columns as were packed. */
  addTo(sums: readonly Float64Array[], from: number, to: number): void {
    for (let at = from; at < to; at++) {
      addDifferences(this.bytes.subarray(this.offsets[at], this.offsets[at + 1]), sums)
    }
  }

  /**
   * Puts every two neighbours together. The newest, when it is left over, stays as it is.
   *
   * @param sums of which each pair is added, and packed again by `pack`: no longer than both were
   */
  join(sums: readonly Float64Array[], pack: () => Uint8Array): void {
    const { count } = this
    const last = this.bytes.slice(this.offsets[count - 1], this.offsets[count])
    const lastEnd = this.ends[count - 1] ?? 0
    this.count = 0
    for (let at = 0; at + 1 < count; at += 2) {
      for (const column of sums) column.fill(0)
      this.addTo(sums, at, at + 2)
      this.add(this.ends[at + 1] ?? 0, pack())
    }
    if (count % 2 === 1) this.add(lastEnd, last)
  }

  private grow(bytes: number): void {
    const larger = new Uint8Array(bytes)
    larger.set(this.bytes)
    this.bytes = larger
  }
}
