/**
 * Signals of Linux 2.2 (kernel/signal.c), as far as the modelled programs need them: SIGTERM, which
 * nobody catches. Left out: handlers, masks, queues.
 */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import { TaskState } from '../sched/task'

export class Signals {
  constructor(private readonly base: KernelBase) {}

  /**
   * kill(): the process ends where it next looks for signals: at its return to user mode, or in an
   * interruptible sleep.
   */
  kill(task: Task, by: Task): void {
    const { cost, dispatcher } = this.base
    task.killed = true
    by.charge(cost.systemCall)
    if (task.state !== TaskState.interruptible) return
    if (dispatcher.wake(task)) by.charge(dispatcher.wakeCycles)
  }
}
