/**
 * Signals of Linux 2.2 (kernel/signal.c), as far as the modelled programs need them: SIGTERM,
 * SIGUSR1 and SIGALRM, which end a process unless it ignores them. sigaction takes the lock of the
 * process's own signals, and no other. Left out: handlers, masks, queues; real-time signals.
 */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import { TaskState } from '../sched/task'

export type Signal = 'SIGTERM' | 'SIGUSR1' | 'SIGALRM'

/** Bits of `Task.ignoredSignals`. */
const bits: Readonly<Record<Signal, number>> = { SIGTERM: 1, SIGUSR1: 2, SIGALRM: 4 }

export class Signals {
  constructor(private readonly base: KernelBase) {}

  /** sigaction(): the process ignores the signal from now on, or no longer. */
  action(task: Task, signal: Signal, ignores: boolean): void {
    const { base } = this
    base.callNow(task, base.procedures.sys_sigaction, base.cost.signalInstall)
    if (ignores) task.ignoredSignals |= bits[signal]
    else task.ignoredSignals &= ~bits[signal]
  }

  /**
   * kill(): the process ends where it next looks for signals: at its return to user mode, or in an
   * interruptible sleep.
   */
  kill(task: Task, by: Task, signal: Signal = 'SIGTERM'): void {
    const { cost, dispatcher } = this.base
    by.charge(cost.systemCall)
    if ((task.ignoredSignals & bits[signal]) !== 0) return
    task.killed = true
    if (task.state !== TaskState.interruptible) return
    if (dispatcher.wake(task)) by.charge(dispatcher.wakeCycles)
  }
}
