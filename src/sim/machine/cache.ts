/** What is left of whom in the private level-2 cache of each CPU. */
export class CacheResidency {
  constructor(
    readonly cpus: number,
    readonly cacheBytes: number,
    readonly lineBytes: number,
    /** Time to load one line from memory, in nanoseconds. */
    readonly missNs: number,
  ) {}

  /** Declares a footprint of `bytes` bytes, resident nowhere; returns its index. */
  create(_bytes: number): number {
    throw new Error('not yet')
  }
  /** Gives the index back: it may be returned by a later `create`. */
  release(_f: number): void {}
  resize(_f: number, _bytes: number): void {}
  /** The whole footprint is used on `cpu`: returns the lines that must be loaded, and loads them. */
  use(_cpu: number, _f: number): number {
    throw new Error('not yet')
  }
  /** `lines` different lines of the footprint are touched: returns the expected misses (a fraction is possible). */
  touch(_cpu: number, _f: number, _lines: number): number {
    throw new Error('not yet')
  }
  /** `cpu` wrote to the footprint (to `lines` of its lines; all when left out): what other CPUs hold is stale. */
  invalidate(_cpu: number, _f: number, _lines?: number): void {}
  /** Share still resident on `cpu`, 0–1. Changes nothing. */
  warm(_cpu: number, _f: number): number {
    throw new Error('not yet')
  }
  /** Lines loaded so far on this CPU. */
  loaded(_cpu: number): number {
    throw new Error('not yet')
  }
}
