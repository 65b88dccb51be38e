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
import { grown } from './waiting-tasks'

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

  /** In which set each slot's lines are. */
  private sets = new Int32Array(0)

  constructor(private readonly shape: CacheShape) {
    this.cpu = new SetCounts(shape)
    this.link = new SetCounts(shape, setOfHead)
    this.rest = new SetCounts(shape)
  }

  /** Makes room for that many slots. */
  reserve(slots: number): void {
    this.sets = grown(new Int32Array(slots), this.sets)
  }

  enrol(slot: number, block: number): void {
    this.sets[slot] = block % this.shape.sets
  }

  setOf(slot: number): number {
    return this.sets[slot]
  }

  /** The task joins the queue, and no CPU runs it unless `runs`. */
  add(slot: number, runs: boolean): void {
    const set = this.sets[slot]
    this.cpu.add(set)
    this.link.add(set)
    if (!runs) this.rest.add(set)
  }

  remove(slot: number, runs: boolean): void {
    const set = this.sets[slot]
    this.cpu.remove(set)
    this.link.remove(set)
    if (!runs) this.rest.remove(set)
  }

  countRest(slot: number, by: 1 | -1): void {
    if (by === 1) this.rest.add(this.sets[slot])
    else this.rest.remove(this.sets[slot])
  }

  /** Which of these lines of a task have no lasting place, and miss in every walk anyway. */
  crowded(slot: number, lines: number): number {
    const set = this.sets[slot]
    let crowded = 0
    if ((lines & Line.cpu) !== 0 && this.cpu.isCrowded(set)) crowded |= Line.cpu
    if ((lines & Line.link) !== 0 && this.link.isCrowded(set)) crowded |= Line.link
    if ((lines & rest) !== 0 && this.rest.isCrowded(set)) crowded |= rest & lines
    return crowded
  }
}

export class TaskLines {
  private room = 64
  private onQueue = new Uint8Array(this.room)
  private runs = new Uint8Array(this.room)
  /** By slot and CPU: what of the task is stale there, and whether it is listed. */
  private stale: Uint8Array
  /** By CPU: slots of the queue that have something stale, and maybe others. */
  private readonly lists: number[][]
  private readonly headStale: Uint8Array
  private readonly first: Level
  private readonly last: Level
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
    this.first = new Level(first)
    this.last = new Level(last)
    this.first.reserve(this.room)
    this.last.reserve(this.room)
    this.recent = new RecentBlocks(cpus, last)
    this.stale = new Uint8Array(this.room * cpus)
    this.lists = Array.from({ length: cpus }, () => [])
    this.headStale = new Uint8Array(cpus).fill(1)
  }

  /** A new task in the `block`-th 8 KB of memory, written by a CPU: nobody else has any of it. */
  enrol(slot: number, block: number, by: number): void {
    if (slot >= this.room) this.grow()
    this.first.enrol(slot, block)
    this.last.enrol(slot, block)
    this.wrote(slot, by, allLines)
  }

  private grow(): void {
    this.room *= 2
    this.onQueue = grown(new Uint8Array(this.room), this.onQueue)
    this.runs = grown(new Uint8Array(this.room), this.runs)
    this.stale = grown(new Uint8Array(this.room * this.cpus), this.stale)
    this.first.reserve(this.room)
    this.last.reserve(this.room)
  }

  /** The task joins the queue. */
  add(slot: number): void {
    this.onQueue[slot] = 1
    this.length++
    const runs = this.runs[slot] === 1
    this.first.add(slot, runs)
    this.last.add(slot, runs)
    if (runs) this.running++
    const { stale, cpus } = this
    for (let cpu = 0, at = slot * cpus; cpu < cpus; cpu++, at++) {
      if (stale[at] === 0 || (stale[at] & listed) !== 0) continue
      stale[at] |= listed
      this.lists[cpu].push(slot)
    }
  }

  /** The task leaves the queue. */
  remove(slot: number): void {
    this.onQueue[slot] = 0
    this.length--
    const runs = this.runs[slot] === 1
    this.first.remove(slot, runs)
    this.last.remove(slot, runs)
    if (runs) this.running--
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
    this.first.countRest(slot, by)
    this.last.countRest(slot, by)
  }

  /** `cpu` wrote to these lines of a task. */
  wrote(slot: number, by: number, lines: number): void {
    const { stale, cpus } = this
    const isOnQueue = this.onQueue[slot] === 1
    for (let cpu = 0, at = slot * cpus; cpu < cpus; cpu++, at++) {
      if (cpu === by) continue
      let is = stale[at] | lines
      if (isOnQueue && (is & listed) === 0) {
        is |= listed
        this.lists[cpu].push(slot)
      }
      stale[at] = is
    }
  }

  /** `cpu` wrote to the head of the queue. */
  wroteHead(by: number): void {
    for (let cpu = 0; cpu < this.cpus; cpu++) if (cpu !== by) this.headStale[cpu] = 1
  }

  /**
   * A walk over the whole queue on `cpu`. Cycles that it waits for lines, which it has then.
   * @param previous the slot of who ran there and is still runnable, which is read like a waiting
   * one; −1: nobody
   */
  walk(cpu: number, previous: number): Cycles {
    if (previous >= 0) this.countRest(previous, 1)
    const { first, last, stale, cpus } = this
    const beyondFirst = first.cpu.crowded + first.link.crowded + restCount * first.rest.crowded
    const tasksMissing = last.link.crowded
    const missing = last.cpu.crowded + tasksMissing + restCount * last.rest.crowded
    // The head's own link is read before all.
    let staleTasks = this.headStale[cpu] === 1 || last.link.isCrowded(setOfHead) ? 1 : 0
    let staleLines = staleTasks
    let ownStale = 0
    this.headStale[cpu] = 0
    const list = this.lists[cpu]
    let kept = 0
    for (let index = 0; index < list.length; index++) {
      const slot = list[index]
      const at = slot * cpus + cpu
      const isRead = this.onQueue[slot] === 1
      const read = this.runs[slot] === 1 && slot !== previous ? ofRunning : allLines
      const lines = isRead ? stale[at] & read : 0
      const left = stale[at] & ~lines
      if (lines !== 0) {
        const apart = lines & ~last.crowded(slot, lines)
        staleLines += bitCounts[apart]
        ownStale += bitCounts[apart]
        if (apart !== 0 && !last.link.isCrowded(last.setOf(slot))) staleTasks++
      }
      const isKept = isRead && (left & allLines) !== 0
      if (isKept) list[kept++] = slot
      stale[at] = isKept ? left : left & ~listed
    }
    while (list.length > kept) list.pop()
    if (previous >= 0) this.countRest(previous, -1)
    const { hit, first: latency, further } = this.prices
    const hits = Math.max(0, beyondFirst - missing - ownStale)
    const firsts = tasksMissing + staleTasks
    return hits * hit + firsts * latency + (missing + staleLines - firsts) * further
  }

  /**
   * `cpu` reads lines of one task outside of a walk. Cycles that it waits for them. They are taken
   * to be in its cache unless another CPU wrote to them, the walks have no place for them, or it
   * has used too many others of the same set since.
   */
  read(cpu: number, slot: number, lines: number): Cycles {
    const { last, stale } = this
    const has = this.recent.use(cpu, slot, last.setOf(slot))
    const at = slot * this.cpus + cpu
    const missing = has ? lines & (stale[at] | last.crowded(slot, lines)) : lines
    stale[at] &= ~lines
    if (missing === 0) return 0
    return this.prices.first + (bitCounts[missing] - 1) * this.prices.further
  }
}
