/** What each CPU's last level of cache holds of footprints: how a kernel asks for it. */
export interface Residency {
  readonly lineBytes: number
  readonly cacheBytes: number
  /** Lines that fit in one CPU's cache. */
  readonly cacheLines: number
  /** Footprints that have been declared and not released. */
  readonly inUse: number
  /** Declares a footprint of `bytes` bytes, resident nowhere; returns its index. */
  create(bytes: number): number
  /** Gives the index back: it may be returned by a later `create`. */
  release(footprint: number): void
  /** What is new in a grown footprint is resident nowhere. */
  resize(footprint: number, bytes: number): void
  /** The whole footprint is used on `cpu`: returns the lines that must be loaded. */
  use(cpu: number, footprint: number): number
  /**
   * `lines` different lines of the footprint are touched on `cpu`: returns how many of them are
   * expected to miss, which may be a fraction.
   */
  touch(cpu: number, footprint: number, lines: number): number
  /** The same; how many stands in `missed`, where the host makes no object of it. */
  read(cpu: number, footprint: number, lines: number): void
  readonly missed: number
  /** `cpu` wrote to `lines` lines of the footprint (to all when left out): stale on other CPUs. */
  invalidate(cpu: number, footprint: number, lines?: number): void
  /** Share of the footprint resident on `cpu`, 0–1. Changes nothing. */
  warm(cpu: number, footprint: number): number
}
