/** Fault: clients are farther away. */
import type { DisturbanceSpec } from './disturbance'

/** At intensity 1 a round trip takes so much longer, milliseconds. */
export const farthestMs = 2000

export const wanDelay: DisturbanceSpec = {
  id: 'wan-delay',
  kind: 'fault',
  title: 'WAN delay',
  alsoCalled: ['latency', 'distance', 'round trip', 'far clients'],
  does: "Every round trip between the proxy and its new connections' clients takes longer.",
  watch:
    'Connections stay open longer at the same rate: more are open at a time, and most of them wait.',
  watchColumns: ['sy', 'id'],
  source: 'Banga & Mogul, USENIX 1998: round trips of wide-area networks are much longer',
  intensity: { unit: 'ms', atFull: farthestMs },
  workloads: ['proxy'],
  sets: undefined,
}
