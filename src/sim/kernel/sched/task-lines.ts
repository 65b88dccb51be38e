/**
 * The lines of task structures that a CPU must fetch again when it walks the run queue. schedule()
 * and the timer tick write counter, processor and has_cpu, which makes the line stale on all other
 * CPUs. Task structures start 8 KB blocks, so their lines compete for few cache sets; a set with
 * more of them than ways keeps none from walk to walk. Blocks lie next to each other, so sets fill
 * evenly (assumed). One line a task: the others load at the same time (assumed). Left out: the
 * links.
 */

/** Who has written is not known: stale on every CPU. */
export const anyCpu = -1

/**
 * Writes that are remembered: far more than there are between two walks of a CPU that is not idle.
 * A power of two.
 */
const remembered = 1024
const turn = remembered - 1
const unseen = -1
/** Stands for a slot where all lines were written to at once. */
const everySlot = -1

export class TaskLines {
  private readonly slots = new Int32Array(remembered)
  private readonly writers = new Int32Array(remembered)
  /** Writes so far; the last ones are in `slots` and `writers`, as a ring. */
  private writes = 0
  /** What each CPU has seen of them. */
  private readonly seen: Float64Array
  /** The walk in which a slot was counted last, so that it is counted once. */
  private counted = new Int32Array(64)
  private walks = 0

  constructor(
    cpus: number,
    /** Task structures that have a place in a cache at the same time. */
    private readonly places: number,
    /** Associativity of the cache. */
    private readonly ways: number,
  ) {
    this.seen = new Float64Array(cpus).fill(unseen)
  }

  /** `cpu` wrote to the line of the task in `slot`. */
  wrote(slot: number, cpu: number): void {
    const at = this.writes++ & turn
    this.slots[at] = slot
    this.writers[at] = cpu
  }

  /** `cpu` wrote to the lines of all tasks. */
  wroteAll(cpu: number): void {
    this.wrote(everySlot, cpu)
  }

  /**
   * A walk over `runnable` tasks on `cpu`: returns how many of their lines have been written to
   * elsewhere, and loads them. `onQueue` has 1 for the slots of those tasks.
   */
  walk(cpu: number, runnable: number, onQueue: Uint8Array): number {
    const from = this.seen[cpu]
    this.seen[cpu] = this.writes
    const behind = this.writes - from
    if (from === unseen || behind > remembered) return runnable
    if (onQueue.length > this.counted.length) this.counted = new Int32Array(onQueue.length)
    const { slots, writers, counted } = this
    const walk = ++this.walks
    let stale = 0
    for (let left = behind, at = from & turn; left > 0; left--, at = (at + 1) & turn) {
      if (writers[at] === cpu) continue
      const slot = slots[at]
      if (slot === everySlot) return runnable
      if (onQueue[slot] === 0 || counted[slot] === walk) continue
      counted[slot] = walk
      stale++
    }
    return stale
  }

  /** How many of so many runnable tasks share a set with more of them than it has ways. */
  crowded(runnable: number): number {
    // The head of the queue is the task structure of init_task, aligned like the others.
    const lines = runnable + 1
    if (lines <= this.places) return 0
    const { ways } = this
    const sets = Math.max(1, Math.floor(this.places / ways))
    const inEach = Math.floor(lines / sets)
    const fuller = lines - inEach * sets
    const crowded =
      (inEach + 1 > ways ? fuller * (inEach + 1) : 0) +
      (inEach > ways ? (sets - fuller) * inEach : 0)
    return Math.min(runnable, crowded)
  }
}
