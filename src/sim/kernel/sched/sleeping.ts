/**
 * How tasks go to sleep on wait queues and are woken, as every room does it. Joining, leaving and
 * waking wait for the lock of all queues (wait-queue-lock.ts).
 */
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import { CpuAccounts } from './cpu-accounts'
import type { Scheduler } from './scheduler'
import { Sleep } from './sleep'
import type { Path, Task } from './task'
import { traceNothing, traceWalk } from './trace-hooks'
import type { WaitEntry, WaitQueue } from './wait-queue'
import { WaitQueueLock } from './wait-queue-lock'

/** Those of a wait queue that sleep, in its order. */
export interface Sleepers {
  /** The one behind this, or the first. */
  next(behind?: WaitEntry): WaitEntry | undefined
  /** Whether the walk ends with one that it has woken. */
  isLast(entry: WaitEntry): boolean
  /** Entries that it has looked at by then. */
  walkTo(entry: WaitEntry): number
}

export abstract class Sleeping extends CpuAccounts {
  abstract readonly scheduler: Scheduler
  /** Walks of wait queues, entries that they looked at, tasks that they made runnable. */
  readonly wakeUps = { walks: 0, looked: 0, woken: 0 }
  readonly waitQueueLock = new WaitQueueLock(this.cpus, this.tree)
  /**
   * When an interrupt handler wakes, in cycles: it is executed at the instant at which it begins,
   * and wakes when it has come that far. 0: whoever wakes does so now.
   */
  wakesAt: Cycles = 0
  /** The CPU whose task or interrupt handler is being executed. */
  executing: Cpu = this.cpus[0]
  /** It is an interrupt handler that is being executed there. */
  inInterrupt = false
  /** What the last wake-up took, the lines that it waited for included. */
  wakeCycles: Cycles = 0

  /** Makes a sleeping task runnable. The caller charges `wakeCycles` to whoever wakes. */
  abstract wake(task: Task): boolean

  /**
   * wake_up(): waits for the lock of all queues, walks this one from its front and wakes who
   * sleeps; the woken leave it themselves. Returns the cycles.
   */
  wakeUp(queue: WaitQueue): Cycles {
    const spun = this.waitQueueLock.read(this.wakingAt)
    if (this.wakesAt > 0) this.wakesAt += spun
    return spun + this.walkAndWake(queue, this.cost.waitQueueStep)
  }

  /** When whoever is executed wakes, in cycles. */
  get wakingAt(): Cycles {
    if (this.wakesAt > 0) return this.wakesAt
    const { clock, current } = this.executing
    return this.inInterrupt ? clock : clock + (current?.pending ?? 0)
  }

  /**
   * The walk of a wake-up, under the lock. Returns its cycles.
   * @param step cycles of looking at an entry
   * @param isLast whether the walk ends with a sleeper that it has just woken; left out, it wakes
   * everybody
   */
  walkAndWake(queue: WaitQueue, step: Cycles, isLast?: (entry: WaitEntry) => boolean): Cycles {
    let cycles = 0
    queue.walked = 0
    let woken = 0
    for (let entry = queue.first; entry !== undefined; entry = entry.next) {
      queue.walked++
      cycles += step
      if (!this.wake(entry.task)) continue
      woken++
      cycles += this.wakeCycles
      // Of a waker in an interrupt: what it wakes after that, it wakes so much later.
      if (this.wakesAt > 0) this.wakesAt += this.wakeCycles + step
      entry.woken?.()
      if (isLast?.(entry) === true) break
    }
    this.noteWalk(queue, woken, isLast !== undefined)
    return cycles
  }

  private noteWalk(queue: WaitQueue, woken: number, mayEnd: boolean): void {
    this.wakeUps.walks++
    this.wakeUps.looked += queue.walked
    this.wakeUps.woken += woken
    if (queue.walked > 0) traceWalk(this, queue.walked, woken, mayEnd)
  }

  /** The same walk for who knows the sleepers: the host need not look at those between. */
  walkSleepers(queue: WaitQueue, step: Cycles, sleepers: Sleepers): Cycles {
    let cycles = 0
    let woken = 0
    queue.walked = queue.length
    for (let entry = sleepers.next(); entry !== undefined; entry = sleepers.next(entry)) {
      if (!this.wake(entry.task)) continue
      woken++
      cycles += this.wakeCycles
      if (this.wakesAt > 0) this.wakesAt += this.wakeCycles + step
      entry.woken?.()
      if (!sleepers.isLast(entry)) continue
      queue.walked = sleepers.walkTo(entry)
      break
    }
    this.noteWalk(queue, woken, true)
    return cycles + queue.walked * step
  }

  /** wake_up() by a task, which is charged for it: everybody. */
  wakeAll(queue: WaitQueue, by: Task): void {
    if (queue.length > 0) by.charge(this.wakeUp(queue))
  }

  /** sleep_on(): on the queue and asleep until somebody wakes it. */
  sleepOn(task: Task, queue: WaitQueue, state: 1 | 2): Path {
    return (task.sleeper ??= new Sleep(this, task)).through(state, queue)
  }

  /** Asleep until somebody wakes it: for who is on a queue already, and stays there. */
  sleep(task: Task, state: 1 | 2): Path {
    return (task.sleeper ??= new Sleep(this, task)).through(state, undefined)
  }

  /**
   * wait_event(): sleeps on the queue until the condition holds, looking again whenever it is
   * woken.
   */
  *waitEvent(task: Task, queue: WaitQueue, state: 1 | 2, holds: () => boolean): Path {
    for (let woken = false; !holds(); woken = true) {
      if (woken) traceNothing(this, task)
      yield* this.sleepOn(task, queue, state)
    }
  }
}
