/** A line of numbers, first in, first out: as `Fifo`, without an object for each number. */
export class NumberFifo {
  private ring = new Float64Array(8)
  private head = 0
  private count = 0

  get length(): number {
    return this.count
  }

  /** Which leaves after so many others; Infinity when there is none. */
  at(place: number): number {
    return place < this.count ? this.ring[(this.head + place) & (this.ring.length - 1)] : Infinity
  }

  push(value: number): void {
    if (this.count === this.ring.length) this.grow()
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = value
    this.count++
  }

  /** Takes the first out; undefined when the line is empty. */
  shift(): number | undefined {
    if (this.count === 0) return undefined
    const value = this.ring[this.head]
    this.head = (this.head + 1) & (this.ring.length - 1)
    this.count--
    return value
  }

  /** From the first to the last, which stay where they are. */
  *[Symbol.iterator](): Generator<number, void> {
    for (let index = 0; index < this.count; index++) {
      yield this.ring[(this.head + index) & (this.ring.length - 1)]
    }
  }

  private grow(): void {
    const { ring, head } = this
    this.ring = new Float64Array(ring.length * 2)
    this.ring.set(ring.subarray(head))
    this.ring.set(ring.subarray(0, head), ring.length - head)
    this.head = 0
  }
}
