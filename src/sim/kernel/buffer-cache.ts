/**
 * The buffer cache of Linux 2.2 (fs/buffer.c): buffer heads on hash chains and on LRU lists by state, a free
 * list, use counts, pages that hold several buffers. It grows a page at a time when the free list is empty,
 * and only try_to_free_buffers makes it smaller. It has no ageing: TR 99-4 remarks on that.
 * Switch `bforget`: `recycle` (2.2.5) puts a forgotten buffer whose use count is zero on the free list;
 * `orphan` (2.2.3) takes it off the hash and abandons it: nobody drops its use count any more, so its page
 * stays busy. The text says that what was orphaned does not come back until a reboot.
 * Left out: several block sizes and devices at once, BH_Protected, unused buffer heads kept in reserve.
 * The hash function and the 32 K buckets are those of 2.2.5 (reference-figures §3.2).
 */
import type { CacheResidency } from '../machine/cache'
import type { BufferCacheSnapshot } from '../observe/structures'
import { BufferState } from '../observe/structures'
import { cost } from './costs'
import type { PageFrames } from './page-frames'
import { FrameUse, pageBytes } from './page-frames'
import type { Task } from './task'
import { WaitQueue } from './wait-queue'

export const noBuffer = -1

export const BufferList = { clean: 0, locked: 1, dirty: 2, free: 3, none: 4 } as const

/** b_state bits. */
export const BufferBit = { uptodate: 1, dirty: 2, locked: 4, orphaned: 8, metadata: 16 } as const

/** HASHDEV of the first SCSI disk's first partition. */
const device = 0x0801
const buckets = 32_768

export type BforgetVariant = 'recycle' | 'orphan'

export class BufferCache {
  readonly perPage: number
  readonly block: Int32Array
  readonly count: Uint16Array
  readonly state: Uint8Array
  readonly list: Uint8Array
  /** When a dirty buffer is due to be written, in ns; 0 when none. */
  readonly flushAt: Float64Array
  private readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly hashNext: Int32Array
  private readonly hashPrevious: Int32Array
  private readonly hashHead = new Int32Array(buckets).fill(noBuffer)
  /** Page frame of each page of buffers, and back. */
  private readonly frameOfPage: Int32Array
  private readonly pageOfFrame: Int32Array
  private readonly unusedPages: number[] = []
  private pagesMade = 0
  readonly head = new Int32Array(5).fill(noBuffer)
  private readonly tail = new Int32Array(5).fill(noBuffer)
  readonly length = new Int32Array(5)
  /** Buffers in pages of the buffer cache, whatever their state. */
  buffers = 0
  orphaned = 0
  locked = 0
  lookups = 0
  misses = 0
  bforget: BforgetVariant = 'recycle'
  private readonly waiters = new Map<number, WaitQueue>()
  private readonly headsFootprint: number

  constructor(
    private readonly frames: PageFrames,
    readonly bufferBytes: number,
    private readonly cache: CacheResidency,
    private readonly missCycles: number,
    /** Told when dirty buffers exceed their share, so that bdflush is woken. */
    private readonly onTooManyDirty: () => void,
    /** Share of buffers that may be dirty: nfract of bdflush, 0–1. */
    private readonly dirtyShare: number,
  ) {
    this.perPage = pageBytes / bufferBytes
    const most = frames.frames * this.perPage
    this.block = new Int32Array(most)
    this.count = new Uint16Array(most)
    this.state = new Uint8Array(most)
    this.list = new Uint8Array(most).fill(BufferList.none)
    this.flushAt = new Float64Array(most)
    this.next = new Int32Array(most)
    this.previous = new Int32Array(most)
    this.hashNext = new Int32Array(most)
    this.hashPrevious = new Int32Array(most)
    this.frameOfPage = new Int32Array(frames.frames)
    this.pageOfFrame = new Int32Array(frames.frames).fill(-1)
    // A buffer head and the chain it hangs in: 96 bytes, three lines (kernel source of the 2.2 series).
    this.headsFootprint = cache.create(bufferHeadBytes)
  }

  private bucketOf(block: number): number {
    return (device ^ block) & (buckets - 1)
  }

  /** find_buffer(): walks the hash chain; `noBuffer` when the block has none. */
  find(block: number, task: Task): number {
    let cycles: number = cost.findBuffer
    let steps = 1
    let buffer = this.hashHead[this.bucketOf(block)]
    while (buffer !== noBuffer && this.block[buffer] !== block) {
      steps++
      buffer = this.hashNext[buffer]
    }
    this.lookups++
    cycles += steps * cost.chainStep
    cycles += this.cache.touch(task.processor, this.headsFootprint, steps) * this.missCycles
    task.charge(cycles)
    return buffer
  }

