/**
 * What TCP does with a segment that has come (net/ipv4/tcp_input.c), in the bottom half:
 * acknowledgements with slow start and congestion avoidance, data in order, FIN and reset.
 * Left out: urgent data, SACK, fast retransmit, a queue of what comes out of order, checksums that
 * fail.
 */
import type { KernelBase } from '../../sched/base'
import type { Segment } from '../segment'
import { Flag } from '../segment'
import type { Connection } from './connection'
import { TcpState } from './connection'
import type { Connections } from './connections'
import { TcpError } from './errors'
import type { Handshake } from './handshake'
import { searching } from './handshake'
import type { Output } from './output'
import type { RetransmitTimer } from './retransmit-timer'

export class Input {
  constructor(
    private readonly base: KernelBase,
    private readonly connections: Connections,
    private readonly handshake: Handshake,
    private readonly output: Output,
    private readonly timer: RetransmitTimer,
  ) {}

  /** tcp_v4_rcv() on `cpu`: returns the cycles that the packet took, wake-ups apart. */
  receive(segment: Segment, cpu: number): number {
    if ((segment.flags & Flag.syn) !== 0) return this.handshake.receiveSyn(segment, cpu)
    const connection = this.connections.find(segment)
    if (!connection) return this.output.answerStray(segment)
    const { cost } = this.base
    let cycles: number = cost.tcpReceive + searching(connection, cpu)
    if ((segment.flags & Flag.reset) !== 0) {
      if (connection.state === TcpState.synSent) connection.error = TcpError.refused
      this.connections.drop(connection)
      return cycles
    }
    if (connection.state === TcpState.synSent) return cycles
    if (connection.state === TcpState.synReceived) {
      if (!this.handshake.establish(connection)) return cycles
      cycles += cost.tcpEstablish
    }
    this.noteAcknowledged(connection, segment)
    if (segment.bytes > 0) this.receiveData(connection, segment)
    if ((segment.flags & Flag.fin) !== 0) this.receiveFin(connection, segment)
    cycles += this.output.push(connection)
    // Dropped data is acknowledged too, so that the other side learns which byte is missing.
    if (segment.bytes > 0 || (segment.flags & Flag.fin) !== 0) {
      this.output.acknowledge(connection)
      cycles += cost.tcpAcknowledge
    }
    if (connection.isOver) this.connections.forget(connection)
    return cycles
  }

  private noteAcknowledged(connection: Connection, segment: Segment): void {
    const reached = segment.acknowledged
    if (reached > connection.unsent) return
    const { isStalled, unacknowledged } = connection
    connection.window = segment.window
    if (isStalled) this.noteProbed(connection)
    if (reached <= unacknowledged) return
    if (connection.timedByte >= 0 && reached > connection.timedByte) {
      connection.noteRoundTrip(this.base.engine.now - connection.timedSince)
      connection.timedByte = -1
    }
    connection.unacknowledged = reached
    this.connections.memory.changed(connection)
    if (connection.next < reached) connection.next = reached
    connection.tries = 0
    connection.backoff = 0
    // Slow start, then congestion avoidance.
    const { congestionWindow, threshold } = connection
    connection.congestionWindow += congestionWindow < threshold ? 1 : 1 / congestionWindow
    this.timer.disarm(connection)
    if (connection.unacknowledged < connection.next) this.timer.arm(connection)
    else if (connection.orphaned && connection.awaitsFin) this.timer.armFinWait(connection)
    const isWaitedFor = connection.waiters.length > 0 || connection.watchers !== undefined
    if (isWaitedFor && connection.room > 0) this.connections.callBackLater(connection)
  }

  /** tcp_ack_probe(): a probe was answered; when the window is open, its timer is over. */
  private noteProbed(connection: Connection): void {
    connection.tries = 0
    if (connection.window === 0) return
    connection.backoff = 0
    this.timer.disarm(connection)
  }

  private receiveData(connection: Connection, segment: Segment): void {
    // Data out of order is dropped, as there is no queue for it here; it is sent again.
    if (segment.sequence !== connection.received || connection.finReceived) return
    connection.received += segment.bytes
    connection.readable += segment.bytes
    connection.says = segment.says ?? 0
    this.connections.memory.changed(connection)
    this.connections.callBackLater(connection)
  }

  private receiveFin(connection: Connection, segment: Segment): void {
    if (segment.sequence + segment.bytes !== connection.received || connection.finReceived) return
    connection.received++
    connection.finReceived = true
    if (connection.state === TcpState.established) connection.state = TcpState.closeWait
    this.connections.callBackLater(connection)
  }
}
