/**
 * Signals of Linux 2.2 (kernel/signal.c), as far as the modelled programs need them: SIGTERM,
 * SIGUSR1 and SIGALRM, which end a process unless it ignores them. sigaction takes the lock of the
 * process's own signals, and no other. Left out: handlers, masks, queues; real-time signals.
 */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import { TaskState } from '../sched/task'

export type Signal = 'SIGTERM' | 'SIGUSR1' | 'SIGALRM'

export class Signals {
  private readonly ignored = new WeakMap<Task, Set<Signal>>()

  constructor(private readonly base: KernelBase) {}

  /** sigaction(): the process ignores the signal from now on, or no longer. */
  action(task: Task, signal: Signal, ignores: boolean): void {
    const { base, ignored } = this
    base.callNow(task, base.procedures.sys_sigaction, base.cost.signalInstall)
    let signals = ignored.get(task)
    if (!signals) ignored.set(task, (signals = new Set()))
    if (ignores) signals.add(signal)
    else signals.delete(signal)
  }

  /**
   * kill(): the process ends where it next looks for signals: at its return to user mode, or in an
   * interruptible sleep.
   */
  kill(task: Task, by: Task, signal: Signal = 'SIGTERM'): void {
    const { cost, dispatcher } = this.base
    by.charge(cost.systemCall)
    if (this.ignored.get(task)?.has(signal) === true) return
    task.killed = true
    if (task.state !== TaskState.interruptible) return
    if (dispatcher.wake(task)) by.charge(dispatcher.wakeCycles)
  }
}
