/**
 * Clients far away (WAN): how long each takes is lognormal with a median of 250 ms and a mean of
 * 2.5 s (Richardson's measurements, quoted by Banga and Mogul). Round trips are a part of it, the
 * rest is silence.
 */
import { exp } from '../engine/elementary'
import type { RandomStream } from '../engine/random'

/** Lognormal with median 250 ms and mean 2.5 s: sigma = sqrt(2 ln 10). */
const medianNs = 250e6
const sigma = 2.145966
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

export function drawDistance(random: RandomStream): Distance {
  const took = medianNs * exp(random.normal(0, sigma))
  const tripNs = Math.min(longestTripNs, took / roundTrips)
  return { tripNs, silenceNs: Math.round(took - roundTrips * tripNs) }
}

/** A client next door. */
export const near: Distance = { tripNs: 0, silenceNs: 0 }
