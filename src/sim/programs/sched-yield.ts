/**
 * sched_test_yield: threads of one process that call sched_yield in a loop and do nothing else.
 * Left out: making the threads, and their user stacks.
 */
import type { Engine } from '../engine/engine'
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
    const { processes } = this.kernel
    const first = processes.boot(program, (task) => this.body(task))
    for (let count = 1; count < this.threads; count++) {
      processes.bootThread(first, (task) => this.body(task))
    }
  }

  private *body(task: Task): Path {
    for (;;) {
      const began = this.engine.now
      this.work.offered(1)
      task.charge(this.kernel.cost.systemCall)
      yield Op.yield
      this.work.ended((this.engine.now - began) / 1e9, false)
    }
  }
}
