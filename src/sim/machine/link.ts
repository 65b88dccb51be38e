/**
 * One direction of the Ethernet link between the server's card and its switch: frames leave one
 * after another at the link's rate, whichever hosts they come from or go to. Left out: half duplex
 * and collisions, queues in switches (each direction has one sender).
 */

/** Preamble, header, check sequence and gap around what a frame carries (IEEE 802.3). */
const frameOverheadBytes = 8 + 14 + 4 + 12
/** A frame carries at least this. */
const minPayloadBytes = 46

export class Link {
  private freeAt = -Infinity
  frames = 0
  /** Bytes on the wire, overhead included. */
  bytes = 0

  constructor(
    /** Megabits (10^6) per second. */
    private readonly mbitPerS: number,
  ) {}

  /** Sends a frame with an IP packet of so many bytes. Returns when its end has left, in ns. */
  send(now: number, packetBytes: number): number {
    const bytes = Math.max(packetBytes, minPayloadBytes) + frameOverheadBytes
    const begins = this.freeAt > now ? this.freeAt : now
    this.freeAt = begins + Math.ceil((bytes * 8000) / this.mbitPerS)
    this.frames++
    this.bytes += bytes
    return this.freeAt
  }

  /** How long a frame with an IP packet of so many bytes is on the wire, in ns. */
  frameNs(packetBytes: number): number {
    const bytes = Math.max(packetBytes, minPayloadBytes) + frameOverheadBytes
    return Math.ceil((bytes * 8000) / this.mbitPerS)
  }

  /** Frames that have not begun to leave at `now`, were all as long as the longest. */
  queued(now: number): number {
    return this.freeAt <= now ? 0 : Math.ceil((this.freeAt - now) / ((1538 * 8000) / this.mbitPerS))
  }
}
