/**
 * SysV semaphores (ipc/sem.c of 2.2): sets by id, and semop() of one by 1 with SEM_UNDO. What gives
 * one back wakes who has waited longest. What a process has taken when it ends, exit undoes.
 * Left out: operations on several at once or by more than 1, waiting for zero, permissions,
 * removal, the hand-over of the semaphore before the sleeper runs.
 */
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { MayWait, Path, Task } from '../sched/task'
import { Rest, TaskState } from '../sched/task'
import { traceNothing } from '../sched/trace-hooks'
import { WaitQueue } from '../sched/wait-queue'

/**
 * SEMMNI and SEMMSL: sets of the system, and semaphores of a set. As many semaphores as both allow
 * (SEMMNS) there may be: include/linux/sem.h, 2.2.1.
 */
export const maxSets = 128
const maxInSet = 32
/** ENOSPC and EINVAL, as semget returns them. */
export const SemaphoreError = { noRoom: -28, invalid: -22 } as const

class Semaphore {
  readonly waiters = new WaitQueue()
  /** What exit of a process adds (semadj). */
  private readonly adjustments = new Map<Task, number>()

  constructor(
    private readonly base: KernelBase,
    public value: number,
  ) {}

  /** By −1 or 1; the undoing of it is noted. */
  change(task: Task, by: number): void {
    this.value += by
    const adjustment = (this.adjustments.get(task) ?? 0) - by
    if (adjustment === 0) {
      this.adjustments.delete(task)
      task.onExit?.delete(this)
    } else {
      this.adjustments.set(task, adjustment)
      task.holds(this)
    }
    if (by > 0) this.wakeFirst(task)
  }

  /** sem_exit(). */
  release(task: Task): void {
    const adjustment = this.adjustments.get(task) ?? 0
    this.adjustments.delete(task)
    task.onExit?.delete(this)
    this.value = Math.max(0, this.value + adjustment)
    for (let times = 0; times < adjustment; times++) this.wakeFirst(task)
  }

  wakeFirst(by: Task): void {
    const first = this.waiters.last
    const { dispatcher } = this.base
    if (first !== undefined && dispatcher.wake(first.task)) by.charge(dispatcher.wakeCycles)
  }
}

export class Semaphores {
  private readonly sets: (readonly Semaphore[])[] = []

  constructor(private readonly base: KernelBase) {}

  /**
   * semget(IPC_PRIVATE) and semctl(SETVAL) of each: the id of a new set of so many, or an errno of
   * SemaphoreError.
   */
  get(task: Task, count: number, value: number): Path<number> {
    return this.base.systemCall(task, this.base.procedures.sys_semget, () =>
      this.doGet(task, count, value),
    )
  }

  private doGet(task: Task, count: number, value: number): number {
    task.charge((1 + count) * this.base.cost.systemCall)
    if (!(count >= 1 && count <= maxInSet)) return SemaphoreError.invalid
    return this.sets.length < maxSets ? this.install(count, value) : SemaphoreError.noRoom
  }

  /** A set that is there before the machine starts, made in no time. Returns its id. */
  install(count: number, value: number): number {
    return this.sets.push(Array.from({ length: count }, () => new Semaphore(this.base, value))) - 1
  }

  /** semop() by −1: waits until there is one to take. */
  down(task: Task, id: number, index: number): Path {
    const semaphore = this.semaphoreAt(task, id, index)
    return this.base.systemCall(task, this.base.procedures.sys_semop, () =>
      this.doDown(task, semaphore),
    )
  }

  private doDown(task: Task, semaphore: Semaphore): MayWait {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    if (semaphore.value === 0) return new Rest(this.waitFor(task, semaphore))
    semaphore.change(task, -1)
  }

  private *waitFor(task: Task, semaphore: Semaphore): Path {
    const { cost, dispatcher } = this.base
    while (semaphore.value === 0) {
      yield* dispatcher.sleepOn(task, semaphore.waiters, TaskState.interruptible)
      task.charge(cost.waitQueueStep)
      if (semaphore.value === 0) traceNothing(dispatcher, task)
      if (!task.killed) continue
      // A wake-up that it has no use for is passed on.
      if (semaphore.value > 0) semaphore.wakeFirst(task)
      throw new Killed()
    }
    semaphore.change(task, -1)
  }

  /** semop() by 1. */
  up(task: Task, id: number, index: number): Path {
    const semaphore = this.semaphoreAt(task, id, index)
    return this.base.systemCall(task, this.base.procedures.sys_semop, () =>
      this.doUp(task, semaphore),
    )
  }

  private doUp(task: Task, semaphore: Semaphore): void {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    semaphore.change(task, 1)
  }

  /** @throws Error when there is none: a program's error is a bug of the model. */
  private semaphoreAt(task: Task, id: number, index: number): Semaphore {
    const semaphore = this.sets[id]?.[index]
    if (semaphore) return semaphore
    throw new Error(`process ${task.pid} uses semaphore ${index} of set ${id}, which is not there`)
  }
}
