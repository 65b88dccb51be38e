/**
 * mem_map: every page frame of the machine, what it is used for, and the list of free ones. Single
 * frames come from its end, pairs (order 1: a task structure with its stack) from wherever both
 * frames of an aligned pair are free. Memory that has been in use has its free pairs in no order,
 * and so has this one from the beginning (assumed; B. Hartner, linux-kernel, 19 Jan 2001, saw walks
 * of the run queue take up to twice as long from run to run, by where its tasks lay).
 * Left out: zones, higher orders, DMA memory.
 */
import type { RandomStream } from '../../engine/random'

export const FrameUse = {
  free: 0,
  kernel: 1,
  anonymous: 2,
  pageCache: 3,
  buffers: 4,
  swapCache: 5,
} as const
export type FrameUseCode = (typeof FrameUse)[keyof typeof FrameUse]

/** Bytes in a page. */
export const pageBytes = 4096
/** Frames that the clock of reclaim may pass at once: see clock-blocks.ts. */
const blockShift = 5
export const blockFrames = 1 << blockShift
/** No page frame. */
export const noFrame = -1

/**
 * A record of eight numbers for each frame (struct page), so that looking at one touches one line
 * of the host: owner and index in its cache; the links of its owner's list; its held orphans.
 */
export const frameRecord = 8
export const FrameField = {
  owner: 1,
  index: 2,
  ownerNext: 3,
  ownerPrevious: 4,
  /** One bit for each orphaned buffer in the page that is held, the lowest for its first one. */
  orphans: 5,
} as const

const referenced = 1
const locked = 2
const useShift = 4
const useMask = 0xf0
const countUnit = 256

export class PageFrames {
  readonly records: Int32Array
  /**
   * Users, use and flags of each frame: all that a fork or an exit looks at, so they lie close
   * together.
   */
  private readonly words: Int32Array
  /** At which look swap_out last found the frame young; −1: not since it was mapped. */
  readonly agedAt: Int32Array
  /** Frames by use. */
  readonly total = new Int32Array(6)
  /**
   * By block of frames: 1 when one of them has changed since reclaim looked. A last, incomplete
   * block has none.
   */
  readonly changed: Uint8Array
  private readonly freeList: Int32Array
  /** Where a free frame stands in that list. */
  private readonly placeOf: Int32Array
  /** Pairs that are free, or were when they were listed, the one listed last at the end. */
  private readonly pairs: number[] = []
  private readonly isListed: Uint8Array
  free = 0
  /**
   * freepages.min, .low and .high of 2.2.1 (free_area_init): 1/128 of memory, between 10 and 256
   * pages, and two and three times that.
   */
  readonly min: number
  readonly low: number
  readonly high: number

  /** @param order draws the order of free pairs; left out, they lie one behind the other */
  constructor(
    readonly frames: number,
    order?: Pick<RandomStream, 'below'>,
  ) {
    this.records = new Int32Array(frames * frameRecord)
    this.words = new Int32Array(frames)
    this.agedAt = new Int32Array(frames)
    this.freeList = new Int32Array(frames)
    this.placeOf = new Int32Array(frames)
    this.isListed = new Uint8Array((frames >> 1) + 1)
    this.changed = new Uint8Array(frames >> blockShift).fill(1)
    for (let frame = frames - 1; frame >= 0; frame--) this.putBack(frame)
    this.total[FrameUse.free] = frames
    this.min = Math.min(256, Math.max(10, frames >> 7))
    this.low = this.min * 2
    this.high = this.min * 3
    if (order) shuffle(this.pairs, order)
  }

  private putBack(frame: number): void {
    this.freeList[this.free] = frame
    this.placeOf[frame] = this.free++
    const pair = frame >> 1
    if (this.words[frame ^ 1] !== 0 || this.isListed[pair] === 1) return
    if ((frame ^ 1) >= this.frames) return
    this.isListed[pair] = 1
    this.pairs.push(pair)
  }

  /** Takes two frames that lie together, the first at an even place. `noFrame` when none do. */
  takePair(use: FrameUseCode): number {
    const { pairs, words } = this
    for (;;) {
      const pair = pairs.pop()
      if (pair === undefined) return noFrame
      this.isListed[pair] = 0
      const first = pair * 2
      if (words[first] !== 0 || words[first + 1] !== 0) continue
      for (const frame of [first + 1, first]) {
        const last = this.freeList[--this.free]
        this.freeList[this.placeOf[frame]] = last
        this.placeOf[last] = this.placeOf[frame]
        this.begin(frame, use)
      }
      return first
    }
  }

  private begin(frame: number, use: FrameUseCode): void {
    this.words[frame] = countUnit | (use << useShift)
    this.touch(frame)
    this.total[FrameUse.free]--
    this.total[use]++
  }

  /** Takes the frame that was freed last. `noFrame` when none is left. */
  take(use: FrameUseCode): number {
    if (this.free === 0) return noFrame
    const frame = this.freeList[--this.free]
    this.begin(frame, use)
    return frame
  }

  /** What reclaim knows of this frame holds no more. */
  touch(frame: number): void {
    this.changed[frame >> blockShift] = 1
  }

  /** One user more: its cache counts as one, each mapping as one more. */
  share(frame: number): void {
    this.words[frame] += countUnit
    this.touch(frame)
  }

  /** One user less; the last one frees the frame. True when it was freed. */
  drop(frame: number): boolean {
    const word = this.words[frame] - countUnit
    this.touch(frame)
    if (word >= countUnit) {
      this.words[frame] = word
      return false
    }
    this.total[(word & useMask) >> useShift]--
    this.total[FrameUse.free]++
    this.words[frame] = 0
    this.putBack(frame)
    return true
  }

  usersOf(frame: number): number {
    return this.words[frame] >> 8
  }

  /** Whether it has exactly one user and is not locked: what shrink_mmap may free. */
  hasOneUser(frame: number): boolean {
    const word = this.words[frame]
    return word >> 8 === 1 && (word & locked) === 0
  }

  useOf(frame: number): number {
    return (this.words[frame] & useMask) >> useShift
  }

  changeUse(frame: number, use: FrameUseCode): void {
    this.total[(this.words[frame] & useMask) >> useShift]--
    this.total[use]++
    this.words[frame] = (this.words[frame] & ~useMask) | (use << useShift)
    this.touch(frame)
  }

  /** PG_referenced. */
  isReferenced(frame: number): boolean {
    return (this.words[frame] & referenced) !== 0
  }
  markReferenced(frame: number): void {
    const word = this.words[frame]
    if ((word & referenced) !== 0) return
    this.words[frame] = word | referenced
    this.touch(frame)
  }
  clearReferenced(frame: number): void {
    this.words[frame] &= ~referenced
    this.touch(frame)
  }

  /** PG_locked. */
  isLocked(frame: number): boolean {
    return (this.words[frame] & locked) !== 0
  }
  lock(frame: number): void {
    this.words[frame] |= locked
    this.touch(frame)
  }
  unlock(frame: number): void {
    this.words[frame] &= ~locked
    this.touch(frame)
  }
}

function shuffle(items: number[], order: Pick<RandomStream, 'below'>): void {
  for (let left = items.length; left > 1; left--) {
    const at = order.below(left)
    const item = items[at]
    items[at] = items[left - 1]
    items[left - 1] = item
  }
}
