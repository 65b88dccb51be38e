/**
 * TCP of Linux 2.2 as far as a server under load needs it: listening socket with SYN queue and accept queue, three-way
 * handshake, segments by MSS within the congestion window and the other side's window, acknowledgements, FIN and
 * TIME_WAIT, retransmission with Jacobson's timer and back-off. A child socket shares the sleepers of its listener until
 * accept takes it, so that each of its callbacks wakes them: state_change and write_space of the child and data_ready of
 * the listener at the end of the handshake, and data_ready of the child for data that comes before accept (TR 99-4: the
 * herd is up to three times).
 * Left out: urgent data, SACK, fast retransmit, simultaneous open, checksums that fail, options.
 */
import type { HandlerId, TimerId } from '../../engine/engine'
import { noTimer } from '../../engine/engine'
import { Fifo } from '../../engine/fifo'
import { nanoseconds } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Cpu } from '../sched/cpu'
import type { Listener } from './listener'
import type { Segment } from './segment'
import { Flag, segmentBytes } from './segment'
import { WaitQueue } from '../sched/wait-queue'

const millisecond = 1e6
/** TCP_TIMEOUT_INIT, the least RTO, and the longest: 3 s, 200 ms, 120 s. */
const firstTimeout = 3000 * millisecond
const leastTimeout = 200 * millisecond
const longestTimeout = 120_000 * millisecond
/** tcp_syn_retries of an answer, tcp_retries2. */
const answerTries = 5
const dataTries = 15
/** TCP_TIMEWAIT_LEN. */
const timeWaitNs = 60_000 * millisecond
/** SO_SNDBUF: SK_WMEM_MAX of 2.2. */
const sendBufferBytes = 65_535
/** Congestion window at the beginning, in segments. */
const firstWindow = 2

export const TcpState = {
  synReceived: 0,
  established: 1,
  closeWait: 2,
  finWait: 3,
  lastAck: 4,
  closed: 5,
} as const

export class Connection {
  state: number = TcpState.synReceived
  /** Bytes of the other side that have come in order and that nobody has read. */
  readable = 0
  received = 0
  finReceived = false
  /** First byte not acknowledged, first byte not sent, bytes that the program has written. */
  unacknowledged = 0
  next = 0
  written = 0
  /** First byte that has never been sent: `next` goes back when a timer runs out. */
  unsent = 0
  finQueued = false
  finAcknowledged = false
  window = 32_767
  congestionWindow = firstWindow
  threshold = Infinity
  private smoothed = 0
  private deviation = 0
  timeout = firstTimeout
  tries = 0
  timer: TimerId = noTimer
  /** The byte whose acknowledgement is timed, and since when; −1: none. */
  timedByte = -1
  timedSince = 0
  accepted = false
  readonly sleepers = new WaitQueue()

  constructor(
    readonly flow: number,
    readonly listener: Listener,
    readonly since: number,
  ) {}

  /** Jacobson's estimate. */
  noteRoundTrip(ns: number): void {
    if (this.smoothed === 0) {
      this.smoothed = ns
      this.deviation = ns / 2
    } else {
      this.deviation += (Math.abs(ns - this.smoothed) - this.deviation) / 4
      this.smoothed += (ns - this.smoothed) / 8
    }
    const wanted = Math.round(this.smoothed + 4 * this.deviation)
    this.timeout = Math.min(longestTimeout, Math.max(leastTimeout, wanted))
  }

  /** The last byte and the FIN that were written have been acknowledged. */
  get allSent(): boolean {
    return this.unacknowledged === this.written + (this.finQueued ? 1 : 0)
  }

  /** Bytes that the program may write now. */
  get room(): number {
    return sendBufferBytes - (this.written - this.unacknowledged)
  }
}

export class Tcp {
  private readonly connections = new Map<number, Connection>()
  listener: Listener | undefined
  private readonly timer: HandlerId
  /** When each TIME_WAIT ends, oldest first. */
  private readonly timeWaits: number[] = []
  private timeWaitsBegin = 0
  opened = 0
  closed = 0
  resets = 0
  retransmissions = 0
  private halted = false
  /** Sockets whose callbacks are due: of a child, or of its listener. */
  private readonly callbacks = new Fifo<Connection | Listener>()
  /** Told when callbacks are due that no packet has caused. */
  onCallbacks: () => void = () => undefined