  /** Takes a buffer from the free list for `block` and puts it on its queues. `noBuffer` when the list is empty. */
  takeFree(block: number, task: Task): number {
    const buffer = this.head[BufferList.free]
    if (buffer === noBuffer) return noBuffer
    this.unlist(buffer)
    this.misses++
    this.block[buffer] = block
    this.count[buffer] = 1
    this.state[buffer] = 0
    this.flushAt[buffer] = 0
    this.hash(buffer)
    this.append(buffer, BufferList.clean)
    task.charge(cost.getblk)
    return buffer
  }

  /** create_buffers(): a page of free buffers. */
  addPage(frame: number, task: Task): void {
    const page = this.unusedPages.pop() ?? this.pagesMade++
    this.frameOfPage[page] = frame
    this.pageOfFrame[frame] = page
    this.frames.changeUse(frame, FrameUse.buffers)
    for (let index = this.perPage - 1; index >= 0; index--) {
      const buffer = page * this.perPage + index
      this.block[buffer] = -1
      this.count[buffer] = 0
      this.state[buffer] = 0
      this.prepend(buffer, BufferList.free)
      task.charge(cost.bufferHead)
    }
    this.buffers += this.perPage
    this.cache.resize(this.headsFootprint, this.buffers * bufferHeadBytes)
  }

  /** brelse(): one user less. */
  release(buffer: number, task: Task, now: number, age: number): void {
    task.charge(cost.brelse)
    if ((this.state[buffer] & BufferBit.dirty) !== 0) {
      if (this.flushAt[buffer] === 0) this.flushAt[buffer] = now + age
    } else {
      this.flushAt[buffer] = 0
    }
    this.refile(buffer, task)
    if (this.count[buffer] === 0) throw new Error('brelse of a free buffer')
    this.count[buffer]--
  }

  markDirty(buffer: number): void {
    this.state[buffer] |= BufferBit.dirty | BufferBit.uptodate
  }

  /** refile_buffer(): on the LRU list of its state. */
  refile(buffer: number, task: Task | undefined): void {
    const state = this.state[buffer]
    const list =
      (state & BufferBit.dirty) !== 0
        ? BufferList.dirty
        : (state & BufferBit.locked) !== 0
          ? BufferList.locked
          : BufferList.clean
    if (this.list[buffer] === list) return
    this.unlist(buffer)
    this.append(buffer, list)
    task?.charge(cost.refile)
    if (list === BufferList.dirty && this.length[list] > this.buffers * this.dirtyShare) {
      this.onTooManyDirty()
    }
  }

  /** bforget(): the block's content is not wanted any more. The caller holds one use of the buffer. */
  forget(buffer: number, task: Task, now: number, age: number): void {
    task.charge(cost.bforget)
    if (this.bforget === 'orphan') {
      this.state[buffer] &= ~BufferBit.dirty
      this.flushAt[buffer] = 0
      this.unhash(buffer)
      this.unlist(buffer)
      this.list[buffer] = BufferList.none
      this.state[buffer] |= BufferBit.orphaned
      this.orphaned++
      return
    }
    if (this.count[buffer] !== 1 || (this.state[buffer] & BufferBit.locked) !== 0) {
      this.state[buffer] &= ~BufferBit.dirty
      this.release(buffer, task, now, age)
      return
    }
    this.count[buffer] = 0
    this.state[buffer] = 0
    this.flushAt[buffer] = 0
    this.unhash(buffer)
    this.unlist(buffer)
    this.block[buffer] = -1
    this.append(buffer, BufferList.free)
  }

  /** buffer_busy(): in use, dirty or under way; such a buffer's page cannot be freed. */
  busy(buffer: number): boolean {
    return (
      this.count[buffer] > 0 || (this.state[buffer] & (BufferBit.dirty | BufferBit.locked)) !== 0
    )
  }

  /** try_to_free_buffers(): frees the page unless one of its buffers is busy. Returns whether it did. */
  tryToFree(frame: number, task: Task): boolean {
    const page = this.pageOfFrame[frame]
    const first = page * this.perPage
    for (let buffer = first; buffer < first + this.perPage; buffer++) {
      task.charge(cost.bufferStep)
      if (this.busy(buffer)) return false
    }
    for (let buffer = first; buffer < first + this.perPage; buffer++) {
      if (this.list[buffer] !== BufferList.free) this.unhash(buffer)
      this.unlist(buffer)
      this.list[buffer] = BufferList.none
      task.charge(cost.refile)
    }
    this.buffers -= this.perPage
    this.cache.resize(this.headsFootprint, this.buffers * bufferHeadBytes)
    this.pageOfFrame[frame] = -1
    this.unusedPages.push(page)
    this.frames.drop(frame)
    return true
  }

  /** Input or output of the buffer begins. */
  lock(buffer: number, task: Task): void {
    this.state[buffer] |= BufferBit.locked
    this.locked++
    this.refile(buffer, task)
  }

