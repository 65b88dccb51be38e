/**
 * All connections of a kernel (tcp_hashinfo): the table that a segment is looked up in, the
 * callbacks of sockets that are due, and the addresses in TIME_WAIT, of which only the time is kept
 * at which they come free.
 */
import { Fifo } from '../../../engine/fifo'
import { NumberTable } from '../../../engine/number-table'
import { nanoseconds } from '../../../units/time'
import type { KernelBase } from '../../sched/base'
import type { Cpu } from '../../sched/cpu'
import type { Endpoints } from '../segment'
import type { ListeningSocket } from './connection'
import { Connection, TcpState } from './connection'
import type { RetransmitTimer } from './retransmit-timer'
import type { SocketMemory } from './socket-memory'

/** TCP_TIMEWAIT_LEN: a minute. */
const timeWaitNs = nanoseconds(60e9)
/** Local ports: an address is a host and one of these. */
const ports = 1 << 16
/** Remote ports that a key has room for. */
const remotePorts = 2 ** 32

export class Connections {
  private readonly table = new NumberTable<Connection>()
  /**
   * Number of each pair of remote host and local port, in the order in which they were first used.
   */
  private readonly pairs = new NumberTable<number>()
  /** When each TIME_WAIT ends, oldest first. */
  private readonly timeWaits: number[] = []
  private timeWaitsBegin = 0
  /** Sockets whose callbacks are due: of a connection, or of its listener. */
  private readonly callbacks = new Fifo<Connection | ListeningSocket>()
  opened = 0
  closed = 0
  resets = 0

  constructor(
    private readonly base: KernelBase,
    private readonly timer: RetransmitTimer,
    readonly memory: SocketMemory,
  ) {}

  /** Connections that are open or being opened. */
  get open(): number {
    return this.table.size
  }

  /** tcp_v4_lookup(), without the listeners. */
  find({ remoteHost, remotePort, localPort }: Endpoints): Connection | undefined {
    const pair = this.pairs.get(remoteHost * ports + localPort)
    return pair === undefined ? undefined : this.table.get(pair * remotePorts + remotePort)
  }

  at(key: number): Connection | undefined {
    return this.table.get(key)
  }

  /** A new one. With a listener it is half open there; without, it was opened from here. */
  add(ends: Endpoints, listener: ListeningSocket | undefined): Connection {
    const { remoteHost, remotePort, localPort } = ends
    const address = remoteHost * ports + localPort
    let pair = this.pairs.get(address)
    if (pair === undefined) this.pairs.set(address, (pair = this.pairs.size))
    const key = pair * remotePorts + remotePort
    const own = { remoteHost, remotePort, localPort }
    const connection = new Connection(own, key, listener, this.base.engine.now)
    this.table.set(key, connection)
    this.memory.began()
    return connection
  }

  /** Of a connection that has ended here first, an address stays in TIME_WAIT for a minute. */
  forget(connection: Connection): void {
    if (!this.table.delete(connection.key)) return
    this.memory.ended(connection)
    this.timer.disarm(connection)
    connection.listener?.forgetHalfOpen(connection)
    this.closed++
    if (connection.state === TcpState.finWait) {
      this.timeWaits.push(this.base.engine.now + timeWaitNs)
    }
    connection.state = TcpState.closed
  }

  /**
   * Reset, or timed out: wakes whoever waits for it. A handshake is not yet a socket, so nobody
   * waits for it.
   */
  drop(connection: Connection): void {
    this.resets++
    const { accepted, listener } = connection
    const isSocket = connection.state !== TcpState.synReceived
    connection.finReceived = true
    connection.state = TcpState.closed
    if (isSocket) {
      if (!accepted) listener?.abandon()
      this.callbacks.push(accepted || !listener ? connection : listener)
    }
    this.forget(connection)
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

  /** A callback of a socket becomes due: state_change, write_space or data_ready. */
  callBackLater(socket: Connection | ListeningSocket): void {
    this.callbacks.push(socket)
  }

  /** Callbacks that are due. */
  get due(): number {
    return this.callbacks.length
  }

  /** Calls the next callback that is due, on `cpu`. Returns the cycles of what it wakes. */
  callBack(cpu: Cpu): number {
    const socket = this.callbacks.shift()
    if (socket === undefined) return 0
    if (!(socket instanceof Connection)) return socket.waiters.wakeUp(cpu)
    if (!socket.accepted && socket.listener) return socket.listener.waiters.wakeUp(cpu)
    const cycles = this.base.dispatcher.wakeUp(socket.waiters)
    return socket.watchers ? cycles + socket.watchers.callBack() : cycles
  }
}
