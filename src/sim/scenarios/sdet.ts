/** Scenario `sdet`: the 4-way server of TR 99-4 under SPEC SDM's SDET, round after round. */
import type { Kernel } from '../kernel/kernel'
import { Sdet } from '../programs/sdet'
import type { SdetPlan } from '../programs/sdet-script'
import { descriptorParameters } from './descriptor-parameters'
import { machineParameters, profilerParameter, swapParameter } from './machine-parameters'
import type { Parameter } from './parameters'
import type { Scenario, ScenarioContext, ScenarioRun } from './scenario'

/** Every parameter of the scenario, in the order in which people look for them. */
export const sdetParameters: readonly Parameter[] = [
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
    default: 1.321,
    source: 'fitted: 4,176.4 scripts/h, 128 scripts, 2.2.5 (C. Lever, linux-mm, 6 April 1999)',
    live: true,
  },
  {
    type: 'choice',
    path: 'kernel.bforget',
    help: 'What happens to the buffer of a block that is freed: recycled, or orphaned.',
    choices: ['recycle', 'orphan'],
    default: 'recycle',
    source: 'CITI TR 99-4: orphan until 2.2.4, recycle from 2.2.5 on',
    live: true,
  },
  ...descriptorParameters,
  ...machineParameters,
  swapParameter,
  profilerParameter,
]

class SdetRun implements ScenarioRun {
  /** What each script does: the same scripts run again after a reboot. */
  private readonly plans: SdetPlan[] = []

  constructor(private readonly context: ScenarioContext) {}

  boot(kernel: Kernel): void {
    const { engine, settings, work } = this.context
    const sdet = new Sdet(
      engine,
      kernel,
      () => settings.number('sdet.scripts'),
      () => settings.number('sdet.demand'),
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

export const sdetScenario: Scenario<SdetRun> = {
  id: 'sdet',
  title: 'SDET on a 4-way server',
  citation:
    'P. Honeyman, C. Lever, S. Molloy, N. Provos: The Linux Scalability Project, CITI TR 99-4, 1999, "Buffer management"; throughput: C. Lever, linux-mm, April 1999',
  machine: 'poweredge-6300',
  parameters: sdetParameters,
  unit: 'scripts',
  hasRounds: true,
  structures: ['buffer-cache', 'run-queue', 'hash-chains', 'disk-queue'],
  counters: [],
  summary: ({ cpus, clockMHz, memoryMB }, settings) =>
    `PowerEdge 6300 · ${cpus} × ${clockMHz} MHz · ${memoryMB} MB · Linux 2.2 · ${settings.number('sdet.scripts')} scripts`,
  start: (context) => new SdetRun(context),
}
