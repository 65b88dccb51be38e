/**
 * The way out: the queue of the device (pfifo_fast, net/sched/sch_generic.c of 2.2.1; all of TCP is
 * in one band) and the transmit ring of the card (drivers/net/3c59x.c, boomerang_start_xmit). A
 * frame that finds the queue full is dropped, and TCP is not told: its timer finds out. The card
 * interrupts when it has sent the newest frame of the ring, or the last but one of a full ring;
 * then what was sent is freed, and a ring that was full is filled from the queue.
 * Left out: bands; the FIFO on the card: a frame is sent when its end is on the wire.
 */
import type { HandlerId, TimerId } from '../../engine/engine'
import { noTimer } from '../../engine/engine'
import { Fifo } from '../../engine/fifo'
import { NumberFifo } from '../../engine/number-fifo'
import type { Link } from '../../machine/link'
import type { SimTime } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Segment } from './segment'
import { headerBytes } from './segment'

/** TX_RING_SIZE of 3c59x.c. */
export const ringSize = 16
/** dev->tx_queue_len of Ethernet; pfifo_fast takes one more. */
export const maxQueued = 100 + 1

export class TransmitRing {
  private readonly queue = new Fifo<Segment>()
  /** Frames that the card has and nobody has freed, oldest first, and when each has been sent. */
  private readonly held = new Fifo<Segment>()
  private readonly ends = new NumberFifo()
  private handler = 0 as HandlerId
  /** The interrupt of the newest frame, while it is to come. */
  private newest: TimerId = noTimer
  private newestNumber = 0
  /** Frames that the queue had no room for. */
  dropped = 0

  constructor(
    private readonly base: KernelBase,
    private readonly link: Link,
    /** A frame goes out, and its end leaves at `left`. */
    private readonly leaves: (segment: Segment, left: number) => void,
    /** The card interrupts. */
    private readonly interrupts: () => void,
  ) {}

  open(): void {
    this.handler = this.base.engine.handler('frame sent', (number) => {
      if (number === this.newestNumber) this.newest = noTimer
      this.interrupts()
    })
  }

  /** Frames in the queue, and in the ring. */
  get queued(): number {
    return this.queue.length
  }
  get inRing(): number {
    return this.held.length
  }

  /** dev_queue_xmit() at `at`. False: the frame was dropped. */
  send(segment: Segment, at: SimTime): boolean {
    if (this.queue.length >= maxQueued) {
      this.dropped++
      return false
    }
    this.queue.push(segment)
    this.run(at)
    return true
  }

  /** qdisc_run_queues(): the queue into the ring, while that has room. */
  run(at: SimTime): void {
    while (this.held.length < ringSize) {
      const segment = this.queue.shift()
      if (!segment) return
      this.start(segment, at)
    }
  }

  /** boomerang_start_xmit(). */
  private start(segment: Segment, at: SimTime): void {
    const { engine } = this.base
    const left = this.link.send(at, headerBytes + segment.bytes)
    this.held.push(segment)
    this.ends.push(left)
    // Only when the ring is full does the frame before keep its interrupt.
    if (this.newest !== noTimer && this.held.length < ringSize) engine.cancel(this.newest)
    this.newest = engine.at(left as SimTime, this.handler, ++this.newestNumber)
    this.leaves(segment, left)
  }

  /** Takes out the oldest frame that has been sent; undefined: none is left. */
  takeSent(): Segment | undefined {
    if (this.ends.at(0) > this.base.engine.now) return undefined
    this.ends.shift()
    return this.held.shift()
  }

  /** Frames of the ring that have been sent by now. */
  get sent(): number {
    const { now } = this.base.engine
    let sent = 0
    while (this.ends.at(sent) <= now) sent++
    return sent
  }
}
