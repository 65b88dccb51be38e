/**
 * sched_test_yield: threads of one process that call sched_yield in a loop and do nothing else. The
 * first makes the others with clone(), as many as there is memory for.
 * Left out: their user stacks.
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
    this.kernel.processes.boot(program, (task) => this.first(task))
  }

  private *first(task: Task): Path {
    const { processes } = this.kernel
    for (let count = 1; count < this.threads; count++) {
      if (!(yield* processes.clone(task, (thread) => this.yields(thread)))) break
    }
    yield* this.yields(task)
  }

  private *yields(task: Task): Path {
    for (;;) {
      const began = this.engine.now
      this.work.offered(1)
      task.charge(this.kernel.cost.systemCall)
      yield Op.yield
      this.work.ended((this.engine.now - began) / 1e9, false)
    }
  }
}
