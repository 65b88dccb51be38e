/**
 * Page faults of Linux 2.2 (mm/memory.c, filemap_nopage). A program goes through stretches of its
 * areas; what is not there comes from the page cache, in clusters of 64 KB where it has to be read
 * (TR 99-4), is cleared, copied at a first write, or read back from swap. The kernel lock is held
 * as handle_pte_fault of 2.2.1 does: to find a page and to copy one that is not to be shared, but
 * not to clear one nor to copy at a write. It is taken once for a stretch, not for each page: spin
 * time is the same in the mean. A process for which there is no memory is killed.
 */
import { TraceNote } from '../../observe/trace'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { MayWait, Path, Task } from '../sched/task'
import { Op, Rest, TaskState } from '../sched/task'
import { traceNote } from '../sched/trace-hooks'
import type { AddressSpace, Area } from './address-space'
import {
  frameOf,
  guarded,
  isGuarded,
  isInSwap,
  memoryOf,
  spaceOf,
  swapSlotOf,
  unmapped,
  untouched,
} from './address-space'
import { FaultWork } from './fault-work'
import type { FilePages } from './file-pages'
import type { PageCache } from './page-cache'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame } from './page-frames'
import type { PageIo } from './page-io'
import type { Reclaim } from './reclaim'
import type { Swap } from './swap'

/** Pages of mmap's read cluster: 64 KB (TR 99-4). */
const clusterPages = 16

