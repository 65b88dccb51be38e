/**
 * The lines of task structures that the scheduler reads and writes. goodness() and can_schedule
 * read five of 32 bytes of each task, of one that another CPU runs two (2.2.1, i386: byte offsets
 * from include/linux/sched.h). A line may be in the first level, in the last, in memory, or written
 * to by another CPU, which makes it stale here. What of a task comes from memory is asked for at
 * once: the first line takes the latency, each further one its time on the bus; the next task has
 * to wait for the link to it. Hits in the last level follow one another (assumed).
 */
import type { Cycles } from '../../units/cycles'
import type { CacheShape } from './cache-sets'
import { RecentBlocks, SetCounts } from './cache-sets'

/** Bits for the lines of a task structure. */
export const Line = {
  /** Bytes 0–31: state, need_resched, counter, priority. */
  state: 1,
  /** 32–63: avg_slice, has_cpu, processor, lock_depth. */
  cpu: 2,
  /** 64–95: next_run, prev_run. */
  link: 4,
  /** 128–159: policy. */
  policy: 8,
  /** 1,184: mm. */
  mm: 16,
} as const
export const allLines = 31
/** What is read of a task that another CPU runs. */
const ofRunning = Line.cpu | Line.link
const rest = allLines & ~ofRunning
const restCount = 3
/** Bit of a slot that stands in a CPU's list. */
const listed = 32

/** The head of the queue is the structure of init_task; in which set is not known (assumed). */
const setOfHead = 0

const bitCounts = Uint8Array.from(
  { length: 32 },
  (_, bits) => bits.toString(2).replace(/0/g, '').length,
)

/** What a line takes, in cycles. */
export interface LinePrices {
  /** From the last level. */
  readonly hit: Cycles
  /** From memory or another CPU's cache: the first of a task's, and each further one. */
  readonly first: Cycles
  readonly further: Cycles
}

/** One level: how full its sets are of each line of the tasks on the queue. */
class Level {
  readonly cpu: SetCounts
  readonly link: SetCounts
  /** Of tasks that no CPU runs: the other three lines. */
  readonly rest: SetCounts

  constructor(readonly shape: CacheShape) {
    this.cpu = new SetCounts(shape)
    this.link = new SetCounts(shape, setOfHead)
    this.rest = new SetCounts(shape)
  }

  setOf(block: number): number {
    return block % this.shape.sets
  }
}

export class TaskLines {
  private room = 64
  private blocks = new Int32Array(this.room)
  private onQueue = new Uint8Array(this.room)
  private runs = new Uint8Array(this.room)
  /** By CPU: what of each slot is stale there, and whether the slot is listed. */
  private readonly stale: Uint8Array[]
  /** By CPU: slots of the queue that have something stale, and maybe others. */
  private readonly lists: number[][]
  private readonly headStale: Uint8Array
  private readonly levels: readonly [Level, Level]
  private readonly recent: RecentBlocks
  private length = 0
  /** Tasks of the queue that some CPU runs. */
  running = 0

  constructor(
    private readonly cpus: number,
    first: CacheShape,
    last: CacheShape,
    private readonly prices: LinePrices,
  ) {
    this.levels = [new Level(first), new Level(last)]
    this.recent = new RecentBlocks(cpus, last)
    this.stale = Array.from({ length: cpus }, () => new Uint8Array(this.room))
    this.lists = Array.from({ length: cpus }, () => [])
    this.headStale = new Uint8Array(cpus).fill(1)
  }

  /** A new task in the `block`-th 8 KB of memory, written by a CPU: nobody else has any of it. */
  enrol(slot: number, block: number, by: number): void {
    if (slot >= this.room) this.grow()
    this.blocks[slot] = block
    this.wrote(slot, by, allLines)
  }

