/**
 * How a connection is opened, from either side (net/ipv4/tcp_ipv4.c): the SYN queue and the accept
 * queue of a listener, and active open. A child shares the waiters of its listener until accept
 * takes it, so each of its callbacks wakes them. Three a handshake (TR 99-4): the SYN-ACK is
 * charged to the listener, whose write_space is called when the frame is freed; then state_change
 * of the child and data_ready of the listener. Left out: simultaneous open, SYN cookies, options.
 */
import type { KernelBase } from '../../sched/base'
import type { Endpoints, Segment } from '../segment'
import { Flag } from '../segment'
import type { Connection } from './connection'
import { firstTimeout, TcpState } from './connection'
import type { Connections } from './connections'
import type { Listener } from './listener'
import type { Output } from './output'
import type { RetransmitTimer } from './retransmit-timer'

/** tcp_v4_search_req(): cycles to find the request of a segment on `cpu`. */
export function searching(connection: Connection, cpu: number): number {
  const requests = connection.listener?.requests
  if (!requests || connection.state !== TcpState.synReceived) return 0
  return requests.walking(cpu, requests.walkTo(connection))
}

export class Handshake {
  constructor(
    private readonly base: KernelBase,
    private readonly connections: Connections,
    private readonly listeners: ReadonlyMap<number, Listener>,
    private readonly output: Output,
    private readonly timer: RetransmitTimer,
  ) {}

  /**
   * A segment with a SYN: a request for a connection, or the answer to ours. Returns its cycles.
   */
  receiveSyn(segment: Segment, cpu: number): number {
    const { cost } = this.base
    const known = this.connections.find(segment)
    if ((segment.flags & Flag.ack) !== 0) return this.receiveAnswer(known, segment)
    if (!known) return this.receiveRequest(segment, cpu)
    if (known.state === TcpState.synReceived) this.answer(known)
    return cost.tcpReceive + cost.tcpSyn + searching(known, cpu)
  }

  /** tcp_v4_conn_request(): a place in the SYN queue and an answer. */
  private receiveRequest(segment: Segment, cpu: number): number {
    const { cost } = this.base
    const listener = this.listeners.get(segment.localPort)
    if (!listener) return this.output.answerStray(segment)
    const { requests } = listener
    // It is not there, which a walk over all of them finds.
    const received = cost.tcpReceive + requests.walking(cpu, requests.length)
    if (listener.halfOpen >= listener.maxHalfOpen || listener.isFull) {
      listener.overflows++
      return received
    }
    const connection = this.connections.add(segment, listener)
    listener.begin(connection, cpu)
    this.answer(connection)
    return received + cost.tcpSyn
  }

  /** The SYN-ACK of a handshake that a remote host has begun, or once more. */
  answer(connection: Connection): void {
    this.output.transmit(connection, Flag.syn | Flag.ack, 0, 0)
    this.timer.arm(connection)
  }

  /** tcp_connect(): the SYN of a handshake that begins here. */
  begin(ends: Endpoints): Connection {
    const connection = this.connections.add(ends, undefined)
    connection.state = TcpState.synSent
    connection.accepted = true
    this.request(connection)
    return connection
  }

  /** The SYN of a handshake that has begun here, or once more. */
  request(connection: Connection): void {
    this.output.transmit(connection, Flag.syn, 0, 0)
    this.timer.arm(connection)
  }

  /** tcp_rcv_synsent_state_process(): a SYN-ACK. One that is repeated is acknowledged again. */
  private receiveAnswer(connection: Connection | undefined, segment: Segment): number {
    const { cost } = this.base
    if (!connection || connection.state === TcpState.synReceived) {
      return this.output.answerStray(segment)
    }
    let cycles = cost.tcpReceive + cost.tcpAcknowledge
    if (connection.state === TcpState.synSent) {
      connection.window = segment.window
      this.established(connection)
      this.connections.callBackLater(connection)
      cycles += cost.tcpEstablish
    }
    this.output.acknowledge(connection)
    return cycles
  }

  /**
   * Completes a handshake from the remote side. False when the accept queue is full and the
   * acknowledgement is ignored.
   */
  establish(connection: Connection): boolean {
    const listener = connection.listener
    if (!listener) return false
    if (listener.isFull) {
      listener.overflows++
      return false
    }
    this.established(connection)
    listener.forgetHalfOpen(connection)
    listener.push(connection)
    // tcp_rcv_state_process: the child's state_change; then the listener's data_ready.
    this.connections.callBackLater(connection)
    this.connections.callBackLater(listener)
    return true
  }

  private established(connection: Connection): void {
    this.timer.disarm(connection)
    connection.tries = 0
    connection.backoff = 0
    connection.timeout = firstTimeout
    connection.state = TcpState.established
    this.connections.opened++
  }
}
