/** Fix: the waker decides to wake one, the CITI patch. */
import type { DisturbanceSpec } from './disturbance'
import { webServers } from './disturbance'

export const wakeOne: DisturbanceSpec = {
  id: 'wake-one',
  kind: 'fix',
  title: 'Wake one',
  alsoCalled: ['herd', 'thundering herd', 'exclusive'],
  does: 'The callbacks of a listening socket wake one sleeper each, the one that came last: the waker decides. It overrides the fault.',
  watch:
    'Within half a minute runnable processes and time in the kernel fall, idle rises; most of the wait queue stays asleep.',
  watchColumns: ['r', 'sy', 'id'],
  source: 'CITI TR 99-4, Accept scalability',
  intensity: undefined,
  workloads: webServers,
  sets: { path: 'kernel.accept.wakeup', value: 'one', otherwise: undefined },
}
