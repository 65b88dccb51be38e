/** Fault: connections on which nobody says anything. */
import type { DisturbanceSpec } from './disturbance'

/** At intensity 1 so many are opened. */
export const mostColdConnections = 2000

export const coldConnections: DisturbanceSpec = {
  id: 'cold-connections',
  kind: 'fault',
  title: 'Cold connections',
  alsoCalled: ['idle', 'load-adding client', 'silent', 'WAN'],
  does: 'A client opens connections to the proxy and sends nothing on them.',
  watch:
    'Each call of select or poll looks at all of them: the share of the kernel grows, and requests wait.',
  watchColumns: ['sy', 'id'],
  source: 'Banga & Mogul, USENIX 1998: 100 to 2,000 by a load-adding client',
  intensity: { unit: 'connections', atFull: mostColdConnections },
  workloads: ['proxy'],
  sets: undefined,
}
