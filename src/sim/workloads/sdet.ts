/** Workload `sdet`: SPEC SDM's SDET, round after round. */
import type { Kernel } from '../kernel/kernel'
import { Sdet } from '../programs/sdet'
import type { SdetPlan } from '../programs/sdet-script'
import type { Parameter } from '../parameters/parameters'
import { counted, type Workload, type WorkloadContext, type WorkloadRun } from './workload'

const parameters: readonly Parameter[] = [
  {
    type: 'number',
    path: 'sdet.scripts',
    help: 'Scripts that run at once; all of them are one round. A change holds from the next round on.',
    unit: 'scripts',
    min: 1,
    max: 512,
    integer: true,
    default: 128,
    source: 'CITI TR 99-4: 128 scripts',
    live: true,
  },
  {
    type: 'number',
    path: 'sdet.demand',
    help: 'Scale of what the commands of a script compute in user mode.',
    unit: '1',
    min: 0.05,
    max: 20,
    integer: false,
    default: 2.741,
    source: 'fitted: 4,176.4 scripts/h, 128 scripts, 2.2.5 (C. Lever, linux-mm, 6 April 1999)',
    live: true,
  },
  {
    type: 'number',
    path: 'sdet.restSeconds',
    help: 'Rest between the end of a round and the next one.',
    unit: 's',
    min: 0,
    max: 86_400,
    integer: false,
    default: 0,
    source: 'assumption: SDM runs one round after another; work in the background pauses',
    live: true,
  },
]

class SdetRun implements WorkloadRun {
  /** What each script does: the same scripts run again after a reboot. */
  private readonly plans: SdetPlan[] = []

  constructor(private readonly context: WorkloadContext) {}

  boot(kernel: Kernel): void {
    const { engine, settings, work } = this.context
    const sdet = new Sdet(
      engine,
      kernel,
      () => settings.number('sdet.scripts'),
      () => settings.number('sdet.demand'),
      () => Math.round(settings.number('sdet.restSeconds') * 1e9),
      {
        roundBegan: (scripts) => {
          work.roundBegan()
          work.offered(scripts)
        },
        scriptEnded: (seconds, failed) => work.ended(seconds, failed),
        roundEnded: (start, seconds, scripts) => work.roundEnded(start, seconds, scripts),
      },
      this.plans,
    )
    sdet.boot()
  }
}

export const sdet: Workload<SdetRun> = {
  id: 'sdet',
  parameters,
  presence: 'sdet.scripts',
  onlyLinux: 'kernel.bforget',
  unit: 'scripts',
  hasRounds: true,
  structures: ['buffer-cache', 'run-queue', 'hash-chains', 'disk-queue'],
  counters: [],
  amount: (settings) => counted(settings.number('sdet.scripts'), 'script'),
  start: (context) => new SdetRun(context),
}
