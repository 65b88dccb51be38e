/**
 * TCP of Linux 2.2 as far as a server under load needs it, and what programs ask of it: listen,
 * connect, write, finish, close. Its parts are its handshake, input, output, and retransmission
 * with Jacobson's timer and back-off.
 * Left out: what the parts leave out; bind() to one of several addresses.
 */
import { noTimer } from '../../../engine/engine'
import type { PageFrames } from '../../mm/page-frames'
import type { KernelBase } from '../../sched/base'
import type { Cpu } from '../../sched/cpu'
import type { AcceptPolicy } from '../accept-wait-queue'
import { AcceptWaitQueue } from '../accept-wait-queue'
import type { Segment } from '../segment'
import { Flag } from '../segment'
import type { Connection } from './connection'
import { TcpState } from './connection'
import { Connections } from './connections'
import { TcpError } from './errors'
import { Handshake } from './handshake'
import { Input } from './input'
import { defaultMaxBacklog, defaultMaxHalfOpen, Listener } from './listener'
import { Output } from './output'
import { RequestList } from './request-list'
import { RetransmitTimer } from './retransmit-timer'
import { SocketMemory } from './socket-memory'

/** tcp_syn_retries, of an answer and of a request; tcp_retries2. */
const answerTries = 5
const requestTries = 10
const dataTries = 15
/** sysctl_local_port_range of 2.2: what connect() chooses a port from. */
const firstLocalPort = 1024
const lastLocalPort = 4999

export class Tcp {
  /** By port. */
  readonly listeners = new Map<number, Listener>()
  /** SOMAXCONN and sysctl_max_syn_backlog. */
  maxBacklog = defaultMaxBacklog
  maxHalfOpen = defaultMaxHalfOpen
  /** Whom a callback of a listening socket wakes, of all of them. */
  readonly acceptPolicy: AcceptPolicy = { wakeup: 'all' }
  private readonly timer: RetransmitTimer
  readonly memory: SocketMemory
  private readonly connections: Connections
  private readonly output: Output
  private readonly handshake: Handshake
  private readonly input: Input
  private nextPort = firstLocalPort
  retransmissions = 0
  private halted = false
  /** Told when callbacks are due that no packet has caused. */
  onCallbacks: () => void = () => undefined

  constructor(
    private readonly base: KernelBase,
    frames: PageFrames,
    send: (segment: Segment) => void,
  ) {
    AcceptWaitQueue.declareProcedure(base)
    this.timer = new RetransmitTimer(base)
    this.memory = new SocketMemory(frames)
    this.connections = new Connections(base, this.timer, this.memory)
    const { connections, listeners, timer } = this
    this.output = new Output(base, timer, send)
    this.handshake = new Handshake(base, connections, listeners, this.output, timer)
    this.input = new Input(base, connections, this.handshake, this.output, timer)
  }

  /** Before the first segment. */
  start(): void {
    this.timer.start((key) => this.onTimer(key))
  }

  get open(): number {
    return this.connections.open
  }
  get timeWait(): number {
    return this.connections.timeWait
  }
  get opened(): number {
    return this.connections.opened
  }
  get closed(): number {
    return this.connections.closed
  }
  get resets(): number {
    return this.connections.resets
  }
  get due(): number {
    return this.connections.due
  }

  /** In the bottom half, on `cpu`: returns the cycles that the packet took, wake-ups apart. */
  receive(segment: Segment, cpu: Cpu): number {
    return this.input.receive(segment, cpu.id)
  }

  /**
   * sock_wfree(): a frame has been sent, or dropped, and is freed. Whose it was has its write_space
   * called: the listener, of a SYN-ACK. A socket on which nobody sleeps does nothing.
   */
  freed(segment: Segment): void {
    const connection = this.connections.find(segment)
    if ((segment.flags & Flag.syn) !== 0) {
      const listener = this.listeners.get(segment.localPort)
      if (listener && !connection?.accepted) this.connections.callBackLater(listener)
    } else if (connection && (!connection.accepted || connection.waiters.length > 0)) {
      this.connections.callBackLater(connection)
    }
  }

  /** Calls the next callback that is due, on `cpu`. Returns the cycles of what it wakes. */
  callBack(cpu: Cpu): number {
    return this.connections.callBack(cpu)
  }

  // What the program does.

  /** tcp_listen_start(). Undefined when somebody listens on that port already. */
  listen(port: number, backlog: number): Listener | undefined {
    if (this.listeners.has(port)) return undefined
    const waiters = new AcceptWaitQueue(this.base, this.acceptPolicy)
    const granted = Math.min(backlog, this.maxBacklog)
    const requests = new RequestList(this.base)
    const listener = new Listener(port, waiters, requests, granted, this.maxHalfOpen)
    this.listeners.set(port, listener)
    return listener
  }

