import type { Catalogue } from '../../shared/api'
import { SyntheticServer, syntheticScenario } from './synthetic-server.test-support'

const parameter = { help: '', source: 'none' } as const

/** What there is, for tests: one scenario, one fault, one fix. */
export const syntheticCatalogue: Catalogue = {
  version: '0.0.0',
  demonstrations: [],
  scenarios: [
    {
      id: syntheticScenario,
      title: 'Synthetic',
      summary: '',
      citation: '',
      workloads: [{ id: syntheticScenario, presence: 'load.size' }],
      parameters: [
        {
          ...parameter,
          type: 'number',
          path: 'load.size',
          unit: 'MB',
          live: true,
          min: 1,
          max: 64,
          integer: true,
          default: 4,
        },
        {
          ...parameter,
          type: 'number',
          path: 'throw.at',
          unit: 's',
          live: false,
          min: 0,
          max: 1000,
          integer: false,
          default: 0,
        },
        {
          ...parameter,
          type: 'choice',
          path: 'kernel.mode',
          live: true,
          choices: ['recycle', 'orphan'],
          default: 'recycle',
        },
      ],
      structures: ['run-queue'],
      counters: new SyntheticServer(1).counters.specs,
    },
  ],
  disturbances: (['fault', 'fix'] as const).map((kind) => ({
    id: kind === 'fault' ? 'leak' : 'patch',
    kind,
    title: '',
    does: '',
    watch: '',
    alsoCalled: [],
    watchColumns: [],
    source: '',
    intensity: undefined,
    workloads: [syntheticScenario],
  })),
}