/** A stretch of an area that a program goes through, reading or writing. */
export interface Touch {
  readonly area: Area
  /** Counted from the start of the area. */
  readonly from: number
  readonly pages: number
  readonly writes: boolean
}

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
   * The program goes through these stretches in this order.
   * @param before calls that it makes first, which may add to the stretches: the kernel lock is
   * taken once for them and for the faults
   * @throws Killed when there is no memory for it
   */
  *touch(task: Task, touches: readonly Touch[], before?: Path): Path {
    const { base } = this
    let node = task.node
    if (before) {
      if (task.lockDepth++ === 0) yield Op.lock
      yield* before
      node = task.node
      task.node = base.call(task, base.procedures.do_page_fault)
    } else {
      if (!this.anyFaults(task, touches)) return
      task.node = base.call(task, base.procedures.do_page_fault)
      if (task.lockDepth++ === 0) yield Op.lock
    }
    const space = memoryOf(task)
    if (space.faulting) yield* this.waitForOthers(task, space)
    space.faulting = true
    const work = new FaultWork()
    for (const { area, from, pages, writes } of touches) {
      const end = area.first + from + pages
      for (let at = area.first + from; at < end && !task.killed; at++) {
        at = writes
          ? this.writeNow(space, area, at, end, work)
          : this.readNow(space, area, at, end, work)
        if (at < end) yield* this.touchSlowly(task, space, area, at, writes, work)
      }
    }
    this.count(task, work)
    this.leave(task, space)
    work.chargeLocked(task, base, this.pages)
    if (--task.lockDepth === 0) yield Op.unlock
    work.chargeUnlocked(task, base)
    task.node = node
    if (task.killed) throw new Killed()
  }

  /** Whether any page of the stretches is not as the program needs it. */
  private anyFaults(task: Task, touches: readonly Touch[]): boolean {
    const { entries } = memoryOf(task)
    for (const { area, from, pages, writes } of touches) {
      const end = area.first + from + pages
      for (let at = area.first + from; at < end; at++) {
        const entry = entries[at]
        if (entry < 0) return true
        if (writes && (isGuarded(entry) || !this.isAnonymous(entry))) return true
      }
    }
    return false
  }

  /** A page that is in no file: one in the swap cache is, too. */
  private isAnonymous(frame: number): boolean {
    const use = this.frames.useOf(frame)
    return use === FrameUse.anonymous || use === FrameUse.swapCache
  }

  /**
   * The last pages of the process that are there are written to, which copies what is shared. As
   * long as there is memory that needs the kernel lock for less than a microsecond each: it is
   * charged, and not taken.
   */
  writeLast(task: Task, count: number): MayWait {
    const space = spaceOf(task)
    if (!space) return undefined
    const touches: Touch[] = []
    const work = new FaultWork()
    let isDone = !space.faulting
    let left = count
    for (let at = space.size - 1; at >= 0 && left > 0; at--) {
      const entry = space.entries[at]
      if (entry < 0 || !this.isAnonymous(frameOf(entry))) continue
      left--
      const area = space.areaOf(at)
      touches.push({ area, from: at - area.first, pages: 1, writes: true })
      isDone = isDone && this.writeNow(space, area, at, at + 1, work) > at
    }
    const node = task.node
    task.node = this.base.call(task, this.base.procedures.do_page_fault)
    this.count(task, work)
    work.chargeLocked(task, this.base, this.pages)
    work.chargeUnlocked(task, this.base)
    task.node = node
    return isDone ? undefined : new Rest(this.touch(task, touches))
  }

  private count(task: Task, { faults }: FaultWork): void {
    this.faults += faults
    const { dispatcher, tree } = this.base
    if (!tree.trace) return
    for (let fault = 0; fault < faults; fault++) traceNote(dispatcher, TraceNote.fault, task)
  }

  /** Reads from `at` on. Returns the first page that has to be waited for, or `end`. */
  private readNow(
    space: AddressSpace,
    { first, file, filePage }: Area,
    at: number,
    end: number,
    work: FaultWork,
  ): number {
    const { entries } = space
    const { frames, pages, reclaim } = this
    for (; at < end; at++) {
      const entry = entries[at]
      if (entry >= 0) continue
      if (!file || isInSwap(entry)) break
      const frame = pages.look(file, filePage + at - first, work)
      if (frame === noFrame || frames.isLocked(frame)) break
      work.faults++
      frames.share(frame)
      reclaim.markYoung(frame)
      entries[at] = frame
      space.resident++
      if (entry === unmapped) space.missing--
    }
    return at
  }

  /** Writes from `at` on. Returns the first page that has to be waited for, or `end`. */
  private writeNow(
    space: AddressSpace,
    { first, file, filePage }: Area,
    at: number,
    end: number,
    work: FaultWork,
  ): number {
    const { entries } = space
    const { frames, pages, reclaim } = this
    for (; at < end; at++) {
      const entry = entries[at]
      if (entry >= 0) {
        if (!isGuarded(entry) && this.isAnonymous(frameOf(entry))) continue
        if (this.reuse(space, at, work)) continue
        if (!reclaim.plenty) break
        this.giveCopy(space, at, frames.take(FrameUse.anonymous), work)
        continue
      }
      if (isInSwap(entry) || !reclaim.plenty) break
      if (file) {
        const cached = pages.look(file, filePage + at - first, work)
        if (cached === noFrame || frames.isLocked(cached)) break
        work.copiedLocked++
        if (entry === unmapped) space.missing--
      } else work.cleared++
      this.give(space, at, frames.take(FrameUse.anonymous), work)
    }
    return at
  }

  private give(space: AddressSpace, at: number, frame: number, work: FaultWork): void {
    work.faults++
    space.entries[at] = frame
    space.resident++
    this.reclaim.markYoung(frame)
  }

  /** do_wp_page(): a page that nobody else has any more need not be copied. True when it is one. */
  private reuse({ entries }: AddressSpace, at: number, work: FaultWork): boolean {
    const entry = entries[at]
    if (entry < 0) return false
    const frame = frameOf(entry)
    if (!this.isAnonymous(frame) || !this.swap.makeOwn(frame)) return false
    entries[at] = frame
    work.faults++
    work.reused++
    return true
  }

  /** do_wp_page(): a page of its own in the place of a shared one. */
  private giveCopy(space: AddressSpace, at: number, frame: number, work: FaultWork): void {
    const shared = frameOf(space.entries[at])
    space.resident--
    this.give(space, at, frame, work)
    this.frames.drop(shared)
    work.copied++
  }

  /** One page that has to be waited for: the disk, or memory. */
  private *touchSlowly(
    task: Task,
    space: AddressSpace,
    area: Area,
    at: number,
    writes: boolean,
    work: FaultWork,
  ): Path {
    if (isInSwap(space.entries[at])) yield* this.swapIn(task, space, at, writes)
    else if (area.file && space.entries[at] < 0) yield* this.faultFile(task, space, area, at)
    if (!writes || task.killed) return
    const entry = space.entries[at]
    const isThere = entry >= 0 && !isGuarded(entry)
    if (isThere && this.isAnonymous(entry)) return
    const frame = yield* this.reclaim.take(task, FrameUse.anonymous, true)
    if (frame === noFrame) {
      // Meanwhile the others may have given the page up, so that no copy is needed.
      if (!this.reuse(space, at, work)) this.kill(task)
    } else if (space.entries[at] >= 0) {
      this.giveCopy(space, at, frame, work)
    } else if (space.entries[at] === untouched) {
      work.cleared++
      this.give(space, at, frame, work)
    } else {
      // It was taken away again in the meantime: the next touch brings it back.
      this.frames.drop(frame)
    }
  }

  /** filemap_nopage(): maps one page of a file, reading its cluster if need be. */
  private *faultFile(task: Task, space: AddressSpace, area: Area, at: number): Path {
    const { base, frames, pages, reclaim } = this
    const { file } = area
    if (!file) throw new Error(`page ${at} is not mapped from a file`)
    const index = area.filePage + at - area.first
    const wasThere = space.entries[at] === unmapped
    task.charge(base.cost.pageFault)
    this.faults++
    let major = false
    for (;;) {
      const frame = pages.find(file, index, task)
      if (frame !== noFrame && !frames.isLocked(frame)) {
        frames.share(frame)
        reclaim.markYoung(frame)
        space.entries[at] = frame
        space.resident++
        if (wasThere) space.missing--
        break
      }
      if (frame !== noFrame) {
        yield* this.pageIo.waitHeld(task, frame)
        continue
      }
      major = true
      const first = index - (index % clusterPages)
      yield* this.filePages.readPages(task, file, first, clusterPages, false)
      if (pages.find(file, index, task) === noFrame) {
        const alone = yield* this.filePages.readPages(task, file, index, 1)
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
   * do_swap_page(): what is going to be written to and nobody else has leaves the swap cache at
   * once. Anything else stays in it.
   */
  private *swapIn(task: Task, space: AddressSpace, at: number, writes: boolean): Path {
    const { base } = this
    const node = task.node
    task.charge(base.cost.pageFault)
    this.faults++
    this.majorFaults++
    traceNote(base.dispatcher, TraceNote.fault, task, 1)
    task.node = base.call(task, base.procedures.do_swap_page)
    const slot = swapSlotOf(space.entries[at])
    const frame = yield* this.swap.readIn(task, slot, this.takeForSwap)
    task.node = node
    if (frame === noFrame) {
      this.kill(task)
      return
    }
    this.swap.map.free(slot)
    if (!writes || this.swap.isShared(frame)) space.entries[at] = guarded(frame)
    else {
      this.swap.remove(frame)
      space.entries[at] = frame
    }
    this.reclaim.markYoung(frame)
    space.resident++
    space.missing--
  }

  /**
   * Brings back what was taken from the process while it did not run; pages in swap are written to
   * again, if they are its own (assumed).
   */
  *touchAgain(task: Task): Path {
    const { base } = this
    const space = spaceOf(task) as AddressSpace
    const node = task.node
    task.node = base.call(task, base.procedures.do_page_fault)
    if (task.lockDepth++ === 0) yield Op.lock
    if (space.faulting) yield* this.waitForOthers(task, space)
    space.faulting = true
    for (let at = 0; at < space.size && space.missing > 0 && !task.killed; at++) {
      const entry = space.entries[at]
      if (entry >= 0 || entry === untouched) continue
      if (isInSwap(entry)) yield* this.swapIn(task, space, at, true)
      else yield* this.faultFile(task, space, space.areaOf(at), at)
    }
    this.leave(task, space)
    if (--task.lockDepth === 0) yield Op.unlock
    task.node = node
  }

  /** down(&mm->mmap_sem): two threads must not bring in the same page. */
  private waitForOthers(task: Task, space: AddressSpace): Path {
    const isFree = (): boolean => !space.faulting
    const { dispatcher } = this.base
    return dispatcher.waitEvent(task, space.faultWait, TaskState.uninterruptible, isFree)
  }

  /** up(&mm->mmap_sem). */
  private leave(task: Task, space: AddressSpace): void {
    space.faulting = false
    if (space.faultWait.length > 0) this.base.dispatcher.wakeAll(space.faultWait, task)
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
