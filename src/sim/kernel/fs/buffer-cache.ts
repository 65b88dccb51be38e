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
import type { BufferCacheSnapshot } from '../../observe/structures'
import { BufferState } from '../../observe/structures'
import { HashChains, notInChain } from '../lib/hash-chains'
import type { PageFrames } from '../mm/page-frames'
import { FrameField, frameRecord, FrameUse, pageBytes } from '../mm/page-frames'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import { DirtyOrder } from './dirty-order'

export const noBuffer = notInChain

export const BufferList = { clean: 0, locked: 1, dirty: 2, free: 3, none: 4 } as const

/** b_state bits. */
export const BufferBit = { uptodate: 1, dirty: 2, locked: 4, orphaned: 8, metadata: 16 } as const

/** Bytes of a buffer: the block size of the file system. */
export const bufferBytes = 1024
/** nfract of bdflush: the share of buffers that may be dirty. */
export const dirtyShare = 0.4
/** HASHDEV of the first SCSI disk's first partition. */
const device = 0x0801
const buckets = 32_768

/**
 * Fields of a record: b_blocknr, b_state, b_count, b_flushtime in jiffies, the links of its list, its page frame, and its
 * place among dirty ones.
 */
const record = 8
const Field = {
  block: 0,
  state: 1,
  count: 2,
  flushAt: 3,
  next: 4,
  previous: 5,
  frame: 6,
  place: 7,
} as const
/** The number of the LRU list is kept above the state bits. */
const listShift = 8
const stateMask = (1 << listShift) - 1

export type BforgetVariant = 'recycle' | 'orphan'

