/**
 * Events by select(): after each call the program looks through the returned bitmaps bit by bit
 * until it has met as many as select has told (src/comm.c of Squid 1.1). That is its own time, as
 * is filling the bitmaps, which it does itself.
 */
import type { Kernel } from '../../kernel/kernel'
import type { SelectSet } from '../../kernel/fs/poll/select-set'
import { Readiness } from '../../kernel/fs/poll/watchers'
import type { Path, Task } from '../../kernel/sched/task'
import type { EventSource, ReadyDescriptor } from './event-source'

/**
 * FD_ISSET of each bitmap: word and bit of a descriptor, a load that is waited for, a test; and the
 * loop around them, cycles (assumed: instructions, one a cycle in order).
 */
const collateStep = 19
const wordBits = 32
const none: readonly ReadyDescriptor[] = []

export class SelectEvents implements EventSource {
  private readonly set: SelectSet
  ready: readonly ReadyDescriptor[] = []

  constructor(private readonly kernel: Kernel) {
    this.set = kernel.selects.set()
  }

  get size(): number {
    return this.set.size
  }

  /** A bit of its own sets. */
  add(task: Task, descriptor: number, interest: number): undefined {
    this.kernel.selects.watch(task, this.set, descriptor, interest)
  }

  change(task: Task, descriptor: number, interest: number): undefined {
    this.add(task, descriptor, interest)
  }

  remove(task: Task, descriptor: number): undefined {
    this.add(task, descriptor, 0)
  }

  ask(task: Task, timeoutNs: number): Path<number> {
    return this.kernel.selects.select(task, this.set, timeoutNs)
  }

  collect(task: Task, found: number): Path | undefined {
    this.ready = none
    return found > 0 ? this.collate(task) : undefined
  }

  /**
   * The bitmaps that were returned, from the first descriptor to the last that is ready; to the end
   * of the sets when one is ready for both, of which the program counts one, and select two.
   */
  private collate(task: Task): Path {
    const { resultRead, resultWrite } = this.set
    const ready: ReadyDescriptor[] = []
    let passed = 0
    let isTwice = false
    resultRead.words.forEach((reads, word) => {
      const writes = resultWrite.words[word]
      for (let left = reads | writes; left !== 0; left &= left - 1) {
        const bit = left & -left
        const descriptor = word * wordBits + (wordBits - 1 - Math.clz32(bit))
        const bits =
          ((reads & bit) === 0 ? 0 : Readiness.readable) |
          ((writes & bit) === 0 ? 0 : Readiness.writable)
        ready.push({ descriptor, ready: bits })
        passed = descriptor + 1
        if (bits === (Readiness.readable | Readiness.writable)) isTwice = true
      }
    })
    this.ready = ready
    if (isTwice) passed = this.set.width
    return this.kernel.processes.goThrough(task, passed * collateStep)
  }
}
