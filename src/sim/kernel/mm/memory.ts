/**
 * The memory of processes as mm/memory.c and mmap.c of Linux 2.2 keep it: address spaces made,
 * copied at fork, shared by threads, mapped, grown, and given back. What is touched of it is there
 * by the faults of faults.ts.
 * Left out: page tables as pages, permissions.
 */
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { finish } from '../sched/task'
import type { Area, MappedFile } from './address-space'
import {
  AddressSpace,
  frameOf,
  guarded,
  isInSwap,
  spaceOf,
  swapSlotOf,
  untouched,
} from './address-space'
import type { Faults } from './faults'
import type { PageFrames } from './page-frames'
import type { Reclaim } from './reclaim'
import type { Swap } from './swap'

/** Pages that a child writes to between fork and exec (assumed: stack, libc data, environment). */
const childCopies = 6

export class Memory {
  private nextSpace = 0
  /**
   * Lists of address spaces that are gone, which new ones take: the host need not copy a list that
   * has lived for long.
   */
  private readonly spareEntries: number[][] = []

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly reclaim: Reclaim,
    private readonly swap: Swap,
    readonly faults: Faults,
  ) {}

  /** mm_alloc(): an empty address space, which the task has from now on. */
  begin(task: Task): AddressSpace {
    const space = new AddressSpace(this.nextSpace++, this.spareEntries.pop())
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

  /** do_mmap() of pages of a file. Nothing of it is there until it is touched. */
  map(space: AddressSpace, file: MappedFile, pages: number, filePage = 0): Area {
    file.users++
    return space.map(pages, file, filePage)
  }

  /** do_munmap() of a whole area. */
  unmap(task: Task, area: Area): MayWait {
    const space = spaceOf(task)
    if (!space?.unmap(area)) throw new Error(`task ${task.pid} unmaps what it has not mapped`)
    task.charge(area.pages * this.base.cost.pageTableEntry)
    for (let entry = area.first; entry < area.first + area.pages; entry++) {
      this.drop(space.entries[entry])
      if (space.entries[entry] >= 0) space.resident--
      else if (space.entries[entry] !== untouched) space.missing--
      space.entries[entry] = untouched
    }
    return area.file?.operations.put(task, area.file)
  }

  /** Every page of an address space that nobody has any more. */
  private giveBack(task: Task, space: AddressSpace): void {
    const { entries, size } = space
    const { cost } = this.base
    task.charge(size * cost.pageTableEntry)
    let freed = 0
    for (let at = 0; at < size; at++) if (this.drop(entries[at])) freed++
    task.charge(freed * cost.freePage)
    space.size = 0
    this.spareEntries.push(entries)
  }

  /** One entry of an address space is given up. True when its page is free now. */
  private drop(entry: number): boolean {
    if (entry >= 0) return this.swap.drop(frameOf(entry))
    if (isInSwap(entry)) this.swap.map.free(swapSlotOf(entry))
    return false
  }

  /** copy_page_range(): the child shares every page that is present, and both may only read. */
  private copy(task: Task, from: AddressSpace): AddressSpace {
    const { base, frames, reclaim } = this
    const node = task.node
    task.node = base.call(task, base.procedures.copy_page_range)
    const { entries: old, size } = from
    const entries = this.spareEntries.pop() ?? []
    let present = 0
    let inSwap = 0
    for (let at = 0; at < size; at++) {
      const entry = old[at]
      if (entry >= 0) {
        old[at] = guarded(entry)
        entries[at] = old[at]
        frames.share(frameOf(entry))
        present++
      } else if (isInSwap(entry)) {
        this.swap.map.duplicate(swapSlotOf(entry))
        entries[at] = entry
        inSwap++
      } else entries[at] = untouched
    }
    const areas = from.areas.slice()
    const space = new AddressSpace(this.nextSpace++, entries, size, areas, from.holes.slice())
    space.resident = present
    space.missing = inSwap
    for (const { file } of areas) if (file) file.users++
    reclaim.markUsed(space)
    reclaim.spaces.add(space)
    task.charge(size * base.cost.pageTableEntry)
    task.node = node
    return space
  }

  /** The pages that a process writes to after a fork: a child before it calls exec. */
  copyOnWrite(task: Task, pages = childCopies): Path {
    return finish(this.faults.writeLast(task, pages))
  }

  /** The heap grows by that many pages, which are written to. */
  *grow(task: Task, pages: number): Path {
    const space = spaceOf(task)
    if (!space) return
    const area = space.map(pages)
    yield* this.faults.touch(task, [{ area, from: 0, pages, writes: true }])
  }

  /**
   * mmput(): the task lets go of its memory; the last one that has it gives every page back
   * (exit_mmap).
   */
  *release(task: Task): Path {
    const { base, reclaim } = this
    const space = spaceOf(task)
    if (!space) return
    if (--space.users > 0) {
      task.mm = undefined
      base.dispatcher.scheduler.setSpace(task)
      return
    }
    const node = task.node
    task.node = base.call(task, base.procedures.zap_page_range)
    this.giveBack(task, space)
    reclaim.spaces.delete(space)
    task.mm = undefined
    base.dispatcher.scheduler.setSpace(task)
    for (const { file } of space.areas) if (file) yield* finish(file.operations.put(task, file))
    task.node = node
  }
}
