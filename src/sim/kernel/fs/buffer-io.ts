/**
 * getblk, bread and ll_rw_block of Linux 2.2 (fs/buffer.c): a block's buffer found or made, read,
 * waited for.
 */
import { sectorBytes } from '../block/block-layer'
import type { BlockLayer } from '../block/block-layer'
import { FrameUse, noFrame } from '../mm/page-frames'
import type { Reclaim } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { BufferCache } from './buffer-cache'
import { BufferBit, bufferBytes, noBuffer } from './buffer-heads'

const sectorsPerBuffer = bufferBytes / sectorBytes

export class BufferIo {
  /** Who waits until bdflush has written something. */
  readonly bdflushDone = new WaitQueue()
  /** bdflush itself does not wait for bdflush. */
  bdflush: Task | undefined

  constructor(
    private readonly base: KernelBase,
    private readonly buffers: BufferCache,
    private readonly disk: BlockLayer,
    private readonly reclaim: Reclaim,
  ) {}

  /**
   * getblk() where it need not wait: the buffer of a block, in use by the caller; its content may
   * not be up to date. `noBuffer` when there is no free buffer and memory is short: `getblk` then
   * waits.
   * @param times how often in a row it is called for a block that has a buffer
   */
  getblkNow(task: Task, block: number, times = 1, isMetadata = false): number {
    const { buffers } = this
    const node = task.node
    task.node = this.base.tree.call(node, this.base.procedures.getblk)
    let buffer = buffers.find(block, task, times)
    if (buffer !== noBuffer) buffers.hold(buffer)
    else {
      buffer = buffers.takeFree(block, task, isMetadata)
      if (buffer === noBuffer && !this.isWired(isMetadata)) {
        const frame = this.reclaim.takeNow(task, FrameUse.buffers)
        if (frame !== noFrame) {
          buffers.addPage(frame, task)
          buffer = buffers.takeFree(block, task)
        }
      }
    }
    task.node = node
    return buffer
  }

  private isWired(isMetadata: boolean): boolean {
    return isMetadata && this.buffers.wired > 0
  }

  /** getblk(): as `getblkNow`, waiting for a buffer where there is none. */
  *getblk(task: Task, block: number, isMetadata = false): Path<number> {
    let buffer = this.getblkNow(task, block, 1, isMetadata)
    while (buffer === noBuffer) {
      yield* this.refillFreelist(task, isMetadata)
      buffer = this.getblkNow(task, block, 1, isMetadata)
    }
    return buffer
  }

  /**
   * refill_freelist(): one page more, but not of a metadata cache; or wait until bdflush has
   * written something, and yield.
   */
  private *refillFreelist(task: Task, isMetadata: boolean): Path {
    const node = task.node
    task.node = this.base.call(task, this.base.procedures.refill_freelist)
    const frame = this.isWired(isMetadata)
      ? noFrame
      : yield* this.reclaim.take(task, FrameUse.buffers, false)
    if (frame !== noFrame) this.buffers.addPage(frame, task)
    else {
      this.buffers.wakeBdflush(1)
      if (task !== this.bdflush) {
        const { dispatcher } = this.base
        yield* dispatcher.sleepOn(task, this.bdflushDone, TaskState.uninterruptible)
      }
      yield Op.yield
    }
    task.node = node
  }

  /** bread(): the buffer of a block of metadata, read from disk unless it is up to date. */
  *bread(task: Task, block: number): Path<number> {
    let buffer = this.getblkNow(task, block, 1, true)
    if (buffer === noBuffer) buffer = yield* this.getblk(task, block, true)
    if (!this.buffers.has(buffer, BufferBit.uptodate)) yield* this.readBuffer(task, buffer)
    return buffer
  }

  /** ll_rw_block(READ) and wait. */
  *readBuffer(task: Task, buffer: number): Path {
    const node = task.node
    task.node = this.base.call(task, this.base.procedures.bread)
    const { buffers } = this
    if (!buffers.has(buffer, BufferBit.locked)) {
      buffers.lock(buffer, task)
      yield* this.submit(task, buffer, false)
    }
    yield* this.waitOnBuffer(task, buffer)
    task.node = node
  }

  submit(task: Task, buffer: number, write: boolean): Path {
    const sector = this.buffers.blockOf(buffer) * sectorsPerBuffer
    return this.disk.submit(task, write, sector, sectorsPerBuffer, buffer, this.bufferDone)
  }

  private readonly bufferDone = (buffer: number): number => {
    this.buffers.unlock(buffer)
    const waiters = this.buffers.takeWaiters(buffer)
    return waiters ? this.base.dispatcher.wakeUp(waiters) : 0
  };

  *waitOnBuffer(task: Task, buffer: number): Path {
    while (this.buffers.has(buffer, BufferBit.locked)) {
      const queue = this.buffers.waitersOf(buffer)
      yield* this.base.dispatcher.sleepOn(task, queue, TaskState.uninterruptible)
    }
  }
}
