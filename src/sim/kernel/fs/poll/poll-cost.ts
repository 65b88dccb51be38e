/**
 * What asking descriptors costs in Linux 2.2, and what of it waits for memory. A descriptor's
 * answer goes through these lines (2.2.1, i386, 32 bytes): its struct file, dentry, socket (two)
 * and sock (five: state and errors, sleep, the windows' sequence numbers, the send buffer's
 * counts); and three quarters of a line of the caller's array, the kernel's copy of it, the file
 * table and the wait table. Those of a descriptor that has hinted are in the cache: a packet has
 * just been through them.
 */
import { cyclesOf } from '../../../machine/core'
import type { Cycles } from '../../../units/cycles'
import type { KernelBase } from '../../sched/base'
import type { Task } from '../../sched/task'
import type { WatchSet } from './watch-set'

/** What one __get_free_page of the wait table has room for: 16 bytes an entry, 12 of header. */
const entriesPerPage = Math.floor((4096 - 12) / 16)

const bytesPerDescriptor = (1 + 1 + 2 + 5) * 32 + 24

export class PollCost {
  /** The driver is called, cycles. */
  readonly descriptor: Cycles
  /** put_user of what was found. */
  readonly writeBack: Cycles
  private readonly pageStep: Cycles

  constructor(private readonly base: KernelBase) {
    const { cost, machine } = base
    this.descriptor = cost.pollDescriptor
    this.writeBack = cost.pollWriteBack
    // The first lines of pages have one place in a first-level cache whose ways are a page.
    this.pageStep = cost.pollTablePage + cyclesOf(machine.l2HitNs, machine.clockMHz)
  }

  /**
   * __pollwait() for so many descriptors, when the table has some already: each walks the table's
   * pages from the first.
   */
  register(before: number, entries: number): Cycles {
    const perPage = entriesPerPage
    const pages = (count: number): number => Math.floor(count / perPage)
    // Sum of pages(i) for i below n.
    const walked = (n: number): number => {
      const full = pages(n)
      return (perPage * full * (full - 1)) / 2 + (n - full * perPage) * full
    }
    const steps = walked(before + entries) - walked(before)
    const newPages = pages(before + entries) - pages(before)
    const { pollWait, freePage } = this.base.cost
    return entries * pollWait + steps * this.pageStep + newPages * freePage
  }

  /** free_wait(). */
  unregister(set: WatchSet): Cycles {
    const cycles = set.registered * this.base.cost.pollUnwait
    set.registered = 0
    return cycles
  }

  /** Cycles that a walk over all of a set's structures waits for memory. */
  missesOfAll(task: Task, set: WatchSet): Cycles {
    const { cache, missCycles } = this.base
    return cache.use(task.processor, set.footprintIn(cache, bytesPerDescriptor)) * missCycles
  }
}
