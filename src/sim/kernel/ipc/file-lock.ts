/**
 * Locks of whole files for writing (fs/locks.c of 2.2), as fcntl(F_SETLKW) takes one on the file
 * behind a descriptor and F_UNLCK gives it back: the release wakes everybody who waits. What a
 * process holds when it ends is given back by exit.
 * Left out: locks for reading, ranges, deadlock detection, release by close.
 */
import type { Descriptor } from '../fs/descriptor-table'
import type { Descriptors } from '../fs/descriptors'
import type { Inode } from '../fs/inode'
import { InodeFile } from '../fs/inode-file'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { MayWait, Path, Task } from '../sched/task'
import { Rest, TaskState } from '../sched/task'
import { traceNothing } from '../sched/trace-hooks'
import { WaitQueue } from '../sched/wait-queue'

/** The lock of one file (i_flock): who has it, and who waits for it. */
class FileLock {
  holder: Task | undefined
  readonly waiters = new WaitQueue()

  constructor(private readonly base: KernelBase) {}

  /** locks_remove_posix() too: nothing happens when the process does not hold it. */
  release(task: Task): void {
    if (this.holder !== task) return
    this.holder = undefined
    task.onExit?.delete(this)
    this.base.dispatcher.wakeAll(this.waiters, task)
  }
}

export class FileLocks {
  private readonly locks = new WeakMap<Inode, FileLock>()

  constructor(
    private readonly base: KernelBase,
    private readonly descriptors: Descriptors,
  ) {}

  /** fcntl(F_SETLKW, F_WRLCK): waits until nobody else has the file. */
  lock(task: Task, descriptor: Descriptor): Path {
    const lock = this.lockAt(task, descriptor)
    return this.base.systemCall(task, this.base.procedures.fcntl_setlk, () =>
      this.doLock(task, lock),
    )
  }

  private doLock(task: Task, lock: FileLock): MayWait {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    if (lock.holder && lock.holder !== task) return new Rest(this.waitFor(task, lock))
    lock.holder = task
    task.holds(lock)
  }

  private *waitFor(task: Task, lock: FileLock): Path {
    const { cost, dispatcher } = this.base
    while (lock.holder && lock.holder !== task) {
      yield* dispatcher.sleepOn(task, lock.waiters, TaskState.interruptible)
      task.charge(cost.waitQueueStep)
      if (task.killed) throw new Killed()
      if (lock.holder) traceNothing(dispatcher, task)
    }
    lock.holder = task
    task.holds(lock)
  }

  /** fcntl(F_SETLK, F_UNLCK). */
  unlock(task: Task, descriptor: Descriptor): Path {
    const lock = this.lockAt(task, descriptor)
    return this.base.systemCall(task, this.base.procedures.fcntl_setlk, () =>
      this.doUnlock(task, lock),
    )
  }

  private doUnlock(task: Task, lock: FileLock): void {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    lock.release(task)
  }

  private lockAt(task: Task, descriptor: Descriptor): FileLock {
    const file = this.descriptors.fileAt(task, descriptor)
    if (!(file instanceof InodeFile)) {
      throw new Error(`process ${task.pid} locks descriptor ${descriptor}, which is no file`)
    }
    const lock = this.locks.get(file.inode) ?? new FileLock(this.base)
    this.locks.set(file.inode, lock)
    return lock
  }
}
