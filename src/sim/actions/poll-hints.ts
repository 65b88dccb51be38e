/** Fix: poll asks only descriptors whose driver has hinted. */
import type { DisturbanceSpec } from './disturbance'

export const pollHints: DisturbanceSpec = {
  id: 'poll-hints',
  kind: 'fix',
  title: 'Hints for poll',
  alsoCalled: ['event loop', '/dev/poll'],
  does: 'poll keeps the array in the kernel, and calls only drivers that have hinted that something changed.',
  watch: 'With proxy.events=poll on Linux: time in poll no longer grows with cold connections.',
  watchColumns: ['sy', 'id'],
  source: 'CITI TR 99-4, Hints for select and poll',
  intensity: undefined,
  workloads: ['proxy'],
  where: { kernel: ['linux-2.2'], 'proxy.kind': ['squid'], 'proxy.events': ['poll', 'rt-signals'] },
  sets: { path: 'kernel.poll', value: 'hints', otherwise: undefined },
}
