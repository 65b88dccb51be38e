/** The retransmission timer of each connection, with back-off (net/ipv4/tcp_timer.c). */
import type { HandlerId } from '../../../engine/engine'
import { noTimer } from '../../../engine/engine'
import { nanoseconds } from '../../../units/time'
import type { KernelBase } from '../../sched/base'
import type { Connection } from './connection'
import { maxTimeout } from './connection'

export class RetransmitTimer {
  private handler = 0 as HandlerId

  constructor(private readonly base: KernelBase) {}

  /** @param expired told the key of a connection whose timer has run out */
  start(expired: (key: number) => void): void {
    this.handler = this.base.engine.handler('TCP timer', expired)
  }

  arm(connection: Connection): void {
    this.disarm(connection)
    const wait = Math.min(maxTimeout, connection.timeout * (1 << connection.tries))
    connection.timer = this.base.engine.after(nanoseconds(wait), this.handler, connection.key)
  }

  disarm(connection: Connection): void {
    if (connection.timer === noTimer) return
    this.base.engine.cancel(connection.timer)
    connection.timer = noTimer
  }
}
