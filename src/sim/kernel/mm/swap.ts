/**
 * Swap (mm/swapfile.c, swap_state.c, page_io.c): slots on a partition, handed out next to each
 * other so that what goes out together lies together; pages read back in clusters of 16
 * (page_cluster 4); the swap cache for pages on their way out or read ahead.
 * Left out: several swap areas and priorities, shared memory, slots shared by several processes.
 */
import type { BlockLayer } from '../block/block-layer'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame } from './page-frames'
import type { PageIo } from './page-io'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'

export const noSlot = -1
/** 1 << page_cluster. */
const cluster = 16
const sectorsPerPage = 8

export class Swap {
  private readonly used: Uint8Array
  /** Frame in the swap cache for a slot, or `noFrame`. */
  private readonly cachedFrame: Int32Array
  private readonly slotOfFrame = new Map<number, number>()
  private searchFrom = 0
  inUse = 0
  pagesIn = 0
  pagesOut = 0
  /** Pages on their way out (nr_async_pages). */
  underWay = 0

  constructor(
    private readonly base: KernelBase,
    readonly slots: number,
    private readonly firstSector: number,
    private readonly frames: PageFrames,
    private readonly pageIo: PageIo,
    private readonly disk: BlockLayer,
  ) {
    this.used = new Uint8Array(slots)
    this.cachedFrame = new Int32Array(slots).fill(noFrame)
  }

  /** get_swap_page(): the next free slot, in a ring. `noSlot` when swap is full. */
  takeSlot(): number {
    if (this.inUse === this.slots) return noSlot
    let slot = this.searchFrom
    while (this.used[slot] !== 0) slot = slot + 1 === this.slots ? 0 : slot + 1
    this.searchFrom = slot + 1 === this.slots ? 0 : slot + 1
    this.used[slot] = 1
    this.inUse++
    return slot
  }

  freeSlot(slot: number): void {
    this.used[slot] = 0
    this.inUse--
    const frame = this.cachedFrame[slot]
    if (frame === noFrame) return
    this.cachedFrame[slot] = noFrame
    this.slotOfFrame.delete(frame)
    if (!this.frames.isLocked(frame)) this.frames.drop(frame)
  }

  /**
   * Writes an unmapped page to its slot; the frame is freed when that is done, unless it is wanted
   * again.
   */
  *writeOut(task: Task, frame: number, slot: number): Path {
    task.charge(this.base.cost.swapPage)
    this.frames.changeUse(frame, FrameUse.swapCache)
    this.frames.lock(frame)
    this.cachedFrame[slot] = frame
    this.slotOfFrame.set(frame, slot)
    this.underWay++
    this.pagesOut++
    yield* this.disk.submit(task, true, this.sectorOf(slot), sectorsPerPage, frame, this.written)
  }

  private readonly written = (frame: number): number => {
    this.underWay--
    this.frames.unlock(frame)
    const waiters = this.pageIo.takeWaiters(frame)
    const slot = this.slotOfFrame.get(frame)
    // Freed at once: the real kernel leaves that to the next pass of shrink_mmap.
    if (slot === undefined) this.frames.drop(frame)
    else if (!waiters) {
      this.cachedFrame[slot] = noFrame
      this.slotOfFrame.delete(frame)
      this.frames.drop(frame)
    }
    return this.base.cost.freePage + (waiters ? this.base.dispatcher.wakeUp(waiters) : 0)
  }

  private readonly read = (frame: number): number => {
    this.frames.unlock(frame)
    if (!this.slotOfFrame.has(frame)) {
      this.frames.drop(frame)
      return this.base.cost.freePage
    }
    const waiters = this.pageIo.takeWaiters(frame)
    return waiters ? this.base.dispatcher.wakeUp(waiters) : 0
  }

  private sectorOf(slot: number): number {
    return this.firstSector + slot * sectorsPerPage
  }

  /**
   * Brings a slot's page into memory, with the used slots of its cluster. Returns the frame, which
   * then belongs to the caller and has left the swap cache, or `noFrame` when there is no memory.
   */
  *readIn(task: Task, slot: number, takeFrame: (task: Task) => Path<number>): Path<number> {
    let frame = this.cachedFrame[slot]
    if (frame === noFrame) {
      const first = slot - (slot % cluster)
      for (let near = first; near < first + cluster && near < this.slots; near++) {
        if (near !== slot && (this.used[near] === 0 || this.cachedFrame[near] !== noFrame)) continue
        // Read-ahead stops where memory is short; the page that is wanted does not.
        if (near !== slot && this.frames.free <= this.frames.min) continue
        const page = yield* takeFrame(task)
        if (page === noFrame) {
          if (near === slot) return noFrame
          continue
        }
        if (this.used[near] === 0 || this.cachedFrame[near] !== noFrame) {
          this.frames.drop(page)
          continue
        }
        this.frames.changeUse(page, FrameUse.swapCache)
        this.frames.lock(page)
        this.cachedFrame[near] = page
        this.slotOfFrame.set(page, near)
        this.pagesIn++
        yield* this.disk.submit(task, false, this.sectorOf(near), sectorsPerPage, page, this.read)
      }
      frame = this.cachedFrame[slot]
    }
    while (frame !== noFrame && this.frames.isLocked(frame)) {
      yield* this.pageIo.waitOnce(task, frame)
      frame = this.cachedFrame[slot]
    }
    if (frame === noFrame) return yield* this.readIn(task, slot, takeFrame)
    this.cachedFrame[slot] = noFrame
    this.slotOfFrame.delete(frame)
    this.frames.changeUse(frame, FrameUse.anonymous)
    this.frames.markReferenced(frame)
    this.used[slot] = 0
    this.inUse--
    return frame
  }

  /** A page of the swap cache that nobody is waiting for: shrink_mmap may free it. */
  dropCached(frame: number): void {
    const slot = this.slotOfFrame.get(frame)
    if (slot === undefined) throw new Error(`frame ${frame} is not in the swap cache`)
    this.cachedFrame[slot] = noFrame
    this.slotOfFrame.delete(frame)
    this.frames.drop(frame)
  }
}
