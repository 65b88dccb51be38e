/**
 * The swap cache (mm/swap_state.c, page_io.c, page_alloc.c of Linux 2.2.1): pages that are in
 * memory and in swap too, alike in both. A page that is written out stays in it until shrink_mmap
 * takes it or its last process ends; a process that shares such a page, by fork, gives it up
 * without writing it again. A page that is read back for one process serves all that have it there.
 * Pages are read in clusters of 16 (page_cluster 4), up to the first slot that is free.
 * Left out: shared memory; the hash chains of the page cache, which these pages lie on too.
 */
import type { BlockLayer } from '../block/block-layer'
import type { PageFrames } from './page-frames'
import { FrameField, frameRecord, FrameUse, noFrame } from './page-frames'
import type { PageIo } from './page-io'
import { SwapMap } from './swap-map'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'

/** 1 << page_cluster. */
const cluster = 16
const sectorsPerPage = 8
/** pager_daemon.swap_cluster: more pages under way, and who adds one has to wait for it. */
const mostUnderWay = 32

/** Takes a frame for a page that is read back; `noFrame` when there is none. */
type TakeFrame = (task: Task) => Path<number>

export class Swap {
  readonly map: SwapMap
  /** Frame in the swap cache for a slot, or `noFrame`. */
  private readonly cachedFrame: Int32Array
  pagesIn = 0
  pagesOut = 0
  /** Pages on their way out or in that nobody waits for (nr_async_pages). */
  underWay = 0

  constructor(
    private readonly base: KernelBase,
    readonly slots: number,
    private readonly firstSector: number,
    private readonly frames: PageFrames,
    private readonly pageIo: PageIo,
    private readonly disk: BlockLayer,
  ) {
    this.map = new SwapMap(slots)
    this.cachedFrame = new Int32Array(slots).fill(noFrame)
  }

  get inUse(): number {
    return this.map.inUse
  }

  isCached(frame: number): boolean {
    return this.frames.useOf(frame) === FrameUse.swapCache
  }

  /** The slot that a page of the swap cache has too (page->offset). */
  slotOf(frame: number): number {
    return this.frames.records[frame * frameRecord + FrameField.index]
  }

  /** add_to_swap_cache(): one user more of the frame; the user of the slot is the caller's. */
  private add(frame: number, slot: number): void {
    this.frames.changeUse(frame, FrameUse.swapCache)
    this.frames.share(frame)
    this.frames.records[frame * frameRecord + FrameField.index] = slot
    this.cachedFrame[slot] = frame
  }

  /**
   * delete_from_swap_cache(): the page is its processes' alone again, or is free when it has none.
   * @throws Error when it is not in the swap cache
   */
  remove(frame: number): void {
    if (!this.isCached(frame)) throw new Error(`frame ${frame} is not in the swap cache`)
    const slot = this.slotOf(frame)
    this.cachedFrame[slot] = noFrame
    this.frames.changeUse(frame, FrameUse.anonymous)
    this.map.free(slot)
    this.frames.drop(frame)
  }

  /** is_page_shared(): whether more than one process has the page, in memory or in swap. */
  isShared(frame: number): boolean {
    const users = this.frames.usersOf(frame)
    if (!this.isCached(frame)) return users > 1
    // Neither the swap cache's use of the frame and the slot counts, nor that of what is under way.
    const underWay = this.frames.isLocked(frame) ? 1 : 0
    return users + this.map.usersOf(this.slotOf(frame)) - 2 - underWay > 1
  }

  /** free_page_and_swap_cache(): a process gives a page up. True when its frame is free now. */
  drop(frame: number): boolean {
    if (this.isCached(frame) && !this.isShared(frame)) this.remove(frame)
    return this.frames.drop(frame)
  }

  /**
   * do_wp_page(): whether the one who writes may have the page as it is: nobody else has it, in
   * memory or in swap.
   */
  makeOwn(frame: number): boolean {
    const { frames } = this
    if (!this.isCached(frame)) return frames.usersOf(frame) === 1
    if (frames.usersOf(frame) !== 2 || this.map.usersOf(this.slotOf(frame)) !== 1) return false
    this.remove(frame)
    return true
  }

