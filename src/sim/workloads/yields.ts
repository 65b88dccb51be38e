/**
 * Workload `yield`: threads of one process that call sched_yield in a loop, all of them through one
 * run queue.
 */
import { SchedYield } from '../programs/sched-yield'
import { counted, type Workload, type WorkloadContext, type WorkloadRun } from './workload'

class YieldRun implements WorkloadRun {
  constructor(private readonly context: WorkloadContext) {}

  boot(kernel: Parameters<WorkloadRun['boot']>[0]): void {
    const { engine, settings, work } = this.context
    new SchedYield(engine, kernel, settings.number('yield.threads'), work).boot()
  }
}

export const yields: Workload<YieldRun> = {
  id: 'yield',
  parameters: [
    {
      type: 'number',
      path: 'yield.threads',
      help: 'Threads of one process that do nothing but call sched_yield.',
      unit: 'threads',
      min: 1,
      max: 2000,
      integer: true,
      default: 64,
      source: 'M. Kravetz, linux-kernel, 18 Jan 2001: 16 to 2,048 threads',
      live: false,
    },
  ],
  presence: 'yield.threads',
  unit: 'yields',
  hasRounds: false,
  structures: ['run-queue'],
  counters: [],
  amount: (settings) => counted(settings.number('yield.threads'), 'thread'),
  start: (context) => new YieldRun(context),
}
