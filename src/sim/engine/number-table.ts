/**
 * Things by a whole number, 0 or more, for numbers that are given out one after another: open
 * addressing by the number itself. A Map of the host hashes each key, and is built anew whenever
 * as many have been deleted as it has room for, which a table of what comes and goes feels.
 */

const free = -1
const leastRoom = 64

export class NumberTable<T> {
  private keys = new Float64Array(leastRoom).fill(free)
  private values: (T | undefined)[] = new Array<T | undefined>(leastRoom).fill(undefined)
  private mask = leastRoom - 1
  private count = 0

  get size(): number {
    return this.count
  }

  get(key: number): T | undefined {
    const { keys, mask } = this
    for (let at = placeOf(key, mask); ; at = (at + 1) & mask) {
      const there = keys[at]
      if (there === key) return this.values[at]
      if (there === free) return undefined
    }
  }

  set(key: number, value: T): void {
    // At most half of it is in use, so that chains stay short.
    if (this.count * 2 >= this.keys.length) this.grow()
    const { keys, mask } = this
    let at = placeOf(key, mask)
    while (keys[at] !== free && keys[at] !== key) at = (at + 1) & mask
    if (keys[at] === free) this.count++
    keys[at] = key
    this.values[at] = value
  }

  /** False when there was nothing under that number. */
  delete(key: number): boolean {
    const { keys, values, mask } = this
    let hole = placeOf(key, mask)
    while (keys[hole] !== key) {
      if (keys[hole] === free) return false
      hole = (hole + 1) & mask
    }
    this.count--
    // Those behind it that would not be found across the hole move into it.
    for (let at = (hole + 1) & mask; keys[at] !== free; at = (at + 1) & mask) {
      const wanted = placeOf(keys[at], mask)
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue
      keys[hole] = keys[at]
      values[hole] = values[at]
      hole = at
    }
    keys[hole] = free
    values[hole] = undefined
    return true
  }

  clear(): void {
    this.keys.fill(free)
    this.values.fill(undefined)
    this.count = 0
  }

  /** In the order of their numbers. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const key of this.keys.filter((key) => key !== free).sort()) yield this.get(key) as T
  }

  private grow(): void {
    const { keys, values } = this
    const room = keys.length * 2
    this.keys = new Float64Array(room).fill(free)
    this.values = new Array<T | undefined>(room).fill(undefined)
    this.mask = room - 1
    this.count = 0
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] !== free) this.set(keys[at], values[at] as T)
    }
  }
}

/** The number's own low bits; beyond 32 it is a pair, whose higher part is mixed in. */
const placeOf = (key: number, mask: number): number =>
  (key ^ Math.imul((key / 0x1_0000_0000) | 0, 0x9e37_79b1)) & mask
