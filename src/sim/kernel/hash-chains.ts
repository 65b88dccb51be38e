/**
 * Hash chains of the kernel: new entries go to the front of their bucket's chain, and a look-up walks it from there.
 * A chain is kept as one stretch of memory, last entry first, because the walks of a crowded table would otherwise
 * wait for the host's memory at every step; order and number of steps are those of a linked list.
 */

/** Not found. */
export const notInChain = -1

/** Entries that a chain has room for at first. */
const firstCapacity = 4

export class HashChains {
  /** For each chain its keys, then its indexes, then its values: a walk compares keys and touches little else. */
  private readonly chains: (Int32Array | undefined)[]
  private readonly lengths: Int32Array
  /** Entries that the last `find` looked at; at least 1. */
  steps = 0

  constructor(readonly buckets: number) {
    this.chains = Array.from({ length: buckets }, () => undefined)
    this.lengths = new Int32Array(buckets)
  }

  /** Walks a chain to the entry identified by `key` and `index`; `notInChain` at its end. */
  find(bucket: number, key: number, index: number): number {
    const chain = this.chains[bucket]
    if (chain === undefined) {
      this.steps = 1
      return notInChain
    }
    const length = this.lengths[bucket]
    const capacity = chain.length / 3
    for (let at = length - 1; at >= 0; at--) {
      if (chain[at] === key && chain[capacity + at] === index) {
        this.steps = length - at
        return chain[2 * capacity + at]
      }
    }
    this.steps = length + 1
    return notInChain
  }

  /** Puts an entry at the front of its chain. */
  insert(bucket: number, key: number, index: number, value: number): void {
    const length = this.lengths[bucket]
    let chain = this.chains[bucket]
    if (chain === undefined) chain = this.chains[bucket] = new Int32Array(3 * firstCapacity)
    else if (3 * length === chain.length) chain = this.chains[bucket] = grown(chain, length)
    const capacity = chain.length / 3
    chain[length] = key
    chain[capacity + length] = index
    chain[2 * capacity + length] = value
    this.lengths[bucket] = length + 1
  }

  /** Takes an entry out of its chain. @throws Error when it is not there. */
  remove(bucket: number, key: number, index: number): void {
    const chain = this.chains[bucket]
    if (chain !== undefined) {
      const last = this.lengths[bucket] - 1
      const capacity = chain.length / 3
      for (let at = last; at >= 0; at--) {
        if (chain[at] !== key || chain[capacity + at] !== index) continue
        for (let to = at; to < last; to++) {
          chain[to] = chain[to + 1]
          chain[capacity + to] = chain[capacity + to + 1]
          chain[2 * capacity + to] = chain[2 * capacity + to + 1]
        }
        this.lengths[bucket] = last
        return
      }
    }
    throw new Error(`bucket ${bucket} does not hold ${key}, ${index}`)
  }

  /** Number of entries in every chain. */
  lengthOfEach(): Uint16Array {
    return Uint16Array.from(this.lengths)
  }

  /** The entries of a chain from its front: key, index and value. */
  entriesOf(bucket: number): [number, number, number][] {
    const chain = this.chains[bucket]
    const entries: [number, number, number][] = []
    if (chain === undefined) return entries
    const capacity = chain.length / 3
    for (let at = this.lengths[bucket] - 1; at >= 0; at--) {
      entries.push([chain[at], chain[capacity + at], chain[2 * capacity + at]])
    }
    return entries
  }
}

/** A full chain with twice the room. */
function grown(chain: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(6 * length)
  for (let section = 0; section < 3; section++) {
    larger.set(chain.subarray(section * length, (section + 1) * length), section * 2 * length)
  }
  return larger
}