  private grow(): void {
    this.room *= 2
    const grown = <T extends Int32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    this.blocks = grown(new Int32Array(this.room), this.blocks)
    this.onQueue = grown(new Uint8Array(this.room), this.onQueue)
    this.runs = grown(new Uint8Array(this.room), this.runs)
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      this.stale[cpu] = grown(new Uint8Array(this.room), this.stale[cpu])
    }
  }

  /** The task joins the queue. */
  add(slot: number): void {
    this.onQueue[slot] = 1
    this.length++
    const block = this.blocks[slot]
    for (const level of this.levels) {
      const set = level.setOf(block)
      level.cpu.add(set)
      level.link.add(set)
      if (this.runs[slot] === 0) level.rest.add(set)
    }
    if (this.runs[slot] === 1) this.running++
    for (let cpu = 0; cpu < this.cpus; cpu++) this.list(cpu, slot)
  }

  /** The task leaves the queue. */
  remove(slot: number): void {
    this.onQueue[slot] = 0
    this.length--
    const block = this.blocks[slot]
    for (const level of this.levels) {
      const set = level.setOf(block)
      level.cpu.remove(set)
      level.link.remove(set)
      if (this.runs[slot] === 0) level.rest.remove(set)
    }
    if (this.runs[slot] === 1) this.running--
  }

  /** A CPU runs the task, or none does any more. */
  setRunning(slot: number, runs: boolean): void {
    if (this.runs[slot] === (runs ? 1 : 0)) return
    this.runs[slot] = runs ? 1 : 0
    if (this.onQueue[slot] === 0) return
    this.running += runs ? 1 : -1
    this.countRest(slot, runs ? -1 : 1)
  }

  private countRest(slot: number, by: 1 | -1): void {
    const block = this.blocks[slot]
    for (const level of this.levels) {
      if (by === 1) level.rest.add(level.setOf(block))
      else level.rest.remove(level.setOf(block))
    }
  }

  /** `cpu` wrote to these lines of a task. */
  wrote(slot: number, by: number, lines: number): void {
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      if (cpu === by) continue
      this.stale[cpu][slot] |= lines
      if (this.onQueue[slot] === 1) this.list(cpu, slot)
    }
  }

  /** `cpu` wrote to the head of the queue. */
  wroteHead(by: number): void {
    for (let cpu = 0; cpu < this.cpus; cpu++) if (cpu !== by) this.headStale[cpu] = 1
  }

  private list(cpu: number, slot: number): void {
    const stale = this.stale[cpu]
    if ((stale[slot] & allLines) === 0 || (stale[slot] & listed) !== 0) return
    stale[slot] |= listed
    this.lists[cpu].push(slot)
  }

  /**
   * A walk over the whole queue on `cpu`. Cycles that it waits for lines, which it has then.
   * @param previous the slot of who ran there and is still runnable, which is read like a waiting
   * one; −1: nobody
   */
  walk(cpu: number, previous: number): Cycles {
    if (previous >= 0) this.countRest(previous, 1)
    const [first, last] = this.levels
    const beyondFirst = first.cpu.crowded + first.link.crowded + restCount * first.rest.crowded
    const tasksMissing = last.link.crowded
    const missing = last.cpu.crowded + tasksMissing + restCount * last.rest.crowded
    // The head's own link is read before all.
    let staleTasks = this.headStale[cpu] === 1 || last.link.isCrowded(setOfHead) ? 1 : 0
    let staleLines = staleTasks
    let ownStale = 0
    this.headStale[cpu] = 0
    const stale = this.stale[cpu]
    const list = this.lists[cpu]
    let kept = 0
    for (const slot of list) {
      const isRead = this.onQueue[slot] === 1
      const read = this.runs[slot] === 1 && slot !== previous ? ofRunning : allLines
      const lines = isRead ? stale[slot] & read : 0
      stale[slot] &= ~lines
      if (lines !== 0) {
        const apart = lines & ~this.crowdedLines(last, slot)
        staleLines += bitCounts[apart]
        ownStale += bitCounts[apart]
        if (apart !== 0 && !last.link.isCrowded(last.setOf(this.blocks[slot]))) staleTasks++
      }
      if (isRead && (stale[slot] & allLines) !== 0) list[kept++] = slot
      else stale[slot] &= ~listed
    }
    while (list.length > kept) list.pop()
    if (previous >= 0) this.countRest(previous, -1)
    const { hit, first: latency, further } = this.prices
    const hits = Math.max(0, beyondFirst - missing - ownStale)
    const firsts = tasksMissing + staleTasks
    return hits * hit + firsts * latency + (missing + staleLines - firsts) * further
  }

  /** Lines of a task that its sets have no lasting place for, which miss in every walk anyway. */
  private crowdedLines(level: Level, slot: number): number {
    const set = level.setOf(this.blocks[slot])
    return (
      (level.cpu.isCrowded(set) ? Line.cpu : 0) |
      (level.link.isCrowded(set) ? Line.link : 0) |
      (level.rest.isCrowded(set) ? rest : 0)
    )
  }

  /**
   * `cpu` reads lines of one task outside of a walk. Cycles that it waits for them. They are taken
   * to be in its cache unless another CPU wrote to them, the walks have no place for them, or it
   * has used too many others of the same set since.
   */
  read(cpu: number, slot: number, lines: number): Cycles {
    const last = this.levels[1]
    const has = this.recent.use(cpu, slot, last.setOf(this.blocks[slot]))
    const stale = this.stale[cpu][slot]
    this.stale[cpu][slot] &= ~lines
    const missing = has ? lines & (stale | this.crowdedLines(last, slot)) : lines
    if (missing === 0) return 0
    return this.prices.first + (bitCounts[missing] - 1) * this.prices.further
  }
}
