/**
 * Pages of the buffer cache (fs/buffer.c of Linux 2.2): each holds four buffers, hashed by block
 * where they have one. A page is added when no buffer is free, and goes when reclaim finds no busy
 * buffer in it.
 * The hash function and the 32 K buckets are those of 2.2.5 (reference-figures §3.2).
 */
import type { HashParts } from '../lib/hash-table'
import { HashTable } from '../lib/hash-table'
import type { PageFrames } from '../mm/page-frames'
import { FrameField, frameRecord, FrameUse, noFrame, pageBytes } from '../mm/page-frames'
import type { BufferPages } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import {
  BufferBit,
  bufferBytes,
  BufferHeads,
  BufferList,
  HeadField,
  headRecord,
} from './buffer-heads'

/** HASHDEV of the first SCSI disk's first partition. */
export const device = 0x0801
const buckets = 32_768

/** hash_table and _hashfn() of 2.2.5: buffers by block. */
const bufferHash: HashParts = {
  buckets,
  hash: (dev, block) => (dev ^ block) & (buckets - 1),
}

/** A buffer head and the chain it hangs in: three lines (kernel source of the 2.2 series). */
const bufferHeadBytes = 96

export class PagedBuffers extends BufferHeads implements BufferPages {
  readonly perPage = pageBytes / bufferBytes
  protected readonly hashed: HashTable
  /** Page of buffers in each frame. */
  private readonly pageOfFrame: Int32Array
  private readonly frameOfPage: Int32Array
  private readonly unusedPages: number[] = []
  private pagesMade = 0
  /** Buffers in pages of the buffer cache, whatever their state. */
  buffers = 0
  /** Those of them that a metadata cache has. */
  wired = 0
  /** Buffers that bforget has unhashed and abandoned. */
  orphaned = 0
  /** Those of them that keep a user, so that their pages are never freed. */
  heldOrphans = 0
  /**
   * wakeup_bdflush(0), this many times at once: too many buffers are dirty, or pages could not be
   * freed.
   */
  wakeBdflush: (times: number) => void = () => undefined
  protected readonly headsFootprint: number

  constructor(
    protected readonly base: KernelBase,
    frames: PageFrames,
    hash = bufferHash,
  ) {
    super(frames, frames.frames * (pageBytes / bufferBytes))
    this.hashed = new HashTable(hash)
    this.pageOfFrame = new Int32Array(frames.frames).fill(-1)
    this.frameOfPage = new Int32Array(frames.frames).fill(-1)
    this.headsFootprint = base.cache.create(bufferHeadBytes)
  }

  /** create_buffers(): a page of free buffers. */
  addPage(frame: number, task: Task): void {
    this.makePage(frame, BufferList.free)
    task.charge(this.base.cost.bufferHead * this.perPage)
  }

  /** At boot: so many pages are for metadata alone. Their second user keeps reclaim off them. */
  wire(pages: number): void {
    for (let page = 0; page < pages; page++) {
      const frame = this.frames.take(FrameUse.buffers)
      if (frame === noFrame) throw new Error(`no memory for a metadata cache of ${pages} pages`)
      this.frames.share(frame)
      this.makePage(frame, BufferList.wiredFree)
    }
    this.wired = this.buffers
  }

  /** On the lists of free and of clean buffers, those of a metadata cache among them. */
  get freeBuffers(): number {
    return this.length[BufferList.free] + this.length[BufferList.wiredFree]
  }
  get cleanBuffers(): number {
    return this.length[BufferList.clean] + this.length[BufferList.wiredClean]
  }

  /** Whether it is one of the metadata cache: they were made first. */
  protected isWired(buffer: number): boolean {
    return buffer < this.wired
  }

