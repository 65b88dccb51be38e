/** Fault: frames get lost on the way. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

/** Share of frames lost at intensity 1, %, in each direction. */
export const worstLossPercent = 30

export const packetLoss: DisturbanceSpec = {
  id: 'packet-loss',
  kind: 'fault',
  title: 'Packet loss',
  alsoCalled: ['lost frames', 'drops'],
  does: 'A share of the frames between clients and server gets lost, in each direction.',
  watch:
    'Timers of TCP run out, connections take seconds instead of milliseconds, requests a second fall while CPUs go idle.',
  watchColumns: ['id', 'in', 'cs'],
  source: 'a disturbance of the environment, not of the text',
  intensity: { unit: '% of frames', atFull: worstLossPercent },
  workloads: networkServers,
  sets: undefined,
}
