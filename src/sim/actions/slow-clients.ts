/** Fault: clients take their time to read. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

/** Time that a client takes for each segment at intensity 1, ms. */
export const slowestReaderMs = 1000

export const slowClients: DisturbanceSpec = {
  id: 'slow-clients',
  kind: 'fault',
  title: 'Slow clients',
  alsoCalled: ['slow readers', 'modems'],
  does: 'Clients wait before they acknowledge what they have read.',
  watch:
    'Servers stay with their connections for longer; the accept queue fills although the CPUs are idle.',
  watchColumns: ['id', 'cs', 'in'],
  source: 'a disturbance of the environment, not of the text',
  intensity: { unit: 'ms a segment', atFull: slowestReaderMs },
  workloads: networkServers,
  sets: undefined,
}