  constructor(
    private readonly base: KernelBase,
    private readonly send: (segment: Segment) => void,
  ) {
    this.timer = base.engine.handler('TCP timer', (flow) => this.onTimer(flow))
  }

  /** Connections that are open or on their way to it. */
  get open(): number {
    return this.connections.size
  }
  get timeWait(): number {
    const { timeWaits } = this
    const { now } = this.base.engine
    while (this.timeWaitsBegin < timeWaits.length && timeWaits[this.timeWaitsBegin] <= now) {
      this.timeWaitsBegin++
    }
    if (this.timeWaitsBegin > 4096 && this.timeWaitsBegin * 2 > timeWaits.length) {
      timeWaits.splice(0, this.timeWaitsBegin)
      this.timeWaitsBegin = 0
    }
    return timeWaits.length - this.timeWaitsBegin
  }

  /** tcp_v4_rcv() in the bottom half: returns the cycles that the packet took, wake-ups apart. */
  receive(segment: Segment): number {
    if ((segment.flags & Flag.syn) !== 0) return this.receiveSyn(segment)
    const connection = this.connections.get(segment.flow)
    if (!connection) return this.receiveStray(segment)
    let cycles: number = this.base.cost.tcpReceive
    if ((segment.flags & Flag.reset) !== 0) {
      this.drop(connection)
      return cycles
    }
    if (connection.state === TcpState.synReceived) {
      if (!this.establish(connection)) return cycles
      cycles += this.base.cost.tcpEstablish
    }
    this.noteAcknowledged(connection, segment)
    if (segment.bytes > 0) this.receiveData(connection, segment)
    if ((segment.flags & Flag.fin) !== 0) this.receiveFin(connection, segment)
    cycles += this.output(connection)
    // Also what was thrown away is acknowledged: the other side learns which byte is missing.
    if (segment.bytes > 0 || (segment.flags & Flag.fin) !== 0) {
      this.acknowledge(connection)
      cycles += this.base.cost.tcpAcknowledge
    }
    if (this.isOver(connection)) this.forget(connection)
    return cycles
  }

  /** tcp_v4_conn_request(): a place in the SYN queue and an answer. */
  private receiveSyn(segment: Segment): number {
    const { listener } = this
    if (!listener) return this.base.cost.tcpReceive
    const known = this.connections.get(segment.flow)
    if (!known) {
      if (listener.halfOpen.size >= listener.mostHalfOpen || listener.isFull) {
        listener.overflows++
        return this.base.cost.tcpReceive
      }
      const connection = new Connection(segment.flow, listener, this.base.engine.now)
      this.connections.set(segment.flow, connection)
      listener.halfOpen.set(segment.flow, connection)
      this.answer(connection)
    } else if (known.state === TcpState.synReceived) this.answer(known)
    return this.base.cost.tcpReceive + this.base.cost.tcpSyn
  }

  private answer(connection: Connection): void {
    this.transmit(connection, Flag.syn | Flag.ack, 0, 0)
    this.arm(connection)
  }

  /**
   * Something of a connection that is over, or never was. Its last FIN once more is acknowledged again, data of a
   * stranger is answered by a reset, and a reset by nothing.
   */
  private receiveStray(segment: Segment): number {
    const { flow, flags, sequence, bytes } = segment
    const isFin = (flags & Flag.fin) !== 0
    if ((flags & Flag.reset) !== 0 || (!isFin && bytes === 0)) return this.base.cost.tcpReceive
    this.send({
      ...{ flow, flags: isFin ? Flag.ack : Flag.ack | Flag.reset, sequence: segment.acknowledged },
      ...{ bytes: 0, acknowledged: sequence + bytes + (isFin ? 1 : 0), window: 0 },
    })
    return this.base.cost.tcpReceive + this.base.cost.tcpAcknowledge
  }

