/**
 * A hash table of the kernel: its size and its function are parts of it. New entries go to the
 * front of their bucket's chain, and a look-up walks it from there. A chain is kept as one stretch
 * of memory, last entry first, because the walks of a crowded table would otherwise wait for the
 * host's memory at every step; order and number of steps are those of a linked list.
 */

/** Not found. */
export const notInChain = -1

/** Entries that a chain has room for at first. */
const firstCapacity = 4
/**
 * A bucket's record: where its chain begins in the pool, how many entries it has, and for how many
 * there is room.
 */
const record = 4
const Field = { start: 0, length: 1, capacity: 2 } as const

/** What tells one table from another. */
export interface HashParts {
  /** A power of two. */
  readonly buckets: number
  /** Bucket of the entry that `key` and `index` identify, below `buckets`. */
  readonly hash: (key: number, index: number) => number
}

export class HashTable {
  private readonly places: Int32Array
  /**
   * For each chain its keys, then its indexes, then its values: a walk compares keys and touches
   * little else.
   */
  private pool = new Int32Array(3 * firstCapacity * 64)
  private poolUsed = 0
  /** Stretches that chains have outgrown, by their capacity. */
  private readonly outgrown = new Map<number, number[]>()
  /** Entries that the last `find` looked at; at least 1. */
  steps = 0

  constructor(private readonly parts: HashParts) {
    this.places = new Int32Array(parts.buckets * record)
  }

  get buckets(): number {
    return this.parts.buckets
  }

  /** Walks a chain to the entry identified by `key` and `index`; `notInChain` at its end. */
  find(key: number, index: number): number {
    const { places, pool } = this
    const place = this.parts.hash(key, index) * record
    const start = places[place]
    const length = places[place + Field.length]
    const capacity = places[place + Field.capacity]
    for (let at = start + length - 1; at >= start; at--) {
      if (pool[at] === key && pool[capacity + at] === index) {
        this.steps = start + length - at
        return pool[2 * capacity + at]
      }
    }
    this.steps = length + 1
    return notInChain
  }

  /** Puts an entry at the front of its chain. */
  insert(key: number, index: number, value: number): void {
    const { places } = this
    const place = this.parts.hash(key, index) * record
    const length = places[place + Field.length]
    if (length === places[place + Field.capacity]) this.grow(place)
    const { pool } = this
    const capacity = places[place + Field.capacity]
    const at = places[place] + length
    pool[at] = key
    pool[capacity + at] = index
    pool[2 * capacity + at] = value
    places[place + Field.length] = length + 1
  }

  /** Takes an entry out of its chain. @throws Error when it is not there. */
  remove(key: number, index: number): void {
    const { places, pool } = this
    const bucket = this.parts.hash(key, index)
    const place = bucket * record
    const start = places[place]
    const capacity = places[place + Field.capacity]
    const last = start + places[place + Field.length] - 1
    for (let at = last; at >= start; at--) {
      if (pool[at] !== key || pool[capacity + at] !== index) continue
      for (let to = at; to < last; to++) {
        pool[to] = pool[to + 1]
        pool[capacity + to] = pool[capacity + to + 1]
        pool[2 * capacity + to] = pool[2 * capacity + to + 1]
      }
      places[place + Field.length]--
      return
    }
    throw new Error(`bucket ${bucket} does not hold ${key}, ${index}`)
  }

  /** Number of entries in every chain. */
  lengthOfEach(): Uint16Array {
    return Uint16Array.from(
      { length: this.buckets },
      (_, bucket) => this.places[bucket * record + Field.length],
    )
  }

  /** The entries of a chain from its front: key, index and value. */
  entriesOf(bucket: number): [number, number, number][] {
    const { places, pool } = this
    const place = bucket * record
    const start = places[place]
    const capacity = places[place + Field.capacity]
    const entries: [number, number, number][] = []
    for (let at = start + places[place + Field.length] - 1; at >= start; at--) {
      entries.push([pool[at], pool[capacity + at], pool[2 * capacity + at]])
    }
    return entries
  }

  /** Gives a chain that is full twice the room. */
  private grow(place: number): void {
    const { places } = this
    const [start, length] = [places[place], places[place + Field.length]]
    const capacity = length === 0 ? firstCapacity : 2 * length
    const to = this.outgrown.get(capacity)?.pop() ?? this.extend(3 * capacity)
    for (let section = 0; section < 3; section++) {
      const from = start + section * length
      this.pool.copyWithin(to + section * capacity, from, from + length)
    }
    if (length > 0) {
      const free = this.outgrown.get(length)
      if (free) free.push(start)
      else this.outgrown.set(length, [start])
    }
    places[place] = to
    places[place + Field.capacity] = capacity
  }

  /** The start of so many numbers more at the end of the pool. */
  private extend(numbers: number): number {
    const start = this.poolUsed
    this.poolUsed += numbers
    if (this.poolUsed > this.pool.length) {
      const larger = new Int32Array(2 * Math.max(this.pool.length, this.poolUsed))
      larger.set(this.pool)
      this.pool = larger
    }
    return start
  }
}
