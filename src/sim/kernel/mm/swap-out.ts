/**
 * swap_out of Linux 2.2 (mm/vmscan.c): which process gives a page, and which of its pages. The
 * process with the most pages that were not looked at since all were counted goes first; a page
 * that was used since the last look at its process is spared.
 * Left out: shared memory, page tables of several levels.
 */
import type { AddressSpace } from './address-space'
import { frameOf, swapEntry, unmapped } from './address-space'
import type { PageFrames } from './page-frames'
import { FrameUse } from './page-frames'
import type { Swap } from './swap'
import { noSlot } from './swap-map'
import { SwapOrder } from './swap-order'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'

export class SwapOut {
  /** Address spaces of all processes, in order of their ids. */
  readonly spaces = new Set<AddressSpace>()
  /** Counts the looks at a process, so that what was used since the last one can be told. */
  look = 0
  private readonly order = new SwapOrder(this.spaces)
  /** Of the last look at a process: pages that were there, and whether anything changed. */
  private pages = 0
  private changed = false

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly swap: Swap,
  ) {}

  /**
   * swap_out(): takes one page from the process with the most to give. True when it did. Without
   * output it takes none, but unmaps pages of files and ages the others.
   */
  *takeOne(task: Task, priority: number, io: boolean): Path<boolean> {
    let tries = Math.floor(this.spaces.size / (priority + 1)) + 1
    /** Since all were counted: looks at processes, and pages; undefined once one has changed. */
    let round: { looks: number; pages: number } | undefined
    while (tries > 0) {
      let best = this.order.richest()
      if (!best) {
        if (round) tries = this.repeat(task, round, tries)
        if (tries === 0) break
        best = this.order.countAnew()
        if (!best) return false
        round = { looks: 0, pages: 0 }
      }
      tries--
      const from = best.swapPosition
      const position = this.pageOf(task, best, io)
      if (position >= 0 && (yield* this.takePage(task, best, position))) return true
      if (from > 0 || position >= 0 || this.changed) round = undefined
      if (round) {
        round.looks++
        round.pages += this.pages
      }
    }
    return false
  }

  /**
   * A round of looks that found nothing and changed nothing goes the same way again: what the
   * machine walks is charged, and the host does not walk it. Returns the tries that are left, fewer
   * than a round has.
   */
  private repeat(task: Task, { looks, pages }: { looks: number; pages: number }, tries: number) {
    const rounds = Math.floor(tries / looks)
    if (rounds * pages > 0) task.charge(rounds * pages * this.base.cost.swapOutStep)
    this.look += rounds * looks
    return tries - rounds * looks
  }

  /**
   * swap_out_process(): the position of the next of its pages that can go, −1 when none can.
   * Unmaps clean pages of files on the way.
   */
  private pageOf(task: Task, space: AddressSpace, io: boolean): number {
    const { entries, size, usedAt } = space
    const { frames } = this
    const { agedAt } = frames
    const look = this.look++
    let found = -1
    let pages = 0
    this.changed = false
    let at = space.swapPosition
    while (at < size) {
      const position = at++
      const entry = entries[position]
      if (entry < 0) continue
      const frame = frameOf(entry)
      pages++
      if (frames.isLocked(frame)) continue
      if (usedAt > agedAt[frame]) {
        // pte_young: spared this time.
        agedAt[frame] = look
        frames.markReferenced(frame)
        this.changed = true
        continue
      }
      const use = frames.useOf(frame)
      if (use === FrameUse.pageCache || use === FrameUse.swapCache) {
        // As it is on the disk: given up only. shrink_mmap may take it when all have done so.
        this.giveUp(space, position, frame, use)
        this.changed = true
        continue
      }
      if (!io) continue
      found = position
      break
    }
    if (pages > 0) task.charge(pages * this.base.cost.swapOutStep)
    this.pages = pages
    if (found >= 0) space.swapCount = Math.max(0, space.swapCount - pages)
    else {
      space.swapPosition = 0
      space.swapCount = 0
    }
    return found
  }

  /** A page that is on the disk too: of a file, or in swap, where it gets one user more. */
  private giveUp(space: AddressSpace, position: number, frame: number, use: number): void {
    if (use === FrameUse.swapCache) {
      const slot = this.swap.slotOf(frame)
      this.swap.map.duplicate(slot)
      space.entries[position] = swapEntry(slot)
    } else space.entries[position] = unmapped
    space.missing++
    space.resident--
    this.frames.drop(frame)
  }

  /**
   * Writes a page to swap, whoever else has it: they give it up when they are looked at. False when
   * swap is full.
   */
  private *takePage(task: Task, space: AddressSpace, position: number): Path<boolean> {
    const frame = frameOf(space.entries[position])
    const slot = this.swap.map.take()
    if (slot === noSlot) return false
    space.entries[position] = swapEntry(slot)
    space.missing++
    space.resident--
    space.swapPosition = position + 1
    yield* this.swap.writeOut(task, frame, slot)
    this.frames.drop(frame)
    return true
  }
}
