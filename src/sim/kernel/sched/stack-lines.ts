/**
 * The lines that a switch to a task loads: of its task structure (state, thread, mm) and of its
 * kernel stack, from the frame of schedule() up to the system call's entry. Both share one aligned
 * 8 KB block, so these lines of all tasks compete for the same few sets of a cache. Each set holds
 * as many blocks as it has ways; the least recently used one is evicted. What another CPU ran in
 * the meantime is stale. Blocks lie next to each other (assumed). Left out: other data in the sets.
 */

/**
 * Lines of a task that a switch reads or writes: about 600 bytes of stack in six frames, 300 of its
 * structure (assumed).
 */
export const linesPerSwitch = 28

export class StackLines {
  /** Slots of tasks by CPU, set and way, the one used last first; −1: nothing. */
  private readonly held: Int32Array
  private readonly sets: number

  /**
   * @param places blocks that the cache of a CPU has room for
   * @param ways its associativity
   */
  constructor(
    cpus: number,
    places: number,
    private readonly ways: number,
  ) {
    this.sets = Math.max(1, Math.floor(places / ways))
    this.held = new Int32Array(cpus * this.sets * ways).fill(-1)
  }

  /**
   * `cpu` switches to the task in `slot`, which ran on the CPU `before` last. Returns the lines
   * that it loads.
   */
  switchTo(cpu: number, slot: number, before: number): number {
    const { held, ways, sets } = this
    const first = (cpu * sets + (slot % sets)) * ways
    let at = 0
    while (at < ways - 1 && held[first + at] !== slot) at++
    const found = held[first + at] === slot
    for (; at > 0; at--) held[first + at] = held[first + at - 1]!
    held[first] = slot
    return found && before === cpu ? 0 : linesPerSwitch
  }
}
