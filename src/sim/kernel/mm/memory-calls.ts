/**
 * The system calls on memory, as programs and the dynamic linker make them (mm/mmap.c and
 * mprotect.c of Linux 2.2.1). All of them hold the kernel lock and none of them waits: who makes
 * them takes the lock for all that it makes, with the faults that follow (Faults.touch).
 */
import type { KernelBase } from '../sched/base'
import type { MayWait, Task } from '../sched/task'
import type { Area, MappedFile } from './address-space'
import { memoryOf } from './address-space'
import type { Memory } from './memory'

export class MemoryCalls {
  constructor(
    private readonly base: KernelBase,
    private readonly memory: Memory,
  ) {}

  /** mmap() of pages of a file, or of anonymous memory. Nothing of it is there yet. */
  mmap(task: Task, pages: number, file?: MappedFile, filePage = 0): Area {
    const { base, memory } = this
    base.callNow(task, base.procedures.old_mmap, base.cost.mapArea)
    const space = memoryOf(task)
    return file ? memory.map(space, file, pages, filePage) : space.map(pages)
  }

  /** munmap() of a whole area, which may be the last user of a file that has no name any more. */
  munmap(task: Task, area: Area): MayWait {
    const { base } = this
    base.callNow(task, base.procedures.sys_munmap, base.cost.unmapArea)
    return this.memory.unmap(task, area)
  }

  /** mprotect() of part of an area, which is split in two. */
  mprotect(task: Task): void {
    const { base } = this
    base.callNow(task, base.procedures.sys_mprotect, base.cost.mapArea)
  }

  /** brk(): the heap ends so many pages further on. */
  brk(task: Task, pages: number): Area {
    const { base } = this
    base.callNow(task, base.procedures.sys_brk, base.cost.brk)
    return memoryOf(task).map(pages)
  }
}