  /** Whether shrink_mmap may take a page that no process has mapped. */
  isSpare(frame: number, referenced: boolean): boolean {
    return !referenced || this.map.usersOf(this.slotOf(frame)) === 1
  }

  /**
   * The page that a process gives to a slot that it has taken is written there, and stays in the
   * swap cache. The process's own use of the frame is the caller's.
   */
  *writeOut(task: Task, frame: number, slot: number): Path {
    task.charge(this.base.cost.swapPage)
    this.map.duplicate(slot)
    this.add(frame, slot)
    this.pagesOut++
    yield* this.transfer(task, frame, slot, true)
  }

  /**
   * rw_swap_page(): what is under way is a user of the frame. What somebody waits for does not
   * count as under way.
   */
  private *transfer(
    task: Task,
    frame: number,
    slot: number,
    writes: boolean,
    isWanted = false,
  ): Path {
    const waits = isWanted || this.underWay > mostUnderWay
    const sector = this.firstSector + slot * sectorsPerPage
    this.frames.lock(frame)
    this.frames.share(frame)
    if (!waits) this.underWay++
    const done = waits ? this.awaited : this.transferred
    yield* this.disk.submit(task, writes, sector, sectorsPerPage, frame, done)
    if (waits && this.frames.isLocked(frame)) yield* this.pageIo.waitOnce(task, frame)
  }

  private readonly transferred = (frame: number): number => {
    this.underWay--
    return this.awaited(frame)
  }

  private readonly awaited = (frame: number): number => {
    this.frames.unlock(frame)
    const waiters = this.pageIo.takeWaiters(frame)
    const freed = this.frames.drop(frame) ? this.base.cost.freePage : 0
    return freed + (waiters ? this.base.dispatcher.wakeUp(waiters) : 0)
  }

  /**
   * lookup_swap_cache(): the frame, when nothing of it is under way any more. It has one user more,
   * so that nobody takes it meanwhile.
   */
  private *find(task: Task, slot: number): Path<number> {
    for (;;) {
      const frame = this.cachedFrame[slot]
      if (frame === noFrame) return noFrame
      this.frames.markReferenced(frame)
      this.frames.share(frame)
      yield* this.pageIo.wait(task, frame)
      if (this.cachedFrame[slot] === frame) return frame
      this.frames.drop(frame)
    }
  }

  /**
   * swap_in(): brings a slot's page into memory, with those behind the start of its cluster.
   * Returns the frame, which has one user more and is in the swap cache; `noFrame` when there is no
   * memory.
   */
  *readIn(task: Task, slot: number, takeFrame: TakeFrame): Path<number> {
    const there = yield* this.find(task, slot)
    if (there !== noFrame) return there
    const first = slot - (slot % cluster)
    for (let near = first; near < first + cluster && near < this.slots; near++) {
      if (this.underWay >= mostUnderWay || this.map.usersOf(near) === 0) break
      // One that is on its way out or in ends it too (swap_lockmap).
      const cached = this.cachedFrame[near]
      if (cached !== noFrame && this.frames.isLocked(cached)) break
      yield* this.read(task, near, takeFrame)
    }
    yield* this.read(task, slot, takeFrame, true)
    return yield* this.find(task, slot)
  }

  /** read_swap_cache_async(): a slot that is in use is in the swap cache, or on its way there. */
  private *read(task: Task, slot: number, takeFrame: TakeFrame, isWanted = false): Path {
    if (this.cachedFrame[slot] !== noFrame) return
    // The swap cache's use, before others can give the slot up.
    this.map.duplicate(slot)
    const frame = yield* takeFrame(task)
    if (frame === noFrame || this.cachedFrame[slot] !== noFrame) {
      if (frame !== noFrame) this.frames.drop(frame)
      this.map.free(slot)
      return
    }
    this.add(frame, slot)
    this.pagesIn++
    yield* this.transfer(task, frame, slot, false, isWanted)
    this.frames.drop(frame)
  }
}
