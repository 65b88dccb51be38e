/**
 * The sets of a cache that the same line of aligned 8 KB blocks competes for. Task structure and
 * kernel stack of a task are such a block, so a walk over n tasks touches n blocks in few sets, one
 * after another. Where a set has more of them than ways, each is evicted before the walk comes
 * back: all of that set miss. Where it has no more, all stay. Exact for walks in one order; when
 * the order changes, a full set keeps some. Left out: other data in these sets.
 */

/** A task structure with its kernel stack. */
export const blockBytes = 8192

/** A cache as these blocks see it. */
export interface CacheShape {
  readonly sets: number
  readonly ways: number
}

/** A cache that is smaller than a block a way has one set for all of them. */
export function shapeOf(cacheBytes: number, ways: number): CacheShape {
  return { sets: Math.max(1, Math.floor(cacheBytes / (ways * blockBytes))), ways }
}

/** How many blocks are in each set, and how many are in sets with more than have a place. */
export class SetCounts {
  private readonly counts: Int32Array
  private readonly places: Int32Array
  /** Blocks in sets that have more of them than places. */
  crowded = 0

  /** @param taken a set of which something else always has a place */
  constructor({ sets, ways }: CacheShape, taken = -1) {
    this.counts = new Int32Array(sets)
    this.places = new Int32Array(sets).fill(ways)
    if (taken >= 0) this.places[taken]--
  }

  add(set: number): void {
    const count = ++this.counts[set]
    const places = this.places[set]
    if (count > places) this.crowded += count === places + 1 ? count : 1
  }

  remove(set: number): void {
    const count = this.counts[set]--
    const places = this.places[set]
    if (count > places) this.crowded -= count === places + 1 ? count : 1
  }

  isCrowded(set: number): boolean {
    return this.counts[set] > this.places[set]
  }
}

/**
 * Blocks that each CPU has used outside of walks, by set, the least recently used one leaving.
 */
export class RecentBlocks {
  /** Slots of tasks by CPU, set and way, the one used last first; −1: nothing. */
  private readonly held: Int32Array

  constructor(
    cpus: number,
    private readonly shape: CacheShape,
  ) {
    this.held = new Int32Array(cpus * shape.sets * shape.ways).fill(-1)
  }

  /** `cpu` uses the block in `slot`. Whether its cache still had it. */
  use(cpu: number, slot: number, set: number): boolean {
    const { held } = this
    const { ways, sets } = this.shape
    const first = (cpu * sets + set) * ways
    let at = 0
    while (at < ways - 1 && held[first + at] !== slot) at++
    const found = held[first + at] === slot
    for (; at > 0; at--) held[first + at] = held[first + at - 1]
    held[first] = slot
    return found
  }
}
