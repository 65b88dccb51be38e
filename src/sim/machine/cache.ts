/**
 * What each CPU's private last-level cache still holds of each footprint (a task's working set, a
 * kernel structure), in LRU order. Whole use moves a footprint to the young end. Partial use splits
 * it: lines touched lately, and the rest. When the rest is down to half of the young part, both
 * become the rest, in the young part's place. The miss rate is within 12 points of a true LRU list.
 * Left out: sets, the first level, bus contention, which lines are touched (evenly). A footprint
 * finds what is left before it loads: n of F lines in turn miss min(F, nF - C) in a cache of C.
 */
import type { Residency } from './residency'

const negligible = 1e-6
/** The rest is joined with the young part when it has this many times fewer lines. */
const restShare = 2

export class CacheResidency implements Residency {
  /** Lines that fit in one CPU's cache. */
  readonly cacheLines: number

  private readonly sizes: number[] = []
  private readonly released: number[] = []
  /** Lines that the last `read` had to load. */
  missed = 0
  private readonly used: Float64Array
  private readonly loadedLines: Float64Array

  // Nodes of the per-CPU rings: first one head per CPU, then two nodes per footprint and CPU.
  private held: Float64Array
  private next: Int32Array
  private previous: Int32Array
  /** Which of a footprint's two nodes is the young one, by footprint × CPU. */
  private young: Uint8Array

  /** @throws RangeError unless there are CPUs, a cache and lines in it. */
  constructor(
    readonly cpus: number,
    readonly cacheBytes: number,
    readonly lineBytes: number,
    /** Time to load one line from memory, in nanoseconds. */
    readonly missNs: number,
  ) {
    if (!(cpus >= 1 && lineBytes >= 1 && cacheBytes >= lineBytes && missNs >= 0)) {
      throw new RangeError(`no cache of ${cacheBytes} bytes in lines of ${lineBytes} bytes`)
    }
    this.cacheLines = Math.floor(cacheBytes / lineBytes)
    this.used = new Float64Array(cpus)
    this.loadedLines = new Float64Array(cpus)
    const nodes = cpus * (1 + 2 * 64)
    this.held = new Float64Array(nodes)
    this.next = new Int32Array(nodes).fill(-1)
    this.previous = new Int32Array(nodes).fill(-1)
    this.young = new Uint8Array(cpus * 64)
    for (let cpu = 0; cpu < cpus; cpu++) {
      this.next[cpu] = cpu
      this.previous[cpu] = cpu
    }
  }

  get inUse(): number {
    return this.sizes.length - this.released.length
  }

  /** Declares a footprint of `bytes` bytes, resident nowhere; returns its index. */
  create(bytes: number): number {
    const footprint = this.released.pop() ?? this.sizes.length
    this.sizes[footprint] = this.linesOf(bytes)
    this.reserve(footprint + 1)
    return footprint
  }

  /** Gives the index back: it may be returned by a later `create`. */
  release(footprint: number): void {
    for (let cpu = 0; cpu < this.cpus; cpu++) this.keep(cpu, footprint, 0)
    this.sizes[footprint] = 0
    this.released.push(footprint)
  }

  /** What is new in a grown footprint is resident nowhere; a shrunken one keeps its share. */
  resize(footprint: number, bytes: number): void {
    const before = this.sizes[footprint]!
    const lines = this.linesOf(bytes)
    this.sizes[footprint] = lines
    if (lines >= before) return
    for (let cpu = 0; cpu < this.cpus; cpu++) this.keep(cpu, footprint, lines / before)
  }

  /**
   * The whole footprint is used on `cpu`: returns the lines that must be loaded, and loads them.
   */
  use(cpu: number, footprint: number): number {
    const lines = this.sizes[footprint]!
    if (lines === 0) return 0
    const { held, next } = this
    const slot = footprint * this.cpus + cpu
    const young = this.young[slot]!
    const node = this.cpus + 2 * slot + young
    const old = node + 1 - 2 * young
    const missed = Math.max(0, lines - held[node]! - held[old]!)
    if (next[old]! >= 0) {
      this.remove(old)
      held[old] = 0
    }
    held[node] = lines
    if (next[cpu] !== node) {
      if (next[node]! >= 0) this.remove(node)
      this.insert(cpu, node)
    }
    if (missed > 0) this.load(cpu, missed)
    return missed
  }

  /**
   * `lines` different lines of the footprint are touched on `cpu`: returns how many of them are
   * expected to miss, which may be a fraction, and loads them.
   */
  touch(cpu: number, footprint: number, lines: number): number {
    this.read(cpu, footprint, lines)
    return this.missed
  }

