/**
 * Pipes as fs/pipe.c of Linux 2.2.1 has them: one page of buffer between two files. A read waits
 * until there is something and takes what there is; a write waits for room, up to one page for all
 * of it at once, and one writer at a time (i_atomic_write). Both wake all at the pipe, and who
 * polls it. A write that nobody can read any more ends short, where 2.2 sends SIGPIPE.
 * Left out: named pipes, O_NONBLOCK, signals that break the wait.
 */
import type { PageFrames } from '../mm/page-frames'
import { FrameUse, noFrame, pageBytes } from '../mm/page-frames'
import type { Reclaim } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { Rest, TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { OpenFile } from './files'
import { Readiness } from './files'
import { Watchers } from './poll/watchers'

export class Pipes {
  /** Pipes that are open. */
  open = 0

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly reclaim: Reclaim,
  ) {}

  /** get_pipe_inode(): a pipe with nothing in it. Undefined: no memory. */
  *make(task: Task): Path<Pipe | undefined> {
    task.charge(this.base.cost.inode)
    const frame = yield* this.reclaim.take(task, FrameUse.kernel, true)
    if (frame === noFrame) return undefined
    this.open++
    return new Pipe(this.base, () => {
      this.open--
      this.frames.drop(frame)
    })
  }
}

export class Pipe {
  readonly reader = new ReadEnd(this)
  readonly writer = new WriteEnd(this)
  readers = 1
  writers = 1
  /** Bytes in the buffer. */
  length = 0
  private readonly waiters = new WaitQueue()
  private readonly otherWriters = new WaitQueue()
  private isBeingWritten = false

  constructor(
    private readonly base: KernelBase,
    private readonly freed: () => void,
  ) {}

  /** pipe_read(): 0 when it is empty and nobody can write to it. */
  *read(task: Task, bytes: number): Path<number> {
    const { dispatcher, cost, procedures } = this.base
    const { node } = task
    task.node = this.base.call(task, procedures.pipe_read)
    while (this.length === 0 && this.writers > 0 && bytes > 0) {
      yield* dispatcher.sleepOn(task, this.waiters, TaskState.interruptible)
    }
    const taken = Math.min(bytes, this.length)
    this.length -= taken
    task.charge(taken * cost.copyPerByte)
    dispatcher.wakeAll(this.waiters, task)
    this.tell(this.writer, task)
    task.node = node
    return taken
  }

  /** pipe_write(). */
  *write(task: Task, bytes: number): Path<number> {
    const { dispatcher, cost, procedures } = this.base
    const { node } = task
    task.node = this.base.call(task, procedures.pipe_write)
    while (this.isBeingWritten) {
      yield* dispatcher.sleepOn(task, this.otherWriters, TaskState.uninterruptible)
    }
    this.isBeingWritten = true
    let written = 0
    let wanted = bytes <= pageBytes ? bytes : 1
    while (written < bytes) {
      while (this.readers > 0 && pageBytes - this.length < wanted) {
        yield* dispatcher.sleepOn(task, this.waiters, TaskState.interruptible)
      }
      if (this.readers === 0) break
      const put = Math.min(bytes - written, pageBytes - this.length)
      this.length += put
      written += put
      wanted = 1
      task.charge(put * cost.copyPerByte)
      dispatcher.wakeAll(this.waiters, task)
      this.tell(this.reader, task)
    }
    this.isBeingWritten = false
    dispatcher.wakeAll(this.otherWriters, task)
    task.node = node
    return written
  }

  /** pipe_release(): who waits for the side that is gone learns of it. */
  released(task: Task): void {
    this.base.dispatcher.wakeAll(this.waiters, task)
    this.tell(this.reader, task)
    this.tell(this.writer, task)
    if (this.readers + this.writers === 0) this.freed()
  }

  /** Who polls an end, if anybody does: what it would answer has changed. */
  private tell({ polled }: PipeEnd, task: Task): void {
    if (polled) task.charge(polled.callBack())
  }

  poll(): number {
    const readable = this.length > 0 || this.writers === 0 ? Readiness.readable : 0
    return readable | (this.length === 0 || this.readers === 0 ? Readiness.writable : 0)
  }
}

class PipeEnd {
  readonly name = 'pipe'
  users = 0
  /** Made when somebody polls it. */
  polled: Watchers | undefined

  constructor(protected readonly pipe: Pipe) {}

  get watchers(): Watchers {
    return (this.polled ??= new Watchers())
  }
}

class ReadEnd extends PipeEnd implements OpenFile {
  read(task: Task, bytes: number): Rest<number> {
    return new Rest(this.pipe.read(task, bytes))
  }

  /** bad_pipe_w(). */
  write(): number {
    return 0
  }

  poll(): number {
    return this.pipe.poll() & Readiness.readable
  }

  release(task: Task): void {
    this.polled?.close()
    this.pipe.readers--
    this.pipe.released(task)
  }
}

class WriteEnd extends PipeEnd implements OpenFile {
  /** bad_pipe_r(). */
  read(): number {
    return 0
  }

  write(task: Task, bytes: number): Rest<number> {
    return new Rest(this.pipe.write(task, bytes))
  }

  poll(): number {
    return this.pipe.poll() & Readiness.writable
  }

  release(task: Task): void {
    this.polled?.close()
    this.pipe.writers--
    this.pipe.released(task)
  }
}
