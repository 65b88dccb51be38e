/**
 * One file lock for writing (fs/locks.c of 2.2), as fcntl(F_SETLKW) takes it and F_UNLCK gives it
 * back: its release wakes everybody who waits. What a process holds when it ends is given back by
 * exit.
 * Left out: locks for reading, ranges, deadlock detection, the descriptor of the lock file.
 */
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'

export class FileLock {
  private holder: Task | undefined
  private readonly waiters = new WaitQueue()

  constructor(private readonly base: KernelBase) {}

  lock(task: Task): Path {
    return this.base.systemCall(task, this.base.procedures.fcntl_setlk, this.doLock(task))
  }

  private *doLock(task: Task): Path {
    const { cost, dispatcher } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    while (this.holder) {
      yield* dispatcher.sleepOn(task, this.waiters, TaskState.interruptible)
      task.charge(cost.waitQueueStep)
      if (task.killed) throw new Killed()
    }
    this.holder = task
    task.onExit.add(this)
  }

  unlock(task: Task): Path {
    return this.base.systemCall(task, this.base.procedures.fcntl_setlk, this.doUnlock(task))
  }

  // eslint-disable-next-line require-yield -- nothing in it waits
  private *doUnlock(task: Task): Path {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    this.release(task)
  }

  /** locks_remove_posix() too: nothing happens when the process does not hold it. */
  release(task: Task): void {
    if (this.holder !== task) return
    this.holder = undefined
    task.onExit.delete(this)
    this.base.dispatcher.wakeAll(this.waiters, task)
  }
}