  /** The same; how many missed stands in `missed`, where the host makes no object of it. */
  read(cpu: number, footprint: number, lines: number): void {
    const size = this.sizes[footprint]!
    if (size === 0 || lines <= 0) {
      this.missed = 0
      return
    }
    const share = lines < size ? lines / size : 1
    const { held, next } = this
    const slot = footprint * this.cpus + cpu
    const young = this.young[slot]!
    let node = this.cpus + 2 * slot + young
    let old = node + 1 - 2 * young
    let heldYoung = held[node]!
    let heldOld = held[old]!
    if (heldYoung === 0) {
      if (next[node]! < 0) this.insert(cpu, node)
    } else if (heldOld < 1 || heldOld * restShare < heldYoung) {
      heldOld += heldYoung
      heldYoung = 0
      const grown = node
      node = old
      old = grown
      this.young[slot] = 1 - young
      if (next[node]! >= 0) this.remove(node)
      this.insert(cpu, node)
    }
    const refreshed = heldOld * share
    const missed = Math.max(0, size - heldOld - heldYoung) * share
    heldYoung += refreshed + missed
    heldOld -= refreshed
    if (heldOld < negligible) {
      heldYoung += heldOld
      heldOld = 0
      if (next[old]! >= 0) this.remove(old)
    }
    held[node] = heldYoung
    held[old] = heldOld
    this.missed = missed
    if (missed > 0) this.load(cpu, missed)
  }

  /** `cpu` wrote to `lines` lines of the footprint (to all when left out): stale on other CPUs. */
  invalidate(cpu: number, footprint: number, lines = Infinity): void {
    const size = this.sizes[footprint]!
    const kept = lines < size ? 1 - lines / size : 0
    for (let other = 0; other < this.cpus; other++) {
      if (other !== cpu) this.keep(other, footprint, kept)
    }
  }

  /** Share of the footprint resident on `cpu`, 0–1. Changes nothing. */
  warm(cpu: number, footprint: number): number {
    const size = this.sizes[footprint]!
    if (size === 0) return 0
    const node = this.youngNode(cpu, footprint)
    const held = this.held[node]! + this.held[this.oldNode(cpu, footprint)]!
    return Math.min(1, held / size)
  }

  /** Lines loaded on `cpu` so far. */
  loaded(cpu: number): number {
    return this.loadedLines[cpu]!
  }

  /** Lines resident on `cpu`, of all footprints. */
  resident(cpu: number): number {
    return this.used[cpu]!
  }

  private linesOf(bytes: number): number {
    if (!(bytes >= 0)) throw new RangeError(`a footprint is at least 0 bytes, not ${bytes}`)
    return Math.ceil(bytes / this.lineBytes)
  }

  private youngNode(cpu: number, footprint: number): number {
    const slot = footprint * this.cpus + cpu
    return this.cpus + 2 * slot + this.young[slot]!
  }

  private oldNode(cpu: number, footprint: number): number {
    const slot = footprint * this.cpus + cpu
    return this.cpus + 2 * slot + 1 - this.young[slot]!
  }

  private load(cpu: number, lines: number): void {
    this.loadedLines[cpu]! += lines
    let excess = this.used[cpu]! + lines - this.cacheLines
    this.used[cpu]! += excess > 0 ? lines - excess : lines
    while (excess > 0) {
      const oldest = this.previous[cpu]!
      // Rounding may leave a trace of excess when all is gone.
      if (oldest === cpu) return
      const held = this.held[oldest]!
      if (held - excess > negligible) {
        this.held[oldest] = held - excess
        return
      }
      this.held[oldest] = 0
      this.remove(oldest)
      // A remainder too small to keep leaves with its node.
      this.used[cpu]! -= Math.max(0, held - excess)
      excess -= held
    }
  }

  /** Leaves `share` of what `cpu` holds of the footprint. */
  private keep(cpu: number, footprint: number, share: number): void {
    const first = this.cpus + 2 * (footprint * this.cpus + cpu)
    for (let node = first; node <= first + 1; node++) {
      const held = this.held[node]!
      if (held === 0) {
        if (this.next[node]! >= 0) this.remove(node)
        continue
      }
      const left = held * share < negligible ? 0 : held * share
      this.used[cpu]! -= held - left
      this.held[node] = left
      if (left === 0) this.remove(node)
    }
  }

  private insert(head: number, node: number): void {
    const second = this.next[head]!
    this.next[node] = second
    this.previous[node] = head
    this.previous[second] = node
    this.next[head] = node
  }

  private remove(node: number): void {
    const after = this.next[node]!
    const before = this.previous[node]!
    this.next[before] = after
    this.previous[after] = before
    this.next[node] = -1
    this.previous[node] = -1
  }

  private reserve(footprints: number): void {
    if (footprints * this.cpus <= this.young.length) return
    const slots = 2 * this.young.length
    const nodes = this.cpus + 2 * slots
    const grown = <T extends Float64Array | Int32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    this.held = grown(new Float64Array(nodes), this.held)
    this.next = grown(new Int32Array(nodes).fill(-1), this.next)
    this.previous = grown(new Int32Array(nodes).fill(-1), this.previous)
    this.young = grown(new Uint8Array(slots), this.young)
  }
}
