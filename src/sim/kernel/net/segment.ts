/** A TCP segment in flight: the header fields that the model needs. */

export const Flag = { syn: 1, ack: 2, fin: 4, push: 8, reset: 16 } as const

/** The key of a connection, from the server's side in both directions. */
export interface Endpoints {
  /** Address of the remote host: its place among the hosts of the network. */
  readonly remoteHost: number
  /** Port of the remote host. A host that stands for many machines uses numbers beyond 65,535. */
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
