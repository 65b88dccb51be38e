/** Fault: the drive's arm takes longer. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

/** At intensity 1 a seek takes ten times as long. */
export const slowestSeekFactor = 10

export const slowDisk: DisturbanceSpec = {
  id: 'slow-disk',
  kind: 'fault',
  title: 'Slow disk',
  alsoCalled: ['seek', 'disk latency'],
  does: 'Every seek of the drive takes longer by a factor.',
  watch: 'Requests wait longer at the disk; where processes need it, they block.',
  watchColumns: ['b', 'bi', 'bo', 'id'],
  source: 'a disturbance of the environment, not of the text',
  intensity: { unit: '× seek time', atFull: slowestSeekFactor },
  workloads: ['sdet', ...networkServers],
  sets: undefined,
}
