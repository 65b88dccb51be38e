/**
 * What TCP sends (net/ipv4/tcp_output.c): data in segments by MSS within the congestion window and
 * the other side's window, the FIN behind it, and acknowledgements.
 */
import { noTimer } from '../../../engine/engine'
import type { KernelBase } from '../../sched/base'
import type { Segment } from '../segment'
import { answerTo, Flag, segmentBytes, segmentOf } from '../segment'
import type { Connection } from './connection'
import type { RetransmitTimer } from './retransmit-timer'

export class Output {
  constructor(
    private readonly base: KernelBase,
    private readonly timer: RetransmitTimer,
    private readonly send: (segment: Segment) => void,
  ) {}

  /** tcp_write_xmit(): sends what both windows allow. Returns the cycles of it. */
  push(connection: Connection): number {
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
      // Karn: what is sent again tells nothing of the round trip.
      if (connection.timedByte < 0 && next >= connection.resentBefore) {
        connection.timedByte = next
        connection.timedSince = this.base.engine.now
      }
      const flags = Flag.ack | (carriesFin ? Flag.fin : 0) | (last ? Flag.push : 0)
      this.transmit(connection, flags, next, bytes)
      cycles += this.base.cost.tcpSend
      if (carriesFin) break
    }
    const waits = connection.unacknowledged < connection.next || connection.isStalled
    if (waits && connection.timer === noTimer) this.timer.arm(connection)
    return cycles
  }

  /** tcp_write_wakeup() at a closed window: an old byte, so that the other side answers. */
  probe(connection: Connection): void {
    this.transmit(connection, Flag.ack, connection.next - 1, 0)
  }

  acknowledge(connection: Connection): void {
    this.transmit(connection, Flag.ack, connection.next, 0)
  }

  transmit(connection: Connection, flags: number, sequence: number, bytes: number): void {
    const { ends, received } = connection
    this.send(segmentOf(ends, flags, sequence, bytes, received, 32_767))
  }

  /**
   * A segment without a connection. A repeated last FIN is acknowledged again; data, and a SYN for
   * a port without a listener, are answered by a reset; a reset is ignored. Returns the cycles.
   */
  answerStray(segment: Segment): number {
    const { flags, bytes } = segment
    const isFin = (flags & Flag.fin) !== 0
    const asks = isFin || bytes > 0 || (flags & Flag.syn) !== 0
    if ((flags & Flag.reset) !== 0 || !asks) return this.base.cost.tcpReceive
    const answer = isFin ? Flag.ack : Flag.ack | Flag.reset
    this.send(answerTo(segment, answer, 0))
    return this.base.cost.tcpReceive + this.base.cost.tcpAcknowledge
  }
}
