/**
 * What a machine that runs clients spends on their packets: an AMD K6-2, whose lmbench column
 * (reference-figures §8.2, 475 MHz) gives the times. A connection costs the handshake and the
 * request when the server's SYN comes, a segment its interrupt, TCP and half an acknowledgement,
 * and the end of a response what the load generator does for the next one.
 * Left out: the machine's scheduler, and what a timer makes it send.
 */
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'

/** The clock at which the times below were measured, MHz. */
const measuredMHz = 475
/** TCP round trip through loopback, 84 µs: four sends or receives. */
const halfWayUs = 84 / 4
/** Connecting through loopback, 290 µs, both sides. */
const connectUs = 290 / 2
/** Interrupt of the card for a frame, 7 µs at 450 MHz as on the server (assumed). */
const interruptUs = (7 * 450) / measuredMHz
/** Load generator: noting a response, choosing and formatting the next request (assumed). */
const requestUs = 100

/** Nanoseconds that a client's machine of so many MHz takes for a segment from the server. */
export function clientNs(mhz: number, { flags, bytes }: Segment): number {
  let us = interruptUs
  if ((flags & Flag.syn) !== 0) us += connectUs + halfWayUs
  // Every second segment is acknowledged; an acknowledgement is half of a send.
  if (bytes > 0) us += halfWayUs + halfWayUs / 4
  if ((flags & Flag.fin) !== 0) us += requestUs
  return Math.round((us * 1000 * measuredMHz) / mhz)
}