  /** The end of the handshake: false when the accept queue is full, and the acknowledgement counts for nothing. */
  private establish(connection: Connection): boolean {
    const { listener } = connection
    if (listener.isFull) {
      listener.overflows++
      return false
    }
    this.disarm(connection)
    connection.tries = 0
    connection.timeout = firstTimeout
    connection.state = TcpState.established
    listener.halfOpen.delete(connection.flow)
    listener.push(connection)
    this.opened++
    // tcp_rcv_state_process: the child's state_change; tcp_ack: its write_space; then the listener's data_ready.
    this.callbacks.push(connection)
    this.callbacks.push(connection)
    this.callbacks.push(listener)
    return true
  }

  /** Callbacks that are due. */
  get due(): number {
    return this.callbacks.length
  }

  /** Calls the next callback that is due, on `cpu`. Returns the cycles of what it wakes. */
  callBack(cpu: Cpu): number {
    const socket = this.callbacks.shift()
    if (socket === undefined) return 0
    const ofChild = socket instanceof Connection
    if (ofChild && socket.accepted) return this.base.dispatcher.wakeUp(socket.sleepers)
    return (ofChild ? socket.listener : socket).sleepers.wakeUp(cpu.id)
  }

  private noteAcknowledged(connection: Connection, segment: Segment): void {
    const reached = segment.acknowledged
    if (reached > connection.unsent) return
    connection.window = segment.window
    if (reached <= connection.unacknowledged) return
    if (connection.timedByte >= 0 && reached > connection.timedByte) {
      connection.noteRoundTrip(this.base.engine.now - connection.timedSince)
      connection.timedByte = -1
    }
    connection.unacknowledged = reached
    if (connection.next < reached) connection.next = reached
    connection.tries = 0
    // Slow start, then congestion avoidance.
    const { congestionWindow, threshold } = connection
    connection.congestionWindow += congestionWindow < threshold ? 1 : 1 / congestionWindow
    this.disarm(connection)
    if (connection.unacknowledged < connection.next) this.arm(connection)
    if (connection.sleepers.length > 0 && connection.room > 0) this.callbacks.push(connection)
  }

  private receiveData(connection: Connection, segment: Segment): void {
    // What comes out of order is thrown away, as there is no queue for it here: it comes again.
    if (segment.sequence !== connection.received || connection.finReceived) return
    connection.received += segment.bytes
    connection.readable += segment.bytes
    this.callbacks.push(connection)
  }

  private receiveFin(connection: Connection, segment: Segment): void {
    if (segment.sequence + segment.bytes !== connection.received || connection.finReceived) return
    connection.received++
    connection.finReceived = true
    if (connection.state === TcpState.established) connection.state = TcpState.closeWait
    this.callbacks.push(connection)
  }

  // What the program does.

  /** tcp_sendmsg(): so many bytes into the send buffer, at most `room`. Returns the cycles of segments that left. */
  write(connection: Connection, bytes: number): number {
    connection.written += bytes
    return this.output(connection)
  }

  /** tcp_close(), or shutdown of the sending side: the FIN follows what was written. */
  finish(connection: Connection): number {
    if (connection.finQueued) return 0
    connection.finQueued = true
    connection.state = connection.state === TcpState.closeWait ? TcpState.lastAck : TcpState.finWait
    const cycles = this.output(connection)
    if (this.isOver(connection)) this.forget(connection)
    return cycles
  }

  /**
   * tcp_close() of the last descriptor: a reset when there is data that nobody has read, as 2.2 does after
   * draft-ietf-tcpimpl-prob-03, otherwise the FIN, unless it has been sent. Returns the cycles of what left.
   */
  close(connection: Connection): number {
    if (connection.state === TcpState.closed) return 0
    if (connection.readable === 0) return this.finish(connection)
    this.transmit(connection, Flag.reset | Flag.ack, connection.next, 0)
    connection.state = TcpState.closed
    this.forget(connection)
    return this.base.cost.tcpAcknowledge
  }

