/**
 * A host at the other end of the network: how far away it is, what gets lost on the way, what it
 * does with a packet, and how long its CPU takes for that. All hosts share the link of the server's
 * card; behind it each has a way of its own. Left out: the host's own link, and that frames of
 * hosts at different distances would queue where they meet: a frame takes its turn on the server's
 * link when it is sent.
 */
import type { RandomStream } from '../engine/random'

/**
 * One direction of the way between the link and a host: frames arrive after a fixed time, or get
 * lost.
 */
export class Way {
  lost = 0
  /** Share of frames that get lost, 0-1. */
  loss = 0

  constructor(
    private readonly random: RandomStream,
    /** From the end of the frame at its sender to its arrival, ns. */
    readonly ns: number,
  ) {}

  /** When a frame arrives whose end has left at `left`, in ns; -1: it is lost on the way. */
  arrival(left: number): number {
    if (this.loss > 0 && this.random.chance(this.loss)) {
      this.lost++
      return -1
    }
    return left + this.ns
  }
}

export class RemoteHost<Packet> {
  /** When its CPU has dealt with every packet that has come, ns. */
  private freeAt = -Infinity

  constructor(
    readonly toServer: Way,
    readonly fromServer: Way,
    /** What the host does with a packet when it has dealt with it. */
    readonly receive: (packet: Packet) => void,
    /** How long its CPU is busy with a packet, ns; one after another. */
    private readonly busyNs: (packet: Packet) => number = () => 0,
  ) {}

  /**
   * When the host has dealt with a packet whose end has left the server at `left`, in ns; -1: it is
   * lost on the way. Packets are asked about in the order in which they leave.
   */
  dealtWith(packet: Packet, left: number): number {
    const arrives = this.fromServer.arrival(left)
    if (arrives < 0) return -1
    const busy = this.busyNs(packet)
    // Hosts whose CPU takes no time keep no order but that of arrival.
    if (busy === 0) return arrives
    this.freeAt = Math.max(arrives, this.freeAt) + busy
    return this.freeAt
  }

  /** Share of frames that get lost in each direction, 0-1. */
  set loss(share: number) {
    this.toServer.loss = share
    this.fromServer.loss = share
  }
}
