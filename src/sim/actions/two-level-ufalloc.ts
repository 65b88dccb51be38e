/** Fix: a free descriptor is found in a tree of two levels. */
import type { DisturbanceSpec } from './disturbance'

export const twoLevelUfalloc: DisturbanceSpec = {
  id: 'two-level-ufalloc',
  kind: 'fix',
  title: 'Two-level ufalloc',
  alsoCalled: ['fd', 'file descriptors'],
  does: 'A free descriptor is found in two words of 64 bits, instead of slot after slot.',
  watch: 'Time in the search for a descriptor is gone; with a few dozen open it was little.',
  watchColumns: ['sy', 'id'],
  source: 'Banga & Mogul, USENIX 1998, Scalable select() and ufalloc()',
  intensity: undefined,
  workloads: ['proxy'],
  sets: { path: 'kernel.fd.alloc', value: 'ufalloc-two-level', otherwise: undefined },
}
