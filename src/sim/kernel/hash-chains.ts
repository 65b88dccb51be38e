/**
 * Hash chains of the kernel: new entries go to the front of their bucket's chain, and a look-up walks it from there.
 * A chain is kept as one stretch of memory, last entry first, because the walks of a crowded table would otherwise
 * wait for the host's memory at every step; order and number of steps are those of a linked list.
 */

/** Not found. */
export const notInChain = -1

/** An entry: two numbers that identify it, and what it leads to. */
const entry = 3
const firstCapacity = 4 * entry

export class HashChains {
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
    const length = this.lengths[bucket]
    if (chain === undefined) {
      this.steps = 1
      return notInChain
    }
    for (let at = length - entry; at >= 0; at -= entry) {
      if (chain[at] === key && chain[at + 1] === index) {
        this.steps = (length - at) / entry
        return chain[at + 2]
      }
    }
    this.steps = length / entry + 1
    return notInChain
  }

  /** Puts an entry at the front of its chain. */
  insert(bucket: number, key: number, index: number, value: number): void {
    const length = this.lengths[bucket]
    let chain = this.chains[bucket]
    if (chain === undefined) chain = this.chains[bucket] = new Int32Array(firstCapacity)
    else if (length === chain.length) {
      const larger = new Int32Array(length * 2)
      larger.set(chain)
      chain = this.chains[bucket] = larger
    }
    chain[length] = key
    chain[length + 1] = index
    chain[length + 2] = value
    this.lengths[bucket] = length + entry
  }

  /** Takes an entry out of its chain. @throws Error when it is not there. */
  remove(bucket: number, value: number): void {
    const chain = this.chains[bucket]
    const length = this.lengths[bucket]
    if (chain !== undefined) {
      for (let at = length - entry; at >= 0; at -= entry) {
        if (chain[at + 2] !== value) continue
        for (let to = at; to < length - entry; to++) chain[to] = chain[to + entry]
        this.lengths[bucket] = length - entry
        return
      }
    }
    throw new Error(`bucket ${bucket} does not hold ${value}`)
  }

  /** Number of entries in every chain. */
  lengthOfEach(): Uint16Array {
    return Uint16Array.from(this.lengths, (length) => length / entry)
  }

  /** The entries of a chain from its front: key, index and value. */
  entriesOf(bucket: number): [number, number, number][] {
    const chain = this.chains[bucket]
    const entries: [number, number, number][] = []
    for (let at = this.lengths[bucket] - entry; chain !== undefined && at >= 0; at -= entry) {
      entries.push([chain[at], chain[at + 1], chain[at + 2]])
    }
    return entries
  }
}
