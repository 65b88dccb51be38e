/** Fault: connections come that nobody has asked for. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

/** Connections a second at intensity 1. */
export const floodRate = 5000

export const connectionFlood: DisturbanceSpec = {
  id: 'connection-flood',
  kind: 'fault',
  title: 'Connection flood',
  alsoCalled: ['overload', 'attack'],
  does: 'Further connections come at random instants, whatever the server does.',
  watch:
    'Interrupts rise, the accept queue overflows, SYNs are dropped and clients try again after 3 s.',
  watchColumns: ['in', 'r', 'sy'],
  source: 'a disturbance of the environment, not of the text',
  intensity: { unit: 'connections/s', atFull: floodRate },
  workloads: networkServers,
  sets: undefined,
}
