/**
 * A hash table of the kernel: its size and its function are parts of it. New entries go to the
 * front of their bucket's chain, and a look-up walks it from there. The host does not walk: it
 * knows each entry's place, and from that how many steps the walk has. Order and number of steps
 * are those of a linked list.
 */
import { noCell, PairIndex, PlaceField } from './pair-index'

/** Not found. */
export const notInChain = -1

/** Entries that a chain has room for at first. */
const firstCapacity = 4

/** What tells one table from another. */
export interface HashParts {
  /** A power of two. */
  readonly buckets: number
  /** Bucket of the entry that `key` and `index` identify, below `buckets`. */
  readonly hash: (key: number, index: number) => number
}

/**
 * Entries are given with their bucket, which whoever has the table asks of `hash`: the host makes
 * a call short where it is always of one function.
 */
export class HashTable {
  readonly hash: HashParts['hash']
  /** Entries in each bucket's chain. */
  private readonly lengths: Int32Array
  /** Where each chain begins in the pool, and for how many entries it has room. */
  private readonly starts: Int32Array
  private readonly capacities: Int32Array
  /** The cells of each chain's entries, last one first. */
  private pool = new Int32Array(firstCapacity * 64)
  private poolUsed = 0
  /** Stretches that chains have outgrown, by their capacity. */
  private readonly outgrown = new Map<number, number[]>()
  /** Value of each entry, and its place in its chain, counted from the end. */
  private readonly entries = new PairIndex()
  /** Entries that the last `find` looked at; at least 1. */
  steps = 0

  constructor(parts: HashParts) {
    this.hash = parts.hash
    this.lengths = new Int32Array(parts.buckets)
    this.starts = new Int32Array(parts.buckets)
    this.capacities = new Int32Array(parts.buckets)
  }

  get buckets(): number {
    return this.lengths.length
  }

  /** Walks a chain to the entry identified by `key` and `index`; `notInChain` at its end. */
  find(bucket: number, key: number, index: number): number {
    const { entries } = this
    const cell = entries.find(key, index)
    if (cell === noCell) {
      this.steps = this.lengths[bucket] + 1
      return notInChain
    }
    this.steps = this.lengths[bucket] - entries.cells[cell + PlaceField]
    return entries.cells[cell]
  }

  /** Steps of a walk to the entry in a cell of its chain; for `notInChain`, to the chain's end. */
  stepsTo(bucket: number, cell: number): number {
    const length = this.lengths[bucket]
    return cell === notInChain ? length + 1 : length - this.entries.cells[cell + PlaceField]
  }

  /** Puts an entry, whose value is 0 or more, at the front of its chain. Returns its cell. */
  insert(bucket: number, key: number, index: number, value: number): number {
    const { lengths } = this
    const length = lengths[bucket]
    if (length === this.capacities[bucket]) this.grow(bucket)
    const cell = this.entries.add(key, index, value, length)
    this.pool[this.starts[bucket] + length] = cell
    lengths[bucket] = length + 1
    return cell
  }

  /** Takes an entry out of its chain. @throws Error when it is not there. */
  remove(bucket: number, key: number, index: number): void {
    const { entries, pool } = this
    const cell = entries.find(key, index)
    if (cell === noCell) throw new Error(`bucket ${bucket} does not hold ${key}, ${index}`)
    const start = this.starts[bucket]
    const last = start + --this.lengths[bucket]
    const { cells } = entries
    for (let at = start + cells[cell + PlaceField]; at < last; at++) {
      const moved = pool[at + 1]
      pool[at] = moved
      cells[moved + PlaceField]--
    }
    entries.remove(cell)
  }

  /** Number of entries in every chain. */
  lengthOfEach(): Uint16Array {
    return Uint16Array.from(this.lengths)
  }

  /** The entries of a chain from its front: key, index and value. */
  entriesOf(bucket: number): [number, number, number][] {
    const { entries, pool } = this
    const start = this.starts[bucket]
    const found: [number, number, number][] = []
    for (let at = start + this.lengths[bucket] - 1; at >= start; at--) {
      const cell = pool[at]
      found.push([entries.keyOf(cell), entries.indexOf(cell), entries.cells[cell]])
    }
    return found
  }

  /** Gives a chain that is full twice the room. */
  private grow(bucket: number): void {
    const start = this.starts[bucket]
    const length = this.lengths[bucket]
    const capacity = length === 0 ? firstCapacity : 2 * length
    const to = this.outgrown.get(capacity)?.pop() ?? this.extend(capacity)
    this.pool.copyWithin(to, start, start + length)
    if (length > 0) {
      const free = this.outgrown.get(length)
      if (free) free.push(start)
      else this.outgrown.set(length, [start])
    }
    this.starts[bucket] = to
    this.capacities[bucket] = capacity
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
