/**
 * Who of a long queue sleeps, and how many stand before one: a number for each place from the
 * front, and two bits at it. This saves the host a walk past all who are awake; the kernel is
 * charged for the walk.
 */

/** What stands in the queue. */
export interface Placed {
  /** Kept here. The smaller, the nearer to the front; those that left leave gaps. */
  place: number
}

const word = 32
const leastRoom = 1024

export class QueuePlaces<Item extends Placed> {
  private items: (Item | undefined)[] = new Array<Item | undefined>(leastRoom).fill(undefined)
  private present = new Int32Array(leastRoom / word)
  private asleep = new Int32Array(leastRoom / word)
  /** All are in [front, back). */
  private front = leastRoom / 2
  private back = leastRoom / 2
  private count = 0

  insertFirst(item: Item): void {
    if (this.front === 0) this.renumber()
    this.put(item, --this.front)
  }

  insertLast(item: Item): void {
    if (this.back === this.items.length) this.renumber()
    this.put(item, this.back++)
  }

  private put(item: Item, place: number): void {
    item.place = place
    this.items[place] = item
    this.present[place >> 5] |= 1 << (place & 31)
    this.count++
  }

  remove({ place }: Item): void {
    this.items[place] = undefined
    this.present[place >> 5] &= ~(1 << (place & 31))
    this.asleep[place >> 5] &= ~(1 << (place & 31))
    this.count--
    if (place === this.front) this.front++
  }

  sleeps({ place }: Item): void {
    this.asleep[place >> 5] |= 1 << (place & 31)
  }

  wakes({ place }: Item): void {
    this.asleep[place >> 5] &= ~(1 << (place & 31))
  }

  /** The first that sleeps behind this one, or of all; undefined: none does. */
  firstAsleep(behind?: Item): Item | undefined {
    const { asleep } = this
    const from = behind ? behind.place + 1 : this.front
    const last = (this.back - 1) >> 5
    let mask = -1 << (from & 31)
    for (let at = from >> 5; at <= last; at++) {
      const bits = asleep[at] & mask
      if (bits !== 0) return this.items[at * word + (31 - Math.clz32(bits & -bits))]
      mask = -1
    }
    return undefined
  }

  /** How many a walk from the front looks at, this one included. */
  walkTo({ place }: Item): number {
    const { present } = this
    const last = place >> 5
    let looked = ones(present[last] & ~(-2 << (place & 31)))
    for (let at = this.front >> 5; at < last; at++) looked += ones(present[at])
    return looked
  }

  /** Closes the gaps, and leaves as much room in front and behind. */
  private renumber(): void {
    const { items, asleep } = this
    const room = Math.max(leastRoom, 1 << (word - Math.clz32(4 * this.count)))
    this.items = new Array<Item | undefined>(room).fill(undefined)
    this.present = new Int32Array(room / word)
    this.asleep = new Int32Array(room / word)
    this.front = this.back = (room - this.count) >> 1
    this.count = 0
    for (const item of items) {
      if (item === undefined) continue
      const slept = ((asleep[item.place >> 5] >> (item.place & 31)) & 1) === 1
      this.insertLast(item)
      if (slept) this.sleeps(item)
    }
  }
}

/** Bits that are set. */
function ones(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x5555_5555)
  sum = (sum & 0x3333_3333) + ((sum >>> 2) & 0x3333_3333)
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
