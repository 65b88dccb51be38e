/**
 * A host at the other end of the network: how far away it is, what gets lost on the way, and what
 * it does with a packet. All of them share the link of the server's card; each has a way of its own
 * behind it. Left out: the host's own link, and that frames of hosts at different distances would
 * queue where they meet: a frame takes its turn on the server's link when it is sent.
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
  constructor(
    readonly toServer: Way,
    readonly fromServer: Way,
    /** What the host does with a packet that has come to it. */
    readonly receive: (packet: Packet) => void,
  ) {}

  /** Share of frames that get lost in each direction, 0-1. */
  set loss(share: number) {
    this.toServer.loss = share
    this.fromServer.loss = share
  }
}
