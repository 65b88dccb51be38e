/**
 * One direction of an Ethernet link with what lies behind it: frames leave one after another at the
 * link's rate and arrive after a fixed way. Some are lost on the way, when a stream of random
 * numbers says so. Left out: half duplex and collisions, queues in switches (each direction has one
 * sender).
 */
import type { RandomStream } from '../engine/random'

/** Preamble, header, check sequence and gap around what a frame carries (IEEE 802.3). */
const frameOverheadBytes = 8 + 14 + 4 + 12
/** A frame carries at least this. */
const leastPayloadBytes = 46

export class Link {
  private freeAt = 0
  frames = 0
  lost = 0
  /** Bytes on the wire, overhead included. */
  bytes = 0

  constructor(
    /** Megabits (10^6) per second. */
    private readonly mbitPerS: number,
    private readonly random: RandomStream,
    /** From the end of the frame at the sender to its arrival, ns. */
    public wayNs: number,
    /** Share of frames that get lost, 0-1. */
    public loss: number,
  ) {}

  /**
   * Sends a frame with an IP packet of so many bytes. Returns when it arrives, in ns, or -1: lost
   * on the way.
   */
  send(now: number, packetBytes: number): number {
    const bytes = Math.max(packetBytes, leastPayloadBytes) + frameOverheadBytes
    const begins = this.freeAt > now ? this.freeAt : now
    this.freeAt = begins + Math.ceil((bytes * 8000) / this.mbitPerS)
    this.frames++
    this.bytes += bytes
    if (this.loss > 0 && this.random.chance(this.loss)) {
      this.lost++
      return -1
    }
    return this.freeAt + this.wayNs
  }

  /** Frames that have not begun to leave at `now`, were all as long as the longest. */
  queued(now: number): number {
    return this.freeAt <= now ? 0 : Math.ceil((this.freeAt - now) / ((1538 * 8000) / this.mbitPerS))
  }
}
