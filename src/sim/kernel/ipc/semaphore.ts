/**
 * A SysV semaphore of 1 (ipc/sem.c of 2.2), as semop() with SEM_UNDO takes it and gives it back:
 * its release wakes the one who has waited longest. What a process holds when it ends, exit undoes.
 * Left out: sets, values above 1, the hand-over of the semaphore before the sleeper runs.
 */
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'

export class Semaphore {
  private holder: Task | undefined
  private readonly waiters = new WaitQueue()

  constructor(private readonly base: KernelBase) {}

  down(task: Task): Path {
    return this.base.systemCall(task, this.base.procedures.sys_semop, this.doDown(task))
  }

  private *doDown(task: Task): Path {
    const { cost, dispatcher } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    while (this.holder) {
      yield* dispatcher.sleepOn(task, this.waiters, TaskState.interruptible)
      task.charge(cost.waitQueueStep)
      if (!task.killed) continue
      // A wake-up that it has no use for is passed on.
      if (!this.holder) this.wakeFirst(task)
      throw new Killed()
    }
    this.holder = task
    task.onExit.add(this)
  }

  up(task: Task): Path {
    return this.base.systemCall(task, this.base.procedures.sys_semop, this.doUp(task))
  }

  // eslint-disable-next-line require-yield -- nothing in it waits
  private *doUp(task: Task): Path {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    this.release(task)
  }

  /** sem_exit() too: nothing happens when the process does not hold it. */
  release(task: Task): void {
    if (this.holder !== task) return
    this.holder = undefined
    task.onExit.delete(this)
    this.wakeFirst(task)
  }

  private wakeFirst(by: Task): void {
    const first = this.waiters.last
    const { dispatcher, cost } = this.base
    if (first !== undefined && dispatcher.wake(first.task)) by.charge(cost.wakeUp)
  }
}