  /** tcp_close() of a listening socket: who waits in its queues is reset. */
  unlisten(listener: Listener): void {
    this.listeners.delete(listener.port)
    for (const connection of [...listener.opening()]) this.connections.forget(connection)
    for (;;) {
      const connection = listener.take()
      if (!connection) break
      this.reset(connection)
    }
  }

  /**
   * tcp_v4_connect(): a connection on its way, whose waiters are woken at its end; or an errno of
   * TcpError.
   */
  connect(remoteHost: number, remotePort: number): Connection | number {
    for (let port = firstLocalPort; port <= lastLocalPort; port++) {
      const ends = { remoteHost, remotePort, localPort: this.nextPort }
      this.nextPort = this.nextPort === lastLocalPort ? firstLocalPort : this.nextPort + 1
      if (!this.listeners.has(ends.localPort) && !this.connections.find(ends)) {
        return this.handshake.begin(ends)
      }
    }
    return TcpError.addressNotAvailable
  }

  /**
   * tcp_sendmsg(): so many bytes into the send buffer, at most `room`. Returns the cycles of
   * segments that left.
   */
  write(connection: Connection, bytes: number): number {
    // Sizes of pages may be doubles, and sequence numbers are to stay integers for V8.
    connection.written += bytes | 0
    this.memory.changed(connection)
    return this.output.push(connection)
  }

  /** tcp_recvmsg(): so many bytes are taken, at most `readable`. */
  take(connection: Connection, bytes: number): void {
    connection.readable -= bytes
    this.memory.changed(connection)
  }

  /** tcp_close(), or shutdown of the sending side: the FIN follows what was written. */
  finish(connection: Connection): number {
    if (connection.finQueued) return 0
    if (connection.state === TcpState.synSent) {
      this.connections.forget(connection)
      return 0
    }
    connection.finQueued = true
    connection.state = connection.state === TcpState.closeWait ? TcpState.lastAck : TcpState.finWait
    const cycles = this.output.push(connection)
    if (connection.isOver) this.connections.forget(connection)
    return cycles
  }

  /**
   * tcp_close() of the last descriptor: a reset when there is data that nobody has read, as 2.2
   * does after draft-ietf-tcpimpl-prob-03, otherwise the FIN, unless it has been sent. Returns the
   * cycles of what left.
   */
  close(connection: Connection): number {
    if (connection.state === TcpState.closed) return 0
    if (connection.readable === 0) {
      connection.orphaned = true
      const cycles = this.finish(connection)
      if (connection.awaitsFin) this.timer.armFinWait(connection)
      return cycles
    }
    this.reset(connection)
    return this.base.cost.tcpAcknowledge
  }

  private reset(connection: Connection): void {
    this.output.transmit(connection, Flag.reset | Flag.ack, connection.next, 0)
    connection.state = TcpState.closed
    this.connections.forget(connection)
  }

  // Timers.

  private onTimer(key: number): void {
    const connection = this.connections.at(key)
    if (this.halted || !connection) return
    connection.timer = noTimer
    if (connection.awaitsFin) {
      // Without TIME_WAIT.
      connection.state = TcpState.closed
      this.connections.forget(connection)
      return
    }
    connection.tries++
    connection.backoff++
    if (!connection.isStalled) this.retransmissions++
    const { state, tries } = connection
    if (state === TcpState.synReceived) {
      if (tries > answerTries) this.giveUp(connection)
      else this.handshake.answer(connection)
    } else if (state === TcpState.synSent) {
      if (tries > requestTries) this.giveUp(connection)
      else this.handshake.request(connection)
    } else if (tries > dataTries) this.giveUp(connection)
    else if (connection.isStalled) this.probe(connection)
    else this.retransmit(connection)
  }

  /** tcp_probe_timer(): asks again whether there is room. */
  private probe(connection: Connection): void {
    this.output.probe(connection)
    this.timer.arm(connection)
  }

  /** Back to one segment, from the first byte that is missing. */
  private retransmit(connection: Connection): void {
    connection.threshold = Math.max(2, connection.congestionWindow / 2)
    connection.congestionWindow = 1
    connection.next = connection.unacknowledged
    connection.resentBefore = connection.unsent
    connection.timedByte = -1
    this.output.push(connection)
    this.timer.arm(connection)
  }

  private giveUp(connection: Connection): void {
    if (connection.state === TcpState.synSent) connection.error = TcpError.timedOut
    this.connections.drop(connection)
    if (this.due > 0) this.onCallbacks()
  }

  halt(): void {
    this.halted = true
  }
}
