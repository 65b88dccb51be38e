/**
 * What a stretch of page faults has cost, counted while it is gone through and charged at its end:
 * under the kernel lock and without it.
 */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { Looks, PageCache } from './page-cache'
import { pageBytes } from './page-frames'

export class FaultWork implements Looks {
  faults = 0
  /** Look-ups in the page cache, and the steps of their chains. */
  looks = 0
  steps = 0
  /** Pages that a fork had shared and that were nobody else's any more. */
  reused = 0
  cleared = 0
  /** Pages copied at a write, and copied from the page cache with the lock held. */
  copied = 0
  copiedLocked = 0

  /** filemap_nopage() with its copies, and what do_wp_page() does before it drops the lock. */
  chargeLocked(task: Task, base: KernelBase, pages: PageCache): void {
    const { cost, procedures } = base
    const node = task.node
    if (this.looks > 0) {
      task.node = base.call(task, procedures.filemap_nopage)
      pages.chargeLooks(task, this)
      if (this.copiedLocked > 0) {
        task.charge(this.copiedLocked * (cost.freePage + pageBytes * cost.copyPerByte))
      }
      task.node = node
    }
    // Each fault takes the lock and drops it.
    task.charge((this.reused + this.copied) * cost.freePage + this.faults * cost.spinLock)
  }

  /** Entry and return of each fault, pages cleared, pages copied at a write. */
  chargeUnlocked(task: Task, base: KernelBase): void {
    const { cost, procedures } = base
    const node = task.node
    task.charge(this.faults * cost.pageFault)
    if (this.cleared > 0) {
      task.node = base.call(task, procedures.do_anonymous_page)
      task.charge(this.cleared * (cost.freePage + pageBytes * cost.clearPerByte))
    }
    task.node = node
    if (this.copied > 0) {
      task.node = base.call(task, procedures.do_wp_page)
      task.charge(this.copied * pageBytes * cost.copyPerByte)
    }
    task.node = node
  }
}
