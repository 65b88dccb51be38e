/** Fix: a second bitmap tells which words of the first are full. */
import type { DisturbanceSpec } from './disturbance'
import { networkServers } from './disturbance'

export const twoBitmaps: DisturbanceSpec = {
  id: 'two-bitmaps',
  kind: 'fix',
  title: 'Two bitmaps',
  alsoCalled: ['fd', 'file descriptors'],
  does: 'A free descriptor is found by a second bitmap, of full words, instead of a search through the first.',
  watch:
    'With few descriptors a process nothing changes; with thousands a search stays at two words.',
  watchColumns: ['sy'],
  source: 'CITI TR 99-4, File descriptor scalability',
  intensity: undefined,
  workloads: ['sdet', ...networkServers],
  sets: { path: 'kernel.fd.alloc', value: 'two-bitmaps', otherwise: undefined },
}
