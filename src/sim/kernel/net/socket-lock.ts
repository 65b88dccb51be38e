/**
 * lock_sock() of 2.2 (include/net/sock.h, arch/i386/kernel/irq.c of 2.2.1): a count, and
 * synchronize_bh(), which spins while another CPU executes bottom halves. So whoever was woken by
 * one cannot look at its socket before that one is over, and spins with the kernel lock.
 * Left out: a socket that is locked puts what comes into its backlog; bottom halves other than the
 * network's.
 */
import { Mode } from '../../observe/call-tree'
import type { ProcedureId } from '../../observe/call-tree'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { BottomHalf } from './bottom-half'

export class SocketLock {
  private readonly spinProcedure: ProcedureId

  constructor(
    private readonly base: KernelBase,
    private readonly bottomHalf: Pick<BottomHalf, 'busyFor'>,
  ) {
    this.spinProcedure = base.tree.declareKernel('synchronize_bh', Mode.spin)
  }

  /**
   * Taking it, and dropping it later. Who goes by what it finds afterwards looks when it has spun:
   * it goes on with `Op.run` while this, and then `spin`, say true. Who looks again before it
   * sleeps may look at once.
   */
  take(task: Task): boolean {
    task.charge(2 * this.base.cost.spinLock)
    return this.spin(task)
  }

  /** Spins for the bottom half that is under way. False when there is none. */
  spin(task: Task): boolean {
    const { base } = this
    const cpu = base.dispatcher.cpus[task.processor]
    const spun = this.bottomHalf.busyFor(cpu, cpu.clock + task.pending)
    if (spun === 0) return false
    const { node } = task
    task.node = base.call(task, this.spinProcedure)
    task.charge(spun)
    task.node = node
    return true
  }
}
