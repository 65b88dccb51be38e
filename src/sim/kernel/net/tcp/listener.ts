/**
 * A listening socket: its open requests, half open or waiting for accept, in the order of their
 * SYNs, and who waits in accept. A connection that ends while it waits for accept leaves an empty
 * place in the list, which is skipped later.
 */
import type { AcceptWaitQueue } from '../accept-wait-queue'
import type { Connection, ListeningSocket } from './connection'
import { TcpState } from './connection'
import type { RequestList } from './request-list'

/**
 * SOMAXCONN and sysctl_max_syn_backlog of 2.2: the longest backlog that is granted, and handshakes
 * under way.
 */
export const defaultMaxBacklog = 128
export const defaultMaxHalfOpen = 128

/** tcp_find_established() takes one that is closed, too. */
const isEstablished = ({ state }: Connection): boolean => state !== TcpState.synReceived

export class Listener implements ListeningSocket {
  /** Incomplete handshakes. */
  halfOpen = 0
  /** Open connections that wait for accept. */
  ready = 0
  /** Requests that the last `take` looked at. */
  passed = 0
  overflows = 0

  constructor(
    readonly port: number,
    readonly waiters: AcceptWaitQueue,
    readonly requests: RequestList,
    readonly backlog: number,
    readonly maxHalfOpen = defaultMaxHalfOpen,
  ) {}

  /** tcp_acceptq_is_full. */
  get isFull(): boolean {
    return this.ready > this.backlog
  }

  /** tcp_v4_conn_request(), on `cpu`. */
  begin(connection: Connection, cpu: number): void {
    connection.isHalfOpen = true
    this.halfOpen++
    this.requests.append(connection, cpu)
  }

  /** Its handshake is complete. */
  push(connection: Connection): void {
    this.requests.establish(connection)
    this.ready++
  }

  /** The open connection whose SYN came first; undefined: none waits. */
  take(): Connection | undefined {
    this.passed = 0
    for (;;) {
      const connection = this.requests.first
      this.passed += this.requests.walkTo(connection)
      if (connection === undefined) return undefined
      this.requests.remove(connection)
      if (connection.state === TcpState.closed) continue
      this.ready--
      return connection
    }
  }

  forgetHalfOpen(connection: Connection): void {
    if (!connection.isHalfOpen) return
    connection.isHalfOpen = false
    this.halfOpen--
    if (connection.state !== TcpState.established) this.requests.remove(connection)
  }

  abandon(): void {
    this.ready--
  }

  /** Those whose handshake is incomplete, oldest first. */
  *opening(): IterableIterator<Connection> {
    for (const connection of this.requests) if (connection.isHalfOpen) yield connection
  }

  /** The connections that have waited longest, at most `max`. */
  oldest(max: number): Connection[] {
    const oldest: Connection[] = []
    for (const connection of this.requests) {
      if (oldest.length === max) break
      if (isEstablished(connection) && connection.state !== TcpState.closed) oldest.push(connection)
    }
    return oldest
  }
}
