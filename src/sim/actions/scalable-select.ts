/** Fix: select keeps what it knows between its calls. */
import type { DisturbanceSpec } from './disturbance'

export const scalableSelect: DisturbanceSpec = {
  id: 'scalable-select',
  kind: 'fix',
  title: 'Scalable select',
  alsoCalled: ['event loop', 'hints'],
  does: 'select keeps the sets of each thread, and asks only sockets that are new, that hint, or that were ready.',
  watch:
    'Time in select falls to a few sockets a call, however many connections are cold; the bitmaps are still gone through.',
  watchColumns: ['sy', 'id'],
  source: 'Banga & Mogul, USENIX 1998, Scalable select() and ufalloc()',
  intensity: undefined,
  workloads: ['proxy'],
  where: { 'proxy.kind': ['squid'], 'proxy.events': ['select'] },
  sets: { path: 'kernel.select', value: 'scalable', otherwise: undefined },
}
