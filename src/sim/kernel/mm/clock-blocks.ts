/**
 * Frames of mem_map in blocks, and what the clock of shrink_mmap would find in each: a block in
 * which it can change nothing is passed at once, and charged as if every frame had been looked
 * at. The machine does the same work; the host does less. What is known of a block holds until one
 * of its frames changes.
 */
import type { PageFrames } from './page-frames'
import { blockFrames, FrameUse } from './page-frames'

/** What else the clock could do in a block. */
const Find = {
  /** A page of buffers, none of them busy. */
  buffers: 1,
  /** A page of a file; where it was referenced, the mark is found too. */
  page: 2,
  /** A mark that a page was referenced, or a page of the swap cache: never left alone. */
  other: 4,
} as const

export class ClockBlocks {
  /** By block: frames with one user that are not locked. */
  readonly counted: Uint8Array
  /** Pages of buffers among them of which one is busy. */
  readonly busy: Uint8Array
  /** Buffers that are looked at to see that. */
  readonly looks: Uint16Array
  private readonly finds: Uint8Array

  constructor(
    private readonly frames: PageFrames,
    /** How many buffers of a page are looked at until one is busy; 0 when none is. */
    private readonly looksAt: (frame: number) => number,
  ) {
    const blocks = frames.changed.length
    this.counted = new Uint8Array(blocks)
    this.busy = new Uint8Array(blocks)
    this.looks = new Uint16Array(blocks)
    this.finds = new Uint8Array(blocks)
  }

  /** Whether the clock can change nothing in a block, while these kinds of pages are left alone. */
  isIdle(block: number, sparesBuffers: boolean, sparesPages: boolean): boolean {
    if (this.frames.changed[block] !== 0) this.look(block)
    let finds = this.finds[block]
    if (sparesBuffers) finds &= ~Find.buffers
    if (sparesPages) finds &= ~Find.page
    return finds === 0
  }

  private look(block: number): void {
    const { frames } = this
    let [counted, busy, looks, finds] = [0, 0, 0, 0]
    const end = (block + 1) * blockFrames
    for (let frame = block * blockFrames; frame < end; frame++) {
      if (frames.isReferenced(frame)) finds |= Find.other
      if (!frames.hasOneUser(frame)) continue
      counted++
      const use = frames.useOf(frame)
      if (use === FrameUse.buffers) {
        const looked = this.looksAt(frame)
        if (looked === 0) finds |= Find.buffers
        else busy++
        looks += looked
      } else if (use === FrameUse.swapCache) finds |= Find.other
      else if (use === FrameUse.pageCache) finds |= Find.page
    }
    this.counted[block] = counted
    this.busy[block] = busy
    this.looks[block] = looks
    this.finds[block] = finds
    frames.changed[block] = 0
  }
}