  private makePage(frame: number, list: number): void {
    const page = this.unusedPages.pop() ?? this.pagesMade++
    this.pageOfFrame[frame] = page
    this.frameOfPage[page] = frame
    this.frames.records[frame * frameRecord + FrameField.orphans] = 0
    this.frames.changeUse(frame, FrameUse.buffers)
    for (let index = this.perPage - 1; index >= 0; index--) {
      const buffer = page * this.perPage + index
      const at = buffer * headRecord
      this.heads[at + HeadField.block] = -1
      this.heads[at + HeadField.state] = 0
      this.heads[at + HeadField.count] = 0
      this.heads[at + HeadField.frame] = frame
      this.prepend(buffer, list)
    }
    this.buffers += this.perPage
    this.base.cache.resize(this.headsFootprint, this.buffers * bufferHeadBytes)
  }

  /**
   * try_to_free_buffers(): how many buffers of a page are looked at until one is busy; 0 when none
   * is.
   */
  looksAt(frame: number): number {
    // A held orphan is busy for ever; where it comes first the host need not look at the buffers.
    if ((this.frames.records[frame * frameRecord + FrameField.orphans] & 1) !== 0) return 1
    const first = this.pageOfFrame[frame] * this.perPage
    for (let index = 0; index < this.perPage; index++) {
      if (this.busy(first + index)) return index + 1
    }
    return 0
  }

  /** This many pages could not be freed, found by this many looks at their buffers. */
  cannotFree(pages: number, looks: number, task: Task): void {
    task.charge(looks * this.base.cost.bufferStep)
    // If memory is short because of dirty buffers, they are to be written as soon as can be.
    this.wakeBdflush(pages)
  }

  /** try_to_free_buffers() of a page in which no buffer is busy. */
  free(frame: number, task: Task): void {
    const page = this.pageOfFrame[frame]
    const first = page * this.perPage
    task.charge(this.perPage * this.base.cost.bufferStep)
    for (let buffer = first; buffer < first + this.perPage; buffer++) {
      if (this.has(buffer, BufferBit.orphaned)) this.orphaned--
      else if (this.listOf(buffer) !== BufferList.free) this.unhash(buffer)
      this.unlist(buffer)
      task.charge(this.base.cost.refile)
    }
    this.buffers -= this.perPage
    this.base.cache.resize(this.headsFootprint, Math.max(1, this.buffers) * bufferHeadBytes)
    this.pageOfFrame[frame] = -1
    this.unusedPages.push(page)
    this.frames.drop(frame)
  }

  /** buffer_busy(): in use, dirty or under way; such a buffer's page cannot be freed. */
  busy(buffer: number): boolean {
    const at = buffer * headRecord
    return (
      this.heads[at + HeadField.count] > 0 ||
      (this.heads[at + HeadField.state] & (BufferBit.dirty | BufferBit.locked)) !== 0
    )
  }

  protected hash(buffer: number): void {
    const block = this.blockOf(buffer)
    this.hashed.insert(this.hashed.hash(device, block), device, block, buffer)
  }

  protected unhash(buffer: number): void {
    const block = this.blockOf(buffer)
    this.hashed.remove(this.hashed.hash(device, block), device, block)
  }

  /** The reclaim's clock need not look at the buffers of a page whose first is a held orphan. */
  protected markHeldOrphan(buffer: number): void {
    this.heldOrphans++
    const frame = this.frameOfPage[Math.floor(buffer / this.perPage)]
    const bit = 1 << (buffer % this.perPage)
    this.frames.records[frame * frameRecord + FrameField.orphans] |= bit
  }

  /** Frames of the machine, with buffers or without. */
  get frameCount(): number {
    return this.frames.frames
  }

  /** Frames that hold a page of buffers. */
  pagesInUse(): number[] {
    const pages: number[] = []
    for (let frame = 0; frame < this.frames.frames; frame++) {
      if (this.pageOfFrame[frame] >= 0) pages.push(frame)
    }
    return pages
  }

  /** The first buffer of such a frame. */
  firstOf(frame: number): number {
    return this.pageOfFrame[frame] * this.perPage
  }

  /** Length of every hash chain. */
  chainLengths(): Uint16Array {
    return this.hashed.lengthOfEach()
  }

  /** Blocks that hang in a bucket, in chain order. */
  chain(bucket: number): number[] {
    return this.hashed.entriesOf(bucket).map(([, block]) => block)
  }
}
