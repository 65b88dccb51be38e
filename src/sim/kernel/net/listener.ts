/**
 * A listening socket: its SYN queue, its accept queue, and who sleeps in accept. A connection that ends while it waits
 * for accept leaves its place in the line empty, and is passed over when its turn comes.
 */
import { Fifo } from '../../engine/fifo'
import type { SocketWaitQueue } from './socket-wait'
import type { Connection } from './tcp'
import { TcpState } from './tcp'

/** SOMAXCONN and sysctl_max_syn_backlog of 2.2: the most that a backlog is granted, and handshakes under way. */
export const defaultMostListening = 128
export const defaultMostHalfOpen = 128

export class Listener {
  /** Handshakes not yet at their end, by flow, oldest first. */
  readonly halfOpen = new Map<number, Connection>()
  private readonly line = new Fifo<Connection>()
  /** Open connections that wait for accept. */
  ready = 0
  overflows = 0

  constructor(
    readonly sleepers: SocketWaitQueue,
    readonly backlog: number,
    readonly mostHalfOpen = defaultMostHalfOpen,
  ) {}

  /** tcp_acceptq_is_full. */
  get isFull(): boolean {
    return this.ready > this.backlog
  }

  /** A handshake has come to its end. */
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

  /** A connection has ended before anybody accepted it. */
  abandon(): void {
    this.ready--
  }

  /** The connections that have waited longest, at most `most`. */
  oldest(most: number): Connection[] {
    return this.line.first(most, ({ state }) => state !== TcpState.closed)
  }
}
