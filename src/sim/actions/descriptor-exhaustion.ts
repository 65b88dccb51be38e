/** Fault: open files of something else on the machine. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

export const descriptorExhaustion: DisturbanceSpec = {
  id: 'descriptor-exhaustion',
  kind: 'fault',
  title: 'Descriptor exhaustion',
  alsoCalled: ['file handles', 'fd leak', 'ENFILE', 'EMFILE'],
  does: 'Something else on the machine holds a share of all file structures, and takes each that comes free.',
  watch:
    'When none is left, open and accept fail with ENFILE: connections are lost, httpds exit, scripts fail.',
  watchColumns: ['r', 'us', 'id'],
  source: 'CITI TR 99-4, File descriptor scalability: network servers easily exhaust system limits',
  intensity: { unit: '% of all file structures', atFull: 100 },
  workloads: ['sdet', ...networkServers],
  sets: undefined,
}
