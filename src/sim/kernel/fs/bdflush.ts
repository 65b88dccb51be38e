/**
 * The daemons that write dirty buffers (fs/buffer.c of Linux 2.2): bdflush, when too many are
 * dirty, and kupdate, which writes every 5 s what has become old enough, inodes first.
 */
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import type { Timer } from '../sched/timer'
import { WaitQueue } from '../sched/wait-queue'
import { seconds } from '../../units/time'
import type { BufferCache } from './buffer-cache'
import { dirtyShare } from './buffer-cache'
import { BufferBit, BufferList, noBuffer } from './buffer-heads'
import type { BufferIo } from './buffer-io'

/** ndirty of bdflush: buffers a pass. */
const buffersPerPass = 500
const kupdateInterval = seconds(5)

export class Bdflush {
  private readonly wait = new WaitQueue()

  constructor(
    private readonly base: KernelBase,
    private readonly timer: Timer,
    private readonly buffers: BufferCache,
    private readonly io: BufferIo,
  ) {
    buffers.wakeBdflush = (times) => timer.wakeFromAnywhere(this.wait, times)
  }

  /** bdflush: writes up to 500 dirty buffers when woken, again while too many are dirty. */
  *bdflush(task: Task): Path {
    const { buffers } = this
    for (;;) {
      task.lockDepth = 1
      yield Op.lock
      const written = yield* this.flush(task, buffersPerPass, Infinity)
      task.lockDepth = 0
      yield Op.unlock
      this.base.dispatcher.wakeAll(this.io.bdflushDone, task)
      const tooMany = buffers.length[BufferList.dirty] > buffers.buffers * dirtyShare
      if (tooMany && written > 0) continue
      // 2.2.1 sleeps without a timeout: what nobody wakes it for is kupdate's.
      yield* this.base.dispatcher.sleepOn(task, this.wait, TaskState.interruptible)
    }
  }

  /** kupdate. @param syncInodes writes inodes that have changed to their blocks */
  *kupdate(task: Task, syncInodes: (task: Task) => Path): Path {
    const { base, timer } = this
    const nobody = new WaitQueue()
    for (;;) {
      yield* timer.sleepUntilWoken(task, nobody, kupdateInterval)
      task.lockDepth = 1
      yield Op.lock
      const node = task.node
      task.node = base.call(task, base.procedures.sync_inodes)
      yield* syncInodes(task)
      // From within sync_inodes, as the profile has always had it.
      task.node = base.call(task, base.procedures.sync_old_buffers)
      yield* this.flush(task, Infinity, timer.jiffies)
      task.node = node
      task.lockDepth = 0
      yield Op.unlock
    }
  }

  /** Writes dirty buffers that are due at `due` jiffies, at most `max`. Returns how many. */
  private *flush(task: Task, max: number, due: number): Path<number> {
    const { base, buffers, io } = this
    let written = 0
    let left = buffers.length[BufferList.dirty]
    let buffer = buffers.head[BufferList.dirty]
    while (buffer !== noBuffer && left > 0 && written < max) {
      const found = buffers.dirtyOrder.firstDue(buffer, due, left)
      const { looks } = buffers.dirtyOrder
      task.charge(looks * base.cost.bufferStep)
      if (found === noBuffer) break
      left -= looks
      const next = buffers.after(found)
      if (buffers.has(found, BufferBit.dirty) && !buffers.has(found, BufferBit.locked)) {
        written++
        // The use keeps the buffer while this task waits for a request.
        buffers.hold(found)
        buffers.beginWrite(found, task)
        yield* io.submit(task, found, true)
        buffers.unhold(found)
      }
      // The list may have changed while this task slept.
      buffer =
        next !== noBuffer && buffers.listOf(next) !== BufferList.dirty
          ? buffers.head[BufferList.dirty]
          : next
    }
    return written
  }
}
