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
  /** What its bytes say, as far as programs ask: the number of the page that a request names. */
  readonly says?: number | undefined
}

/** A segment between `ends`; the fields are those of `Segment`. */
export function segmentOf(
  ends: Endpoints,
  flags: number,
  sequence: number,
  bytes: number,
  acknowledged: number,
  window: number,
): Segment {
  const { remoteHost, remotePort, localPort } = ends
  return { remoteHost, remotePort, localPort, flags, sequence, bytes, acknowledged, window }
}

/** Bytes that a segment takes in the order of its sequence: the FIN counts one. */
const lengthOf = ({ bytes, flags }: Segment): number => bytes + ((flags & Flag.fin) !== 0 ? 1 : 0)

/** What answers a segment of no connection: everything that it carries is acknowledged. */
export const answerTo = (segment: Segment, flags: number, window: number): Segment =>
  segmentOf(segment, flags, segment.acknowledged, 0, segment.sequence + lengthOf(segment), window)

/** IP and TCP headers without options. */
export const headerBytes = 40
/** Maximum segment size on Ethernet. */
export const segmentBytes = 1460
