/** Fix: accept marks its sleepers exclusive, the patch of the Linux community. */
import type { DisturbanceSpec } from './disturbance'
import { webServers } from './disturbance'

export const taskExclusive: DisturbanceSpec = {
  id: 'task-exclusive',
  kind: 'fix',
  title: 'Task exclusive',
  alsoCalled: ['herd', 'thundering herd', 'wake one'],
  does: 'accept marks its sleepers and puts them at the end of the queue; the walk ends at the first marked one that it wakes.',
  watch: 'As with wake one: no difference between the two can be told.',
  watchColumns: ['cs', 'r', 'sy', 'id'],
  source: 'CITI TR 99-4, Accept scalability',
  intensity: undefined,
  workloads: webServers,
  sets: { path: 'kernel.accept.wakeup', value: 'exclusive', otherwise: undefined },
}
