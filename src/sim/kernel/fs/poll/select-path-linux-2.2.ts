/**
 * do_select() of Linux 2.2 (fs/select.c of 2.2.1): every bit position is passed, every driver
 * called; the wait table is poll's, and is taken apart at the end of the call. Any callback of a
 * socket wakes, whatever it was selected for: it has one wait queue.
 */
import type { ProcedureId } from '../../../observe/call-tree'
import { Mode } from '../../../observe/call-tree'
import type { Cycles } from '../../../units/cycles'
import type { KernelBase } from '../../sched/base'
import type { Task } from '../../sched/task'
import { PollCost } from './poll-cost'
import type { SelectPath } from './select-path'
import type { WatchSet } from './watch-set'

export class LinuxSelectPath implements SelectPath {
  readonly everyScanQueues = false
  private readonly doSelect: ProcedureId
  private readonly tcpPoll: ProcedureId
  private readonly pollCost: PollCost

  constructor(private readonly base: KernelBase) {
    this.doSelect = base.tree.declareKernel('do_select', Mode.system)
    this.tcpPoll = base.tree.declareKernel('tcp_poll', Mode.system)
    this.pollCost = new PollCost(base)
  }

  wakes(): boolean {
    return true
  }

  missesOfAll(task: Task, set: WatchSet): Cycles {
    return this.pollCost.missesOfAll(task, set)
  }

  look(task: Task, bits: number, selected: number, misses: Cycles): void {
    const { base } = this
    const { node } = task
    task.node = base.tree.call(node, this.doSelect)
    task.charge((bits - selected) * base.cost.selectBit)
    task.node = base.tree.call(task.node, this.tcpPoll)
    task.charge(selected * this.pollCost.descriptor + misses)
    task.node = node
  }

  register(task: Task, set: WatchSet, entries: number): void {
    task.charge(this.pollCost.register(set.registered, entries))
    set.registered += entries
  }

  woken(): void {}

  leave(task: Task, set: WatchSet): void {
    task.charge(this.pollCost.unregister(set))
  }
}
