/**
 * Finding free pages in Linux 2.2 (mm/vmscan.c, filemap.c, page_alloc.c of 2.2.1): __get_free_pages
 * with its low and high marks, try_to_free_pages, shrink_mmap (the clock over mem_map).
 * The clock spares a page-cache page that was referenced since its last pass, but no buffer, as
 * touch_buffer does nothing: a page of buffers goes when it is reached and none is busy (TR 99-4).
 * The minima of buffermem and pagecache are those of 2.2 (2 % of memory each).
 * Left out: shared memory, slab reaping.
 */
import type { AddressSpace } from './address-space'
import { ClockBlocks } from './clock-blocks'
import type { PageCache } from './page-cache'
import type { FrameUseCode, PageFrames } from './page-frames'
import { blockFrames, FrameUse, noFrame } from './page-frames'
import type { Swap } from './swap'
import { SwapOut } from './swap-out'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'

/** SWAP_CLUSTER_MAX: pages that one call of try_to_free_pages is after. */
const pagesPerCall = 32
/** Share of memory below which the caches are left alone: buffer_mem and page_cache min_percent. */
const cacheMinimum = 0.02

/** What the clock asks of whoever has pages of buffers. Each charges the task. */
export interface BufferPages {
  /**
   * How many buffers of a page are looked at until one is busy; 0 when none is. Charges nothing.
   */
  looksAt(frame: number): number
  /** This many pages could not be freed, found by this many looks at their buffers. */
  cannotFree(pages: number, looks: number, task: Task): void
  /** try_to_free_buffers() of a page in which no buffer is busy. */
  free(frame: number, task: Task): void
}
const noBufferPages: BufferPages = {
  looksAt: () => 1,
  cannotFree: () => undefined,
  free: () => undefined,
}

/**
 * Gives back what a cache of small things can spare: the more, the lower the priority. Charges the
 * task.
 */
export type Shrinker = (task: Task, priority: number) => void

