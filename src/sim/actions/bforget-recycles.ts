/** Fix: bforget as it is from 2.2.5 on. */
import type { DisturbanceSpec } from './disturbance'

export const bforgetRecycles: DisturbanceSpec = {
  id: 'bforget-recycles',
  kind: 'fix',
  title: 'bforget recycles',
  alsoCalled: ['leak', 'repair', 'orphaned buffers'],
  does: 'A forgotten buffer whose use count is zero goes on the free list, as in 2.2.5. It overrides the fault.',
  watch: 'The leak stops. What is orphaned and held stays so until a reboot.',
  watchColumns: ['buff', 'bi'],
  source: 'CITI TR 99-4, Buffer management',
  intensity: undefined,
  workloads: ['sdet'],
  part: 'bforget',
  sets: { path: 'kernel.bforget', value: 'recycle', otherwise: undefined },
}
