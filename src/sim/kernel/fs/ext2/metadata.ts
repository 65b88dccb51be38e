/**
 * What ext2 does with buffers: gives them back, and marks them as changed, with the ages that
 * bdflush knows.
 */
import type { Task } from '../../sched/task'
import { BufferBit, noBuffer } from '../buffer-heads'
import type { FileRooms } from '../file-rooms'
import { blockBytes } from './layout'

/**
 * age_buffer and age_super of bdflush, in jiffies: 30 s for data that is overwritten, 5 s for
 * metadata and for new blocks (fs/ext2/balloc.c of 2.2.1).
 */
const dataAge = 3000
const metadataAge = 500

export class Metadata {
  constructor(private readonly rooms: FileRooms) {}

  /**
   * The buffer of a block that is up to date in memory, in use by the caller; otherwise `noBuffer`,
   * nothing held.
   */
  cached(task: Task, block: number): number {
    const { buffers, io } = this.rooms
    const buffer = io.getblkNow(task, block, 1, true)
    if (buffer === noBuffer || buffers.has(buffer, BufferBit.uptodate)) return buffer
    this.release(task, buffer)
    return noBuffer
  }

  /** brelse(). */
  release(task: Task, buffer: number): void {
    this.rooms.buffers.release(buffer, task, this.rooms.timer.jiffies, dataAge)
  }

  /** bforget(). */
  forget(task: Task, buffer: number): void {
    this.rooms.buffers.forget(buffer, task, this.rooms.timer.jiffies, dataAge)
  }

  /** mark_buffer_dirty() of metadata. */
  mark(task: Task, buffer: number): void {
    this.rooms.buffers.markMetadata(buffer, task, this.rooms.timer.jiffies, metadataAge)
  }

  /** Marks it, and gives it back. */
  markAndRelease(task: Task, buffer: number): void {
    this.mark(task, buffer)
    this.release(task, buffer)
  }

  /** ext2_alloc_block(): a new block is cleared in its buffer, never read. */
  chargeClear(task: Task): void {
    task.charge(blockBytes * this.rooms.base.cost.clearPerByte)
  }
}
