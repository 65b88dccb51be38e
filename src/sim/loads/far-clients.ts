/**
 * Clients far away (WAN): what the network between them and the server takes is lognormal. Round
 * trips are a part of it, the rest is silence. Both distances are fitted to one published point,
 * Palo Alto's proxies, whose responses took 250 ms in the median and 2.5 s in the mean
 * (Richardson's measurements, quoted by Banga and Mogul).
 */
import { exp } from '../engine/elementary'
import type { RandomStream } from '../engine/random'

/** A lognormal: its median, ns, and the deviation of its logarithm. */
export interface Lognormal {
  readonly medianNs: number
  readonly sigma: number
}

/** Of a server that has what it is asked for, the network takes all: sigma = sqrt(2 ln 10). */
export const ofServer: Lognormal = { medianNs: 250e6, sigma: 2.145966 }
/**
 * Of a proxy: what is left of the published point without what origin servers take. Such proxies
 * had three documents in ten (SIGMETRICS 1997); the others came from servers that take 180 ms as
 * the parameters have it, 100 ms and two round trips. So with median m and sigma s,
 * m exp(s²/2) = 2,500 − 0.7 · 180 ms, and 0.3 Φ(ln(250/m)/s) + 0.7 Φ(ln(70/m)/s) = 1/2.
 */
export const ofProxy: Lognormal = { medianNs: 102.082e6, sigma: 2.508608 }
/** Share of documents that a proxy has at that point, %. */
export const hitsOfProxies = 30

/**
 * Round trips of a response: the handshake, and the request. Each takes at most so much, ns; what
 * a response takes longer is silence (assumed).
 */
const roundTrips = 2
const longestTripNs = 400e6

/** Of one client: each of its round trips, and what it is silent beside them, ns. */
export interface Distance {
  readonly tripNs: number
  readonly silenceNs: number
}

export function drawDistance(random: RandomStream, { medianNs, sigma }: Lognormal): Distance {
  const took = medianNs * exp(random.normal(0, sigma))
  const tripNs = Math.min(longestTripNs, took / roundTrips)
  return { tripNs, silenceNs: Math.round(took - roundTrips * tripNs) }
}

/** A client next door. */
export const near: Distance = { tripNs: 0, silenceNs: 0 }
