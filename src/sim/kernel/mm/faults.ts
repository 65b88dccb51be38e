/**
 * Page faults of Linux 2.2 (mm/memory.c, filemap_nopage): a page of a mapped file comes from the
 * page cache, read in clusters of 64 KB where it is not there (TR 99-4); an anonymous one that was
 * taken comes back from swap. A process for which there is no memory is killed, as do_page_fault of
 * the time did ("VM: killing process").
 */
import { TraceNote } from '../../observe/trace'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import { traceNote } from '../sched/trace-hooks'
import type { AddressSpace, MappedFile } from './address-space'
import { spaceOf, swapSlotOf, untouched } from './address-space'
import type { FilePages } from './file-pages'
import type { PageCache } from './page-cache'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame } from './page-frames'
import type { PageIo } from './page-io'
import type { Reclaim } from './reclaim'
import type { Swap } from './swap'

/** Pages of mmap's read cluster: 64 KB (TR 99-4). */
const clusterPages = 16

export class Faults {
  faults = 0
  majorFaults = 0
  /** Processes killed for want of memory. */
  kills = 0

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly pages: PageCache,
    private readonly pageIo: PageIo,
    private readonly reclaim: Reclaim,
    private readonly swap: Swap,
    private readonly filePages: FilePages,
  ) {}

  /**
   * filemap_nopage() of a page that is in the page cache: maps it. False when it has to be waited
   * for.
   */
  private faultFileNow(
    task: Task,
    space: AddressSpace,
    entry: number,
    inode: MappedFile,
    index: number,
  ): boolean {
    const { base, pages, frames } = this
    const frame = pages.find(inode, index, task)
    if (frame === noFrame || frames.isLocked(frame)) return false
    task.charge(base.cost.pageFault)
    this.faults++
    traceNote(base.dispatcher, TraceNote.fault, task)
    frames.share(frame)
    this.reclaim.markYoung(frame)
    space.entries[entry] = frame
    space.resident++
    return true
  }

  /** filemap_nopage(): maps one page of a file, reading its cluster if need be. */
  private *faultFile(
    task: Task,
    space: AddressSpace,
    entry: number,
    inode: MappedFile,
    index: number,
  ): Path {
    const { base, frames, pages, reclaim } = this
    task.charge(base.cost.pageFault)
    this.faults++
    let major = false
    for (;;) {
      const frame = pages.find(inode, index, task)
      if (frame !== noFrame && !frames.isLocked(frame)) {
        frames.share(frame)
        if (space.entries[entry] < 0) {
          reclaim.markYoung(frame)
          space.entries[entry] = frame
          space.resident++
        } else {
          frames.drop(frame)
        }
        break
      }
      if (frame !== noFrame) {
        yield* this.pageIo.wait(task, frame)
        continue
      }
      major = true
      const first = index - (index % clusterPages)
      yield* this.filePages.readPages(task, inode, first, clusterPages)
      if (pages.find(inode, index, task) === noFrame) {
        const alone = yield* this.filePages.readPages(task, inode, index, 1)
        if (!alone) {
          this.kill(task)
          return
        }
      }
    }
    if (major) this.majorFaults++
    traceNote(base.dispatcher, TraceNote.fault, task, major ? 1 : 0)
  }

  /**
   * A program that has just been mapped touches all of its text (assumed: what a run touches is all
   * that is mapped).
   */
  *touchFiles(task: Task, space: AddressSpace): Path {
    for (const { inode, first, pages } of space.mappings) {
      for (let index = 0; index < pages; index++) {
        if (!this.faultFileNow(task, space, first + index, inode, index)) {
          yield* this.faultFile(task, space, first + index, inode, index)
        }
      }
    }
  }

  /** Brings back what was taken from the process while it did not run. */
  *touchAgain(task: Task): Path {
    const { base, reclaim } = this
    const space = spaceOf(task) as AddressSpace
    const node = task.node
    task.node = base.call(task, base.procedures.do_page_fault)
    if (task.lockDepth++ === 0 && !base.dispatcher.lockNow(task)) yield Op.lock
    // down(&mm->mmap_sem): two threads must not bring the same page back.
    if (space.faulting) {
      const isFree = (): boolean => !space.faulting
      yield* base.dispatcher.waitEvent(task, space.faultWait, TaskState.uninterruptible, isFree)
    }
    space.faulting = true
    for (let at = 0; at < space.entries.length && space.missing > 0 && !task.killed; at++) {
      const entry = space.entries[at]
      if (entry >= 0) continue
      if (at < space.filePages) {
        const mapped = space.fileOf(at)
        if (!mapped) throw new Error(`page ${at} is not mapped from a file`)
        const { inode, index } = mapped
        if (!this.faultFileNow(task, space, at, inode, index)) {
          yield* this.faultFile(task, space, at, inode, index)
        }
        space.missing--
      } else if (entry !== untouched) {
        task.charge(base.cost.pageFault)
        this.faults++
        this.majorFaults++
        traceNote(base.dispatcher, TraceNote.fault, task, 1)
        task.node = base.call(task, base.procedures.do_swap_page)
        const frame = yield* this.swap.readIn(task, swapSlotOf(entry), this.takeForSwap)
        task.node = base.tree.parent[task.node]
        if (frame === noFrame) {
          this.kill(task)
          break
        }
        space.entries[at] = frame
        reclaim.markYoung(frame)
        space.resident++
        space.missing--
      }
    }
    space.faulting = false
    if (space.faultWait.length > 0) base.dispatcher.wakeAll(space.faultWait, task)
    if (--task.lockDepth === 0) yield Op.unlock
    task.node = node
  }

  private readonly takeForSwap = (task: Task): Path<number> =>
    this.reclaim.take(task, FrameUse.swapCache, true)

  /** There is no memory for the process: it ends at its next return to user mode. */
  kill(task: Task): void {
    task.killed = true
    this.kills++
    this.reclaim.outOfMemory++
  }
}
