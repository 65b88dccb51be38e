/** Fault: bforget as it was until 2.2.4. */
import type { DisturbanceSpec } from './disturbance'

export const orphanedBuffers: DisturbanceSpec = {
  id: 'orphaned-buffers',
  kind: 'fault',
  title: 'Orphaned buffers',
  alsoCalled: ['leak', 'memory leak', 'bforget'],
  does: 'bforget takes the buffer of a freed block off the hash and abandons it with its use count, so that its page is never freed (2.2.3).',
  watch:
    'The buffer cache grows without bound; then memory is short, blocks are read again and again, processes block and CPUs go idle.',
  watchColumns: ['buff', 'free', 'bi', 'b', 'id'],
  source: 'CITI TR 99-4, Buffer management',
  intensity: undefined,
  workloads: ['sdet'],
  part: 'bforget',
  sets: { path: 'kernel.bforget', value: 'orphan-held', otherwise: 'recycle' },
}