export class BufferCache {
  readonly perPage: number
  /** One record of eight numbers for each buffer head, so that looking at one touches one line of the host. */
  private readonly heads: Int32Array
  private readonly hashed = new HashChains(buckets)
  /** Page of buffers in each frame. */
  private readonly pageOfFrame: Int32Array
  private readonly frameOfPage: Int32Array
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
  /** wakeup_bdflush(0), so many times at once: too many buffers are dirty, or pages could not be freed. */
  wakeBdflush: (times: number) => void = () => undefined
  private readonly waiters = new Map<number, WaitQueue>()
  private readonly headsFootprint: number
  /** The dirty list again, for those who walk along it. */
  readonly dirtyOrder: DirtyOrder

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
  ) {
    this.perPage = pageBytes / bufferBytes
    const most = frames.frames * this.perPage
    this.heads = new Int32Array(most * record)
    this.dirtyOrder = new DirtyOrder(this.heads, record, Field.place)
    this.pageOfFrame = new Int32Array(frames.frames).fill(-1)
    this.frameOfPage = new Int32Array(frames.frames).fill(-1)
    // A buffer head and the chain it hangs in: 96 bytes, three lines (kernel source of the 2.2 series).
    this.headsFootprint = base.cache.create(bufferHeadBytes)
  }

  private bucketOf(block: number): number {
    return (device ^ block) & (buckets - 1)
  }

  /** find_buffer(): walks the hash chain; `noBuffer` when the block has none. */
  find(block: number, task: Task): number {
    const { hashed } = this
    const buffer = hashed.find(this.bucketOf(block), block, 0)
    const { steps } = hashed
    this.lookups++
    const { cache, cost, missCycles } = this.base
    const misses = cache.touch(task.processor, this.headsFootprint, steps)
    task.charge(cost.findBuffer + steps * cost.chainStep + misses * missCycles)
    return buffer
  }

  /** Takes a buffer from the free list for `block` and puts it on its queues. `noBuffer` when the list is empty. */
  takeFree(block: number, task: Task): number {
    const buffer = this.head[BufferList.free]
    if (buffer === noBuffer) return noBuffer
    this.unlist(buffer)
    this.misses++
    const at = buffer * record
    this.heads[at + Field.block] = block
    this.heads[at + Field.state] = 0
    this.heads[at + Field.count] = 1
    this.touch(at)
    this.heads[at + Field.flushAt] = 0
    this.hash(buffer)
    this.append(buffer, BufferList.clean)
    task.charge(this.base.cost.getblk)
    return buffer
  }

  /** create_buffers(): a page of free buffers. */
  addPage(frame: number, task: Task): void {
    const page = this.unusedPages.pop() ?? this.pagesMade++
    this.pageOfFrame[frame] = page
    this.frameOfPage[page] = frame
    this.frames.records[frame * frameRecord + FrameField.orphans] = 0
    this.frames.changeUse(frame, FrameUse.buffers)
    for (let index = this.perPage - 1; index >= 0; index--) {
      const buffer = page * this.perPage + index
      const at = buffer * record
      this.heads[at + Field.block] = -1
      this.heads[at + Field.state] = 0
      this.heads[at + Field.count] = 0
      this.heads[at + Field.frame] = frame
      this.prepend(buffer, BufferList.free)
    }
    task.charge(this.base.cost.bufferHead * this.perPage)
    this.buffers += this.perPage
    this.base.cache.resize(this.headsFootprint, this.buffers * bufferHeadBytes)
  }

  /** The buffer gets one user more. */
  hold(buffer: number): void {
    const at = buffer * record
    if (this.heads[at + Field.count]++ === 0) this.touch(at)
  }

  /** One user less, without the rest of brelse. */
  unhold(buffer: number): void {
    const at = buffer * record
    if (--this.heads[at + Field.count] === 0) this.touch(at)
  }

  /** Whether this record's buffer is busy may have changed, and with it what reclaim can do with its page. */
  private touch(at: number): void {
    this.frames.touch(this.heads[at + Field.frame])
  }

  /** Users of the buffer: b_count. */
  usersOf(buffer: number): number {
    return this.heads[buffer * record + Field.count]
  }

  /** The block whose content the buffer has. */
  blockOf(buffer: number): number {
    return this.heads[buffer * record + Field.block]
  }

  /** When a dirty buffer is due to be written, in jiffies; 0: no time was set. */
  dueOf(buffer: number): number {
    return this.heads[buffer * record + Field.flushAt]
  }

  has(buffer: number, bit: number): boolean {
    return (this.heads[buffer * record + Field.state] & bit) !== 0
  }

  private set(buffer: number, bits: number): void {
    const at = buffer * record
    this.heads[at + Field.state] |= bits
    if (this.heads[at + Field.count] === 0) this.touch(at)
  }

  private clear(buffer: number, bits: number): void {
    const at = buffer * record
    this.heads[at + Field.state] &= ~bits
    if (this.heads[at + Field.count] === 0) this.touch(at)
  }

  /** The LRU list that the buffer is on. */
  listOf(buffer: number): number {
    return this.heads[buffer * record + Field.state] >> listShift
  }

  /** brelse(): one user less. A dirty buffer without a time is due `age` jiffies after `now`. */
  release(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * record
    const { heads } = this
    task.charge(this.base.cost.brelse)
    if ((heads[at + Field.state] & BufferBit.dirty) !== 0) {
      if (heads[at + Field.flushAt] === 0) this.setDue(buffer, now + age)
    } else {
      heads[at + Field.flushAt] = 0
    }
    this.refile(buffer, task)
    if (heads[at + Field.count] === 0) throw new Error('brelse of a free buffer')
    if (--heads[at + Field.count] === 0) this.touch(at)
  }

  private setDue(buffer: number, due: number): void {
    this.heads[buffer * record + Field.flushAt] = due
    if (this.listOf(buffer) === BufferList.dirty) this.dirtyOrder.setDue(buffer, due)
  }

  markDirty(buffer: number): void {
    this.set(buffer, BufferBit.dirty | BufferBit.uptodate)
  }

  /** Marks a buffer of metadata dirty: due `age` jiffies after `now` unless a time was set before. */
  markMetadata(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * record + Field.flushAt
    this.set(buffer, BufferBit.metadata | BufferBit.dirty | BufferBit.uptodate)
    if (this.heads[at] === 0) this.setDue(buffer, now + age)
    this.refile(buffer, task)
  }

  /** The dirty buffer is about to be written: what is changed from now on is written another time. */
  beginWrite(buffer: number, task: Task): void {
    this.clear(buffer, BufferBit.dirty)
    this.heads[buffer * record + Field.flushAt] = 0
    this.lock(buffer, task)
  }

  /** refile_buffer(): on the LRU list of its state. */
  refile(buffer: number, task: Task | undefined): void {
    const state = this.heads[buffer * record + Field.state]
    const list =
      (state & BufferBit.dirty) !== 0
        ? BufferList.dirty
        : (state & BufferBit.locked) !== 0
          ? BufferList.locked
          : BufferList.clean
    if (state >> listShift === list) return
    this.unlist(buffer)
    this.append(buffer, list)
    task?.charge(this.base.cost.refile)
    if (list === BufferList.dirty && this.length[list] > this.buffers * dirtyShare) {
      this.wakeBdflush(1)
    }
  }

  /** bforget(): the block's content is not wanted any more. The caller holds one use of the buffer. */
  forget(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * record
    task.charge(this.base.cost.bforget)
    if (this.bforget === 'orphan') {
      this.heads[at + Field.flushAt] = 0
      this.unhash(buffer)
      this.unlist(buffer)
      this.heads[at + Field.state] = BufferBit.orphaned | (BufferList.none << listShift)
      this.orphaned++
      const frame = this.frameOfPage[Math.floor(buffer / this.perPage)]
      const bit = 1 << (buffer % this.perPage)
      this.frames.records[frame * frameRecord + FrameField.orphans] |= bit
      return
    }
    if (this.heads[at + Field.count] !== 1 || this.has(buffer, BufferBit.locked)) {
      this.clear(buffer, BufferBit.dirty)
      this.release(buffer, task, now, age)
      return
    }
    this.heads[at + Field.count] = 0
    this.touch(at)
    this.heads[at + Field.flushAt] = 0
    this.unhash(buffer)
    this.unlist(buffer)
    this.heads[at + Field.block] = -1
    this.heads[at + Field.state] = 0
    this.append(buffer, BufferList.free)
  }

  /** buffer_busy(): in use, dirty or under way; such a buffer's page cannot be freed. */
  busy(buffer: number): boolean {
    const at = buffer * record
    return (
      this.heads[at + Field.count] > 0 ||
      (this.heads[at + Field.state] & (BufferBit.dirty | BufferBit.locked)) !== 0
    )
  }

  /** try_to_free_buffers(): how many buffers of a page are looked at until one is busy; 0 when none is. */
  looksAt(frame: number): number {
    // An orphan is busy for ever; where it comes first the host need not look at the buffers.
    if ((this.frames.records[frame * frameRecord + FrameField.orphans] & 1) !== 0) return 1
    const first = this.pageOfFrame[frame] * this.perPage
    for (let index = 0; index < this.perPage; index++) {
      if (this.busy(first + index)) return index + 1
    }
    return 0
  }

  /** So many pages cannot be freed, which so many looks at their buffers have shown. */
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
      if (this.listOf(buffer) !== BufferList.free) this.unhash(buffer)
      this.unlist(buffer)
      task.charge(this.base.cost.refile)
    }
    this.buffers -= this.perPage
    this.base.cache.resize(this.headsFootprint, Math.max(1, this.buffers) * bufferHeadBytes)
    this.pageOfFrame[frame] = -1
    this.unusedPages.push(page)
    this.frames.drop(frame)
  }

  /** Input or output of the buffer begins. */
  lock(buffer: number, task: Task): void {
    this.set(buffer, BufferBit.locked)
    this.locked++
    this.refile(buffer, task)
  }

  /** end_buffer_io_sync(). */
  unlock(buffer: number): void {
    this.clear(buffer, BufferBit.locked)
    this.set(buffer, BufferBit.uptodate)
    this.locked--
    if (this.listOf(buffer) === BufferList.locked) this.refile(buffer, undefined)
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

  /** The buffer after this one on its LRU list. */
  after(buffer: number): number {
    return this.heads[buffer * record + Field.next]
  }

  private hash(buffer: number): void {
    const block = this.blockOf(buffer)
    this.hashed.insert(this.bucketOf(block), block, 0, buffer)
  }

  private unhash(buffer: number): void {
    const block = this.blockOf(buffer)
    this.hashed.remove(this.bucketOf(block), block, 0)
  }

  private append(buffer: number, list: number): void {
    const { heads } = this
    const at = buffer * record
    const last = this.tail[list]
    heads[at + Field.previous] = last
    heads[at + Field.next] = noBuffer
    if (last !== noBuffer) heads[last * record + Field.next] = buffer
    else this.head[list] = buffer
    this.tail[list] = buffer
    heads[at + Field.state] = (heads[at + Field.state] & stateMask) | (list << listShift)
    this.length[list]++
    if (list === BufferList.dirty) this.dirtyOrder.append(buffer, heads[at + Field.flushAt])
  }

  private prepend(buffer: number, list: number): void {
    const { heads } = this
    const at = buffer * record
    const first = this.head[list]
    heads[at + Field.next] = first
    heads[at + Field.previous] = noBuffer
    if (first !== noBuffer) heads[first * record + Field.previous] = buffer
    else this.tail[list] = buffer
    this.head[list] = buffer
    heads[at + Field.state] = (heads[at + Field.state] & stateMask) | (list << listShift)
    this.length[list]++
  }

  private unlist(buffer: number): void {
    const { heads } = this
    const at = buffer * record
    const list = heads[at + Field.state] >> listShift
    const next = heads[at + Field.next]
    const previous = heads[at + Field.previous]
    if (previous !== noBuffer) heads[previous * record + Field.next] = next
    else this.head[list] = next
    if (next !== noBuffer) heads[next * record + Field.previous] = previous
    else this.tail[list] = previous
    this.length[list]--
    if (list === BufferList.dirty) this.dirtyOrder.remove(buffer)
  }

  /** Length of every hash chain. */
  chainLengths(): Uint16Array {
    return this.hashed.lengthOfEach()
  }

  /** Blocks that hang in a bucket, in chain order. */
  chain(bucket: number): number[] {
    return this.hashed.entriesOf(bucket).map(([block]) => block)
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
        blocks[at * this.perPage + index] = this.heads[buffer * record + Field.block]
        totals[state]++
      }
    })
    return {
      kind: 'buffer-cache',
      bufferBytes,
      buffersPerPage: this.perPage,
      pages: Int32Array.from(pages),
      states,
      blocks,
      totals,
      machinePages: this.frames.frames,
    }
  }

  private drawnState(buffer: number): number {
    const state = this.heads[buffer * record + Field.state]
    if ((state & BufferBit.orphaned) !== 0) return BufferState.orphaned
    if (state >> listShift === BufferList.free) return BufferState.free
    if ((state & BufferBit.locked) !== 0) return BufferState.locked
    if ((state & BufferBit.dirty) !== 0) return BufferState.dirty
    return BufferState.clean
  }
}

const bufferHeadBytes = 96
