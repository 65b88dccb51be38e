/**
 * The memory of processes as mm/memory.c and mmap.c of Linux 2.2 keep it: address spaces made,
 * copied at fork, shared by threads, grown, and given back. Text is mapped from the page cache,
 * data is anonymous memory, copied at the first write after a fork.
 * Left out: page tables as pages, separate stacks, permissions.
 */
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { Rest } from '../sched/task'
import type { MappedFile } from './address-space'
import { AddressSpace, spaceOf, swapSlotOf, untouched } from './address-space'
import type { Faults } from './faults'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame, pageBytes } from './page-frames'
import type { Reclaim } from './reclaim'
import type { Swap } from './swap'

/** Pages that a child writes to between fork and exec (assumed: stack, libc data, environment). */
const childCopies = 6

export class Memory {
  private nextSpace = 0

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly reclaim: Reclaim,
    private readonly swap: Swap,
    readonly faults: Faults,
  ) {}

  /** mm_alloc(): an empty address space, which the task has from now on. */
  begin(task: Task): AddressSpace {
    const space = new AddressSpace(this.nextSpace++)
    this.reclaim.spaces.add(space)
    this.use(task, space)
    return space
  }

  /** clone() with CLONE_VM: the thread has the address space that the task has. */
  share(task: Task, thread: Task): void {
    const space = spaceOf(task)
    if (!space) throw new Error(`task ${task.pid} has no memory to share`)
    space.users++
    this.use(thread, space)
  }

  /** copy_mm(): the child has a copy of the task's memory, if that has any. */
  inherit(task: Task, child: Task): void {
    const from = spaceOf(task)
    if (from) child.mm = this.copy(task, from)
    this.base.dispatcher.scheduler.setSpace(child)
  }

  private use(task: Task, space: AddressSpace): void {
    task.mm = space
    this.base.dispatcher.scheduler.setSpace(task)
  }

  /**
   * do_mmap(): the first pages of a file, before any other memory. Nothing of it is there until it
   * is touched.
   */
  map(space: AddressSpace, file: MappedFile, pages: number): void {
    space.map(file, pages)
    file.users++
  }

  /** copy_page_range(): the child shares every page that is present. */
  private copy(task: Task, from: AddressSpace): AddressSpace {
    const { base, frames, reclaim } = this
    const node = task.node
    task.node = base.call(task, base.procedures.copy_page_range)
    const entries = from.entries.slice()
    const space = new AddressSpace(this.nextSpace++, entries)
    for (let at = 0; at < entries.length; at++) {
      if (entries[at] >= 0) {
        frames.share(entries[at])
        space.resident++
      } else {
        // What is in swap stays the parent's; the child has it read when it needs it, which before
        // exec it does not.
        entries[at] = untouched
      }
    }
    for (const mapping of from.mappings) {
      space.mappings.push(mapping)
      mapping.inode.users++
    }
    space.filePages = from.filePages
    reclaim.markUsed(space)
    reclaim.spaces.add(space)
    task.charge(from.entries.length * base.cost.pageTableEntry)
    task.node = node
    return space
  }

  /** The pages that a child writes to before it calls exec. */
  *copyOnWrite(task: Task): Path {
    const { base, frames, reclaim } = this
    const node = task.node
    task.node = base.call(task, base.procedures.do_wp_page)
    const space = spaceOf(task)
    if (space) {
      let copies = 0
      for (let at = space.entries.length - 1; at >= space.filePages && copies < childCopies; at--) {
        const shared = space.entries[at]
        if (shared < 0) continue
        copies++
        let frame = reclaim.takeNow(task, FrameUse.anonymous)
        if (frame === noFrame) frame = yield* reclaim.take(task, FrameUse.anonymous, true)
        task.charge(base.cost.pageFault + pageBytes * base.cost.copyPerByte)
        this.faults.faults++
        if (frame === noFrame) {
          this.faults.kill(task)
          break
        }
        space.entries[at] = frame
        reclaim.markYoung(frame)
        frames.drop(shared)
      }
    }
    task.node = node
    if (task.killed) throw new Killed()
  }

  /** do_anonymous_page(): that many new pages, cleared. */
  *grow(task: Task, pages: number): Path {
    const { base, reclaim } = this
    const { cost } = base
    const space = spaceOf(task)
    if (!space) return
    const node = task.node
    task.node = base.call(task, base.procedures.do_anonymous_page)
    const cleared = Math.round(cost.pageFault + pageBytes * cost.clearPerByte)
    for (let left = pages; left > 0; left--) {
      const taken = this.growNow(space, left)
      task.charge(taken * (cost.freePage + cleared))
      left -= taken
      if (left === 0) break
      const frame = yield* reclaim.take(task, FrameUse.anonymous, true)
      task.charge(cleared)
      if (frame === noFrame) {
        this.faults.faults++
        this.faults.kill(task)
        break
      }
      this.addAnonymous(space, frame)
    }
    task.node = node
    if (task.killed) throw new Killed()
  }

  /** As many of the pages as there are without reclaim, at once. Returns how many. */
  private growNow(space: AddressSpace, pages: number): number {
    const { frames, reclaim } = this
    let taken = 0
    while (taken < pages && reclaim.plenty) {
      this.addAnonymous(space, frames.take(FrameUse.anonymous))
      taken++
    }
    return taken
  }

  private addAnonymous(space: AddressSpace, frame: number): void {
    this.faults.faults++
    space.entries.push(frame)
    this.reclaim.markYoung(frame)
    space.resident++
  }

  /**
   * mmput(): the task lets go of its memory; the last one that has it gives every page back
   * (exit_mmap).
   */
  *release(task: Task): Path {
    const { base, frames, reclaim } = this
    const space = spaceOf(task)
    if (!space) return
    if (--space.users > 0) {
      task.mm = undefined
      base.dispatcher.scheduler.setSpace(task)
      return
    }
    const node = task.node
    task.node = base.call(task, base.procedures.zap_page_range)
    task.charge(space.entries.length * base.cost.pageTableEntry)
    let freed = 0
    for (const entry of space.entries) {
      if (entry >= 0) {
        if (frames.drop(entry)) freed++
      } else if (entry !== untouched) this.swap.freeSlot(swapSlotOf(entry))
    }
    task.charge(freed * base.cost.freePage)
    reclaim.spaces.delete(space)
    task.mm = undefined
    base.dispatcher.scheduler.setSpace(task)
    for (const { inode } of space.mappings) {
      const put = inode.operations.put(task, inode)
      if (put instanceof Rest) yield* put.path
    }
    task.node = node
  }
}
