/**
 * A listening socket: its SYN queue, its accept queue, and who waits in accept. A connection that
 * ends while it waits for accept leaves an empty place in the queue, which is skipped later.
 */
import { Fifo } from '../../../engine/fifo'
import type { AcceptWaitQueue } from '../accept-wait-queue'
import type { Connection, ListeningSocket } from './connection'
import { TcpState } from './connection'

/**
 * SOMAXCONN and sysctl_max_syn_backlog of 2.2: the longest backlog that is granted, and handshakes
 * under way.
 */
export const defaultMaxBacklog = 128
export const defaultMaxHalfOpen = 128

export class Listener implements ListeningSocket {
  /** Incomplete handshakes, by key, oldest first. */
  readonly halfOpen = new Map<number, Connection>()
  private readonly line = new Fifo<Connection>()
  /** Open connections that wait for accept. */
  ready = 0
  overflows = 0

  constructor(
    readonly port: number,
    readonly waiters: AcceptWaitQueue,
    readonly backlog: number,
    readonly maxHalfOpen = defaultMaxHalfOpen,
  ) {}

  /** tcp_acceptq_is_full. */
  get isFull(): boolean {
    return this.ready > this.backlog
  }

  push(connection: Connection): void {
    this.line.push(connection)
    this.ready++
  }

  /** The connection that has waited longest; undefined: none waits. */
  take(): Connection | undefined {
    for (;;) {
      const connection = this.line.shift()
      if (connection === undefined) return undefined
      if (connection.state === TcpState.closed) continue
      this.ready--
      return connection
    }
  }

  forgetHalfOpen(connection: Connection): void {
    this.halfOpen.delete(connection.key)
  }

  abandon(): void {
    this.ready--
  }

  /** The connections that have waited longest, at most `max`. */
  oldest(max: number): Connection[] {
    return this.line.first(max, ({ state }) => state !== TcpState.closed)
  }
}
