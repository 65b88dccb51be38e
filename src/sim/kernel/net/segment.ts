/** A TCP segment on its way, with the numbers that the model needs of it. */

export const Flag = { syn: 1, ack: 2, fin: 4, push: 8, reset: 16 } as const

/** What a connection is known by, seen from the server whichever way a segment goes. */
export interface Endpoints {
  /** Address of the remote host: its place among the hosts of the network. */
  readonly remoteHost: number
  /** Port of the remote host. One that stands for many machines counts on beyond 65,535. */
  readonly remotePort: number
  readonly localPort: number
}

export interface Segment extends Endpoints {
  readonly flags: number
  /** First byte that it carries, counted from 0 at the first byte of data; the FIN counts one. */
  readonly sequence: number
  readonly bytes: number
  /** Bytes of the other side that have come in order. */
  readonly acknowledged: number
  /** Bytes that the sender has room for. */
  readonly window: number
}

/** IP and TCP headers without options. */
export const headerBytes = 40
/** Maximum segment size on Ethernet. */
export const segmentBytes = 1460
