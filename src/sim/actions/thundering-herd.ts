/** Fault: every callback of a listening socket wakes everybody, as in 2.2.9. */
import type { DisturbanceSpec } from './disturbance'
import { webServers } from './disturbance'

export const thunderingHerd: DisturbanceSpec = {
  id: 'thundering-herd',
  kind: 'fault',
  title: 'Thundering herd',
  alsoCalled: ['herd', 'wake all', 'accept'],
  does: 'Every callback of the listening socket wakes all processes that sleep in accept, as in 2.2.9.',
  watch:
    'Runnable processes and time in the kernel rise, idle falls; the profile shows schedule and the run-queue lock; requests take longer.',
  watchColumns: ['r', 'sy', 'id'],
  source: 'CITI TR 99-4, Accept scalability',
  intensity: undefined,
  workloads: webServers,
  sets: { path: 'kernel.accept.wakeup', value: 'all', otherwise: 'one' },
}