  /** end_buffer_io_sync(). */
  unlock(buffer: number): void {
    this.state[buffer] = (this.state[buffer] & ~BufferBit.locked) | BufferBit.uptodate
    this.locked--
    if (this.list[buffer] === BufferList.locked) this.refile(buffer, undefined)
  }

  /** Who waits for the buffer to be unlocked. */
  waitersOf(buffer: number): WaitQueue {
    let queue = this.waiters.get(buffer)
    if (!queue) {
      queue = new WaitQueue()
      this.waiters.set(buffer, queue)
    }
    return queue
  }

  /** The waiters of a buffer that has just been unlocked, if there are any. */
  takeWaiters(buffer: number): WaitQueue | undefined {
    const queue = this.waiters.get(buffer)
    if (queue) this.waiters.delete(buffer)
    return queue
  }

  has(buffer: number, bit: number): boolean {
    return (this.state[buffer] & bit) !== 0
  }

  /** The buffer after this one on its LRU list. */
  after(buffer: number): number {
    return this.next[buffer]
  }

  private hash(buffer: number): void {
    const bucket = this.bucketOf(this.block[buffer])
    const first = this.hashHead[bucket]
    this.hashNext[buffer] = first
    this.hashPrevious[buffer] = noBuffer
    if (first !== noBuffer) this.hashPrevious[first] = buffer
    this.hashHead[bucket] = buffer
  }

  private unhash(buffer: number): void {
    const next = this.hashNext[buffer]
    const previous = this.hashPrevious[buffer]
    if (previous !== noBuffer) this.hashNext[previous] = next
    else this.hashHead[this.bucketOf(this.block[buffer])] = next
    if (next !== noBuffer) this.hashPrevious[next] = previous
  }

  private append(buffer: number, list: number): void {
    const last = this.tail[list]
    this.previous[buffer] = last
    this.next[buffer] = noBuffer
    if (last !== noBuffer) this.next[last] = buffer
    else this.head[list] = buffer
    this.tail[list] = buffer
    this.list[buffer] = list
    this.length[list]++
  }

  private prepend(buffer: number, list: number): void {
    const first = this.head[list]
    this.next[buffer] = first
    this.previous[buffer] = noBuffer
    if (first !== noBuffer) this.previous[first] = buffer
    else this.tail[list] = buffer
    this.head[list] = buffer
    this.list[buffer] = list
    this.length[list]++
  }

  private unlist(buffer: number): void {
    const list = this.list[buffer]
    const next = this.next[buffer]
    const previous = this.previous[buffer]
    if (previous !== noBuffer) this.next[previous] = next
    else this.head[list] = next
    if (next !== noBuffer) this.previous[next] = previous
    else this.tail[list] = previous
    this.length[list]--
  }

  /** Length of every hash chain. */
  chainLengths(): Uint16Array {
    const lengths = new Uint16Array(buckets)
    for (let bucket = 0; bucket < buckets; bucket++) {
      for (let at = this.hashHead[bucket]; at !== noBuffer; at = this.hashNext[at]) lengths[bucket]++
    }
    return lengths
  }

  /** Blocks that hang in a bucket, in chain order. */
  chain(bucket: number): number[] {
    const blocks: number[] = []
    for (let at = this.hashHead[bucket]; at !== noBuffer; at = this.hashNext[at]) {
      blocks.push(this.block[at])
    }
    return blocks
  }

  snapshot(): BufferCacheSnapshot {
    const pages: number[] = []
    for (let frame = 0; frame < this.frames.frames; frame++) {
      if (this.pageOfFrame[frame] >= 0) pages.push(frame)
    }
    const states = new Uint8Array(pages.length * this.perPage)
    const blocks = new Int32Array(states.length)
    const totals = [0, 0, 0, 0, 0, 0]
    pages.forEach((frame, at) => {
      for (let index = 0; index < this.perPage; index++) {
        const buffer = this.pageOfFrame[frame] * this.perPage + index
        const state = this.drawnState(buffer)
        states[at * this.perPage + index] = state
        blocks[at * this.perPage + index] = this.block[buffer]
        totals[state]++
      }
    })
    return {
      kind: 'buffer-cache',
      bufferBytes: this.bufferBytes,
      buffersPerPage: this.perPage,
      pages: Int32Array.from(pages),
      states,
      blocks,
      totals,
      machinePages: this.frames.frames,
    }
  }

  private drawnState(buffer: number): number {
    const state = this.state[buffer]
    if ((state & BufferBit.orphaned) !== 0) return BufferState.orphaned
    if (this.list[buffer] === BufferList.free) return BufferState.free
    if ((state & BufferBit.locked) !== 0) return BufferState.locked
    if ((state & BufferBit.dirty) !== 0) return BufferState.dirty
    return BufferState.clean
  }
}

const bufferHeadBytes = 96
