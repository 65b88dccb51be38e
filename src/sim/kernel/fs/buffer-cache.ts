/**
 * The buffer cache of Linux 2.2 (fs/buffer.c): hash chains, LRU lists by state, a free list, use
 * counts, several buffers to a page. It grows by a page when the free list is empty; only
 * try_to_free_buffers shrinks it. It has no ageing (TR 99-4; touch_buffer of 2.2.1 does nothing).
 * A kernel with a metadata cache of its own (`wire`) has pages in it that never go: metadata takes
 * its buffers from there alone, when it is full the one used longest ago; data takes none of them.
 * Switch `bforget`: `recycle` (2.2.5), `orphan` (2.2.1), `orphan-held`; see `forget`.
 * Left out: several block sizes and devices, BH_Protected, a reserve of unused buffer heads.
 */
import type { Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import { BufferBit, BufferList, HeadField, headRecord, listShift, noBuffer } from './buffer-heads'
import { device, PagedBuffers } from './buffer-pages'

/** nfract of bdflush: the share of buffers that may be dirty. */
export const dirtyShare = 0.4

/**
 * What becomes of the buffer of a freed block: it goes on the free list; it is unhashed, and left
 * on the clean list without a user; it is unhashed, and keeps its user for ever.
 */
export const bforgetVariants = ['recycle', 'orphan', 'orphan-held'] as const
export type BforgetVariant = (typeof bforgetVariants)[number]

export class BufferCache extends PagedBuffers {
  locked = 0
  lookups = 0
  /** Entries of hash chains that look-ups have compared. */
  chainSteps = 0
  misses = 0
  bforget: BforgetVariant = 'recycle'
  private readonly waiters = new Map<number, WaitQueue>()

  /**
   * find_buffer(): walks the hash chain; `noBuffer` when the block has none.
   * @param times how often in a row the kernel looks for it
   */
  find(block: number, task: Task, times = 1): number {
    const { hashed } = this
    const buffer = hashed.find(hashed.hash(device, block), device, block)
    this.lookups += times
    const { cost } = this.base
    const steps = times * hashed.steps
    this.chainSteps += steps
    const cycles = times * cost.findBuffer + steps * cost.chainStep
    this.base.chargeWithLines(task, cycles, this.headsFootprint, steps)
    return buffer
  }

  /** The same without charge, for who looks ahead. */
  peek(block: number): number {
    const { hashed } = this
    return hashed.find(hashed.hash(device, block), device, block)
  }

  /**
   * Takes a buffer from the free list for `block` and puts it on its queues. `noBuffer` when the
   * list is empty: that of the metadata cache, where there is one, for metadata.
   */
  takeFree(block: number, task: Task, isMetadata = false): number {
    const list = isMetadata && this.wired > 0 ? BufferList.wiredFree : BufferList.free
    if (list === BufferList.wiredFree && this.head[list] === noBuffer) this.reuseOldest(task)
    const buffer = this.head[list]
    if (buffer === noBuffer) return noBuffer
    this.unlist(buffer)
    this.misses++
    const at = buffer * headRecord
    this.heads[at + HeadField.block] = block
    this.heads[at + HeadField.state] = 0
    this.heads[at + HeadField.count] = 1
    this.touch(at)
    this.heads[at + HeadField.flushAt] = 0
    this.hash(buffer)
    this.append(buffer, this.cleanList(buffer))
    task.charge(this.base.cost.getblk)
    return buffer
  }

  private cleanList(buffer: number): number {
    return this.isWired(buffer) ? BufferList.wiredClean : BufferList.clean
  }

  private freeList(buffer: number): number {
    return this.isWired(buffer) ? BufferList.wiredFree : BufferList.free
  }

  /** The metadata cache is full: the clean buffer that was used longest ago is free, if one is. */
  private reuseOldest(task: Task): void {
    let buffer = this.head[BufferList.wiredClean]
    while (buffer !== noBuffer && this.usersOf(buffer) > 0) buffer = this.after(buffer)
    if (buffer === noBuffer) return
    this.unhash(buffer)
    this.becomeFree(buffer)
    task.charge(this.base.cost.refile)
  }

  private becomeFree(buffer: number): void {
    const at = buffer * headRecord
    this.unlist(buffer)
    this.heads[at + HeadField.block] = -1
    this.heads[at + HeadField.state] = 0
    this.append(buffer, this.freeList(buffer))
  }

  /** brelse(): one user less. A dirty buffer without a time is due `age` jiffies after `now`. */
  release(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * headRecord
    const { heads } = this
    task.charge(this.base.cost.brelse)
    if ((heads[at + HeadField.state] & BufferBit.dirty) !== 0) {
      if (heads[at + HeadField.flushAt] === 0) this.setDue(buffer, now + age)
    } else {
      heads[at + HeadField.flushAt] = 0
    }
    this.refile(buffer, task)
    if (heads[at + HeadField.count] === 0) throw new Error('brelse of a free buffer')
    if (--heads[at + HeadField.count] > 0) return
    this.touch(at)
    if (this.listOf(buffer) !== BufferList.wiredClean) return
    this.unlist(buffer)
    this.append(buffer, BufferList.wiredClean)
  }

  private setDue(buffer: number, due: number): void {
    this.heads[buffer * headRecord + HeadField.flushAt] = due
    if (this.listOf(buffer) === BufferList.dirty) this.dirtyOrder.setDue(buffer, due)
  }

  markDirty(buffer: number): void {
    this.set(buffer, BufferBit.dirty | BufferBit.uptodate)
  }

  /**
   * Marks a buffer of metadata dirty: due `age` jiffies after `now` unless a time was set before.
   */
  markMetadata(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * headRecord + HeadField.flushAt
    this.set(buffer, BufferBit.metadata | BufferBit.dirty | BufferBit.uptodate)
    if (this.heads[at] === 0) this.setDue(buffer, now + age)
    this.refile(buffer, task)
  }

  /**
   * The dirty buffer is about to be written: what is changed from now on is written another time.
   */
  beginWrite(buffer: number, task: Task): void {
    this.clear(buffer, BufferBit.dirty)
    this.heads[buffer * headRecord + HeadField.flushAt] = 0
    this.lock(buffer, task)
  }

  /** refile_buffer(): on the LRU list of its state. */
  refile(buffer: number, task: Task | undefined): void {
    const state = this.heads[buffer * headRecord + HeadField.state]
    const list =
      (state & BufferBit.dirty) !== 0
        ? BufferList.dirty
        : (state & BufferBit.locked) !== 0
          ? BufferList.locked
          : this.cleanList(buffer)
    if (state >> listShift === list) return
    this.unlist(buffer)
    this.append(buffer, list)
    task?.charge(this.base.cost.refile)
    if (list === BufferList.dirty && this.length[list] > this.buffers * dirtyShare) {
      this.wakeBdflush(1)
    }
  }

  /**
   * bforget(): the block's content is not wanted any more. The caller holds one use of the buffer,
   * and it is not locked (fs/ext2/truncate.c sees to that).
   */
  forget(buffer: number, task: Task, now: number, age: number): void {
    task.charge(this.base.cost.bforget)
    if (this.bforget === 'recycle') this.recycle(buffer, task, now, age)
    else this.orphan(buffer, task)
  }

  /**
   * __bforget() of 2.2.1: clean, off the hash, without a device, on the clean list; one user less.
   * Where the user is left, nothing ever drops it, and the page stays busy.
   */
  private orphan(buffer: number, task: Task): void {
    const at = buffer * headRecord
    this.heads[at + HeadField.flushAt] = 0
    this.unhash(buffer)
    this.orphaned++
    if (this.bforget === 'orphan-held') {
      this.unlist(buffer)
      this.heads[at + HeadField.state] = BufferBit.orphaned | (BufferList.none << listShift)
      this.markHeldOrphan(buffer)
      return
    }
    this.clear(buffer, BufferBit.dirty)
    this.refile(buffer, task)
    this.set(buffer, BufferBit.orphaned)
    this.unhold(buffer)
  }

  /** __bforget() of 2.2.5: on the free list, if nobody else has the buffer. */
  private recycle(buffer: number, task: Task, now: number, age: number): void {
    const at = buffer * headRecord
    if (this.heads[at + HeadField.count] !== 1 || this.has(buffer, BufferBit.locked)) {
      this.clear(buffer, BufferBit.dirty)
      this.release(buffer, task, now, age)
      return
    }
    this.heads[at + HeadField.count] = 0
    this.touch(at)
    this.heads[at + HeadField.flushAt] = 0
    this.unhash(buffer)
    this.becomeFree(buffer)
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
    if (this.waiters.size === 0) return undefined
    const queue = this.waiters.get(buffer)
    if (queue) this.waiters.delete(buffer)
    return queue
  }
}