export class Reclaim {
  private clock = 0
  lowOnMemory = false
  readonly kswapdWait = new WaitQueue()
  wakeKswapd: () => void = () => undefined
  /** Pages that reclaim took, by what they were. */
  stolenBuffers = 0
  stolenCache = 0
  /** Page frames that the clock has passed. */
  clockSteps = 0
  outOfMemory = 0
  private readonly blocks: ClockBlocks
  private readonly swapOut: SwapOut
  /** The buffer cache, when there is one. */
  buffers: BufferPages = noBufferPages
  /** Asked in turn when pages of memory were not enough. */
  readonly shrinkers: Shrinker[] = []

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly pages: PageCache,
    private readonly swap: Swap,
  ) {
    this.swapOut = new SwapOut(base, frames, swap)
    this.blocks = new ClockBlocks(frames, (frame) => this.buffers.looksAt(frame))
  }

  /**
   * A page has just been mapped because a process touches it: it is young, whenever that process
   * ran last.
   */
  markYoung(frame: number): void {
    this.frames.agedAt[frame] = -1
  }

  /** A process runs in user mode: from now on its pages are young again. */
  markUsed(space: AddressSpace): void {
    space.usedAt = this.swapOut.look
  }

  /** Address spaces of all processes, in order of their ids. */
  get spaces(): Set<AddressSpace> {
    return this.swapOut.spaces
  }

  /** Whether a page can be had without looking for one. */
  get plenty(): boolean {
    const { frames } = this
    if (frames.free <= frames.min) return false
    if (!this.lowOnMemory) return true
    if (frames.free < frames.high) return false
    this.lowOnMemory = false
    return true
  }

  /**
   * __get_free_pages() where memory is plenty; `noFrame` when `take` has to look for a page first.
   */
  takeNow(task: Task, use: FrameUseCode): number {
    if (!this.plenty) return noFrame
    task.charge(this.base.cost.freePage)
    return this.frames.take(use)
  }

  /** Two frames that lie together; `noFrame` when there are none, or not plenty. */
  takePairNow(task: Task, use: FrameUseCode): number {
    if (!this.plenty) return noFrame
    task.charge(this.base.cost.freePage)
    return this.frames.takePair(use)
  }

  /**
   * __get_free_pages(): one frame, freeing others first when memory is short. `io`: may start
   * output to swap (not for buffers). `noFrame` when there is none.
   */
  *take(task: Task, use: FrameUseCode, io: boolean): Path<number> {
    task.charge(this.base.cost.freePage)
    if (!this.plenty && !task.freeing) {
      this.lowOnMemory = true
      this.wakeKswapd()
      task.freeing = true
      const freed = yield* this.tryToFreePages(task, io)
      task.freeing = false
      // Only what the kernel needs itself (GFP_KERNEL) may have what is left then; a buffer and a
      // page of a process may not (GFP_BUFFER, GFP_USER).
      if (!freed && use !== FrameUse.kernel) return noFrame
    }
    return this.frames.take(use)
  }

  /** do_try_to_free_pages(): frees 32 pages. False when there were fewer. */
  *tryToFreePages(task: Task, io: boolean): Path<boolean> {
    const node = task.node
    let wanted = pagesPerCall
    for (let priority = 6; priority >= 0; priority--) {
      while (this.shrinkMmap(task, priority)) if (--wanted === 0) return true
      task.node = this.base.call(task, this.base.procedures.swap_out)
      while (wanted > 0 && (yield* this.swapOut.takeOne(task, priority, io))) wanted--
      task.node = node
      if (wanted === 0) return true
      for (const shrink of this.shrinkers) shrink(task, priority)
    }
    return false
  }

  /**
   * shrink_mmap(): moves the clock on until it frees a page, or has seen 1/2^priority of memory.
   */
  private shrinkMmap(task: Task, priority: number): boolean {
    const { frames } = this
    const node = task.node
    task.node = this.base.call(task, this.base.procedures.shrink_mmap)
    const all = frames.frames
    const floor = all * cacheMinimum
    const sparesBuffers = frames.total[FrameUse.buffers] < floor
    // page_cache_size counts what is on the hash chains: the swap cache's pages too.
    const sparesPages = this.pages.pages + frames.total[FrameUse.swapCache] < floor
    let left = all >> priority
    let steps = 0
    let freed = false
    // Pages with a busy buffer, and how many buffers were looked at to see that.
    let busy = 0
    let looks = 0
    // Only a page with one user that is not locked counts; the bound is for a machine that has no
    // such page.
    while (left > 0 && steps < 2 * all) {
      const frame = this.clock
      if ((frame & (blockFrames - 1)) === 0) {
        const block = frame / blockFrames
        if (this.mayPass(block, left, sparesBuffers, sparesPages)) {
          left -= this.blocks.counted[block]
          if (!sparesBuffers) {
            busy += this.blocks.busy[block]
            looks += this.blocks.looks[block]
          }
          steps += blockFrames
          this.clock = frame + blockFrames === all ? 0 : frame + blockFrames
          continue
        }
      }
      steps++
      this.clock = frame + 1 === all ? 0 : frame + 1
      const referenced = frames.isReferenced(frame)
      if (referenced) frames.clearReferenced(frame)
      if (!frames.hasOneUser(frame)) continue
      left--
      const kind = frames.useOf(frame)
      if (kind === FrameUse.swapCache && this.swap.isSpare(frame, referenced)) {
        this.swap.remove(frame)
        freed = true
        break
      }
      if (referenced || kind === FrameUse.kernel || kind === FrameUse.anonymous) continue
      if (kind === FrameUse.buffers) {
        if (sparesBuffers) continue
        const looked = this.buffers.looksAt(frame)
        if (looked > 0) {
          busy++
          looks += looked
          continue
        }
        this.buffers.free(frame, task)
        this.stolenBuffers++
        freed = true
        break
      }
      if (sparesPages) continue
      this.pages.remove(frame, task)
      this.stolenCache++
      freed = true
      break
    }
    // At one instant: whether bdflush is woken page by page or for all of them makes no difference.
    if (busy > 0) this.buffers.cannotFree(busy, looks, task)
    this.clockSteps += steps
    task.charge(steps * this.base.cost.clockStep)
    task.node = node
    return freed
  }

  /**
   * Whether the clock passes the whole block without a change, and has frames left to look at
   * behind it.
   */
  private mayPass(
    block: number,
    left: number,
    sparesBuffers: boolean,
    sparesPages: boolean,
  ): boolean {
    const { blocks } = this
    if (block >= this.frames.changed.length) return false
    return blocks.isIdle(block, sparesBuffers, sparesPages) && blocks.counted[block] < left
  }
}
