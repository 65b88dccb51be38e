/** The retransmission timer of each connection, with back-off (net/ipv4/tcp_timer.c). */
import type { HandlerId } from '../../../engine/engine'
import { noTimer } from '../../../engine/engine'
import { nanoseconds } from '../../../units/time'
import type { KernelBase } from '../../sched/base'
import type { Connection } from './connection'
import { maxTimeout } from './connection'

/** TCP_FIN_TIMEOUT of 2.2.1: three minutes. */
const finTimeout = nanoseconds(180e9)

export class RetransmitTimer {
  private handler = 0 as HandlerId

  constructor(private readonly base: KernelBase) {}

  /** @param expired told the key of a connection whose timer has run out */
  start(expired: (key: number) => void): void {
    this.handler = this.base.engine.handler('TCP timer', expired)
  }

  arm(connection: Connection): void {
    this.disarm(connection)
    const wait = Math.min(maxTimeout, connection.timeout * (1 << Math.min(15, connection.backoff)))
    connection.timer = this.base.engine.after(nanoseconds(wait), this.handler, connection.key)
  }

  /** FIN_WAIT_2 of a connection that nobody has open any more. */
  armFinWait(connection: Connection): void {
    this.disarm(connection)
    connection.timer = this.base.engine.after(finTimeout, this.handler, connection.key)
  }

  disarm(connection: Connection): void {
    if (connection.timer === noTimer) return
    this.base.engine.cancel(connection.timer)
    connection.timer = noTimer
  }
}
