/**
 * mem_map: every page frame of the machine, what it is used for, and the list of free ones.
 * Left out: zones and orders above 0 (the modelled paths ask for single pages), DMA memory.
 */

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
/** No page frame. */
export const noFrame = -1

export class PageFrames {
  /** Users of each frame: its cache counts as one, each mapping as one more. */
  readonly count: Uint16Array
  readonly use: Uint8Array
  /** PG_referenced and PG_locked. */
  readonly referenced: Uint8Array
  readonly locked: Uint8Array
  /** Frames by use. */
  readonly total = new Int32Array(6)
  private readonly freeList: Int32Array
  free = 0
  /** freepages.min, .low and .high of 2.2: 1/128 of memory, between 24 and 1,024 pages, and two and three times that. */
  readonly min: number
  readonly low: number
  readonly high: number

  constructor(readonly frames: number) {
    this.count = new Uint16Array(frames)
    this.use = new Uint8Array(frames)
    this.referenced = new Uint8Array(frames)
    this.locked = new Uint8Array(frames)
    this.freeList = new Int32Array(frames)
    for (let frame = frames - 1; frame >= 0; frame--) this.freeList[this.free++] = frame
    this.total[FrameUse.free] = frames
    this.min = Math.min(1024, Math.max(24, frames >> 7))
    this.low = this.min * 2
    this.high = this.min * 3
  }

  /** Takes the frame that was freed last. `noFrame` when none is left. */
  take(use: FrameUseCode): number {
    if (this.free === 0) return noFrame
    const frame = this.freeList[--this.free]
    this.count[frame] = 1
    this.referenced[frame] = 0
    this.use[frame] = use
    this.total[FrameUse.free]--
    this.total[use]++
    return frame
  }

  /** One user less; the last one frees the frame. True when it was freed. */
  drop(frame: number): boolean {
    if (--this.count[frame] > 0) return false
    this.total[this.use[frame]]--
    this.total[FrameUse.free]++
    this.use[frame] = FrameUse.free
    this.freeList[this.free++] = frame
    return true
  }

  changeUse(frame: number, use: FrameUseCode): void {
    this.total[this.use[frame]]--
    this.total[use]++
    this.use[frame] = use
  }
}
