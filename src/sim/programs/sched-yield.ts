/**
 * sched_test_yield: threads of one process that call sched_yield in a loop and do nothing else. Left out: task frames
 * of the threads, which are made before the run begins.
 */
import type { Engine } from '../engine/engine'
import { cost } from '../kernel/costs'
import type { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/sched/task'
import { Op } from '../kernel/sched/task'
import type { WorkObserver } from '../observe/work-observer'

const program = 'sched_test_yield'

export class SchedYield {
  constructor(
    private readonly engine: Engine,
    private readonly kernel: Kernel,
    private readonly threads: number,
    private readonly work: Pick<WorkObserver, 'offered' | 'ended'>,
  ) {}

  boot(): void {
    const { dispatcher, processes } = this.kernel
    const first = processes.boot(program, (task) => this.body(task))
    for (let count = 1; count < this.threads; count++) {
      const thread = processes.makeTask(first, program, program, 'main')
      thread.mm = first.mm
      dispatcher.scheduler.setSpace(thread)
      thread.code = this.body(thread)
      dispatcher.start(thread)
    }
  }

  private *body(task: Task): Path {
    for (;;) {
      const began = this.engine.now
      this.work.offered(1)
      task.charge(cost.systemCall)
      yield Op.yield
      this.work.ended((this.engine.now - began) / 1e9, false)
    }
  }
}