  /** tcp_write_xmit(): sends what both windows allow. */
  private output(connection: Connection): number {
    let cycles = 0
    const end = connection.written + (connection.finQueued ? 1 : 0)
    const allowed =
      connection.unacknowledged +
      Math.min(connection.window, Math.floor(connection.congestionWindow) * segmentBytes)
    while (connection.next < end && connection.next < allowed) {
      const { next, written } = connection
      const bytes = Math.max(0, Math.min(segmentBytes, written - next, allowed - next))
      const carriesFin = connection.finQueued && next + bytes === written
      // Silly windows: a part of a segment leaves only at the end of what there is.
      if (bytes < segmentBytes && next + bytes < written) break
      const last = next + bytes >= allowed || next + bytes === written
      connection.next += bytes + (carriesFin ? 1 : 0)
      if (connection.next > connection.unsent) connection.unsent = connection.next
      if (connection.timedByte < 0) {
        connection.timedByte = next
        connection.timedSince = this.base.engine.now
      }
      const flags = Flag.ack | (carriesFin ? Flag.fin : 0) | (last ? Flag.push : 0)
      this.transmit(connection, flags, next, bytes)
      cycles += this.base.cost.tcpSend
      if (carriesFin) break
    }
    if (connection.unacknowledged < connection.next && connection.timer === noTimer) {
      this.arm(connection)
    }
    return cycles
  }

  private acknowledge(connection: Connection): void {
    this.transmit(connection, Flag.ack, connection.next, 0)
  }

  private transmit(connection: Connection, flags: number, sequence: number, bytes: number): void {
    const { flow, received } = connection
    this.send({ flow, flags, sequence, bytes, acknowledged: received, window: 32_767 })
  }

  // Timers.

  private arm(connection: Connection): void {
    this.disarm(connection)
    const wait = Math.min(longestTimeout, connection.timeout * (1 << connection.tries))
    connection.timer = this.base.engine.after(nanoseconds(wait), this.timer, connection.flow)
  }

  private disarm(connection: Connection): void {
    if (connection.timer === noTimer) return
    this.base.engine.cancel(connection.timer)
    connection.timer = noTimer
  }

  private onTimer(flow: number): void {
    const connection = this.connections.get(flow)
    if (this.halted || !connection) return
    connection.timer = noTimer
    connection.tries++
    this.retransmissions++
    if (connection.state === TcpState.synReceived) {
      if (connection.tries > answerTries) this.giveUp(connection)
      else this.answer(connection)
      return
    }
    if (connection.tries > dataTries) {
      this.giveUp(connection)
      return
    }
    // Back to one segment, from the first byte that is missing.
    connection.threshold = Math.max(2, connection.congestionWindow / 2)
    connection.congestionWindow = 1
    connection.next = connection.unacknowledged
    connection.timedByte = -1
    this.output(connection)
    this.arm(connection)
  }

  private giveUp(connection: Connection): void {
    this.drop(connection)
    if (this.due > 0) this.onCallbacks()
  }

  /** Reset, or given up: whoever waits for it finds its end. A handshake is no socket yet, and nobody waits for it. */
  private drop(connection: Connection): void {
    this.resets++
    const { accepted, listener } = connection
    const isSocket = connection.state !== TcpState.synReceived
    connection.finReceived = true
    connection.state = TcpState.closed
    if (isSocket) {
      if (!accepted) listener.abandon()
      this.callbacks.push(accepted ? connection : listener)
    }
    this.forget(connection)
  }

  private isOver(connection: Connection): boolean {
    return connection.finQueued && connection.finReceived && connection.allSent
  }

  /** Of a connection that has ended here first, an address stays in TIME_WAIT for a minute. */
  private forget(connection: Connection): void {
    if (!this.connections.delete(connection.flow)) return
    this.disarm(connection)
    connection.listener.halfOpen.delete(connection.flow)
    this.closed++
    if (connection.state === TcpState.finWait)
      this.timeWaits.push(this.base.engine.now + timeWaitNs)
    connection.state = TcpState.closed
  }

  halt(): void {
    this.halted = true
  }
}
