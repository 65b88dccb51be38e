/**
 * The network card and its driver (3c59x/eepro100): frames between the server and the remote hosts
 * of its network, an interrupt for each frame that comes in, and those for sent frames.
 * Left out: the receive ring; that one interrupt may tell of both.
 */
import type { HandlerId } from '../../engine/engine'
import { Link } from '../../machine/link'
import type { RemoteHost } from '../../machine/remote-host'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { SimTime } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Cpu } from '../sched/cpu'
import type { Segment } from './segment'
import { Flag, headerBytes } from './segment'
import { ringSize, TransmitRing } from './transmit-ring'

/** What the kernel does when sent frames are freed. */
export interface SentFrames {
  /** kfree_skb(): a frame has been sent, or dropped. */
  freed(segment: Segment): void
  /** An interrupt has freed some, on `cpu`. */
  interrupted(cpu: Cpu): void
  /** A ring that was full has room: mark_bh(NET_BH), on `cpu`. */
  room(cpu: Cpu): void
}

export class Card {
  readonly inward: Link
  readonly outward: Link
  /** By address. */
  readonly hosts: RemoteHost<Segment>[] = []
  private readonly onTheWay: (Segment | undefined)[] = []
  private readonly freePlaces: number[] = []
  private arrival = 0 as HandlerId
  private delivery = 0 as HandlerId
  readonly ring: TransmitRing
  private interruptStack: StackNode = 0
  private halted = false
  received = 0
  /** Interrupts that told of sent frames. */
  sentInterrupts = 0

  constructor(
    private readonly base: KernelBase,
    mbitPerS: number,
    /** netif_rx(): takes a segment whose interrupt has been executed on `cpu`. */
    private readonly receive: (segment: Segment, cpu: Cpu) => void,
    private readonly sent: SentFrames,
  ) {
    this.inward = new Link(mbitPerS)
    this.outward = new Link(mbitPerS)
    this.ring = new TransmitRing(
      base,
      this.outward,
      (segment, left) => {
        this.trace(true, segment, left)
        const arrives = this.hosts[segment.remoteHost].dealtWith(segment, left)
        this.travel(segment, arrives, this.delivery)
      },
      () => this.onSent(),
    )
  }

  /** dev_open(): asks for the interrupts. */
  open(): void {
    const { engine, tree } = this.base
    this.arrival = engine.handler('frame arrives', (place) => this.onArrival(place))
    this.delivery = engine.handler('segment at client', (place) => this.onDelivery(place))
    const interrupt = tree.declareKernel('boomerang_interrupt', Mode.interrupt)
    this.interruptStack = tree.call(0, interrupt)
    this.ring.open()
  }

  /** dev_queue_xmit(): a segment that leaves the server at `at`. */
  transmit(segment: Segment, at: SimTime): void {
    if (!this.ring.send(segment, at)) this.sent.freed(segment)
  }

  /** The card tells that it has sent frames. */
  private onSent(): void {
    if (this.halted) return
    const { base, ring } = this
    const { cost, dispatcher } = base
    base.interrupts++
    this.sentInterrupts++
    const wasFull = ring.inRing === ringSize
    const cycles = cost.transmitInterrupt + ring.sent * cost.freeFrame
    const cpu = dispatcher.interrupt(this.interruptStack, cycles)
    for (let segment = ring.takeSent(); segment; segment = ring.takeSent()) this.sent.freed(segment)
    this.sent.interrupted(cpu)
    if (wasFull) this.sent.room(cpu)
  }

  /** A remote host sends a segment to the server. */
  fromHost(segment: Segment): void {
    const left = this.inward.send(this.base.engine.now, headerBytes + segment.bytes)
    const arrives = this.hosts[segment.remoteHost].toServer.arrival(left)
    this.travel(segment, arrives, this.arrival)
  }

  private travel(segment: Segment, arrives: number, handler: HandlerId): void {
    if (arrives < 0) return
    const place = this.freePlaces.pop() ?? this.onTheWay.length
    this.onTheWay[place] = segment
    this.base.engine.at(arrives as SimTime, handler, place)
  }

  private arrived(place: number): Segment {
    const segment = this.onTheWay[place] as Segment
    this.onTheWay[place] = undefined
    this.freePlaces.push(place)
    return segment
  }

  private onDelivery(place: number): void {
    const segment = this.arrived(place)
    if (!this.halted) this.hosts[segment.remoteHost].receive(segment)
  }

  private onArrival(place: number): void {
    const segment = this.arrived(place)
    if (this.halted) return
    const { base } = this
    if (segment.flags === Flag.syn) base.tree.onConnection?.()
    this.trace(false, segment, base.engine.now)
    this.received++
    base.interrupts++
    this.receive(
      segment,
      base.dispatcher.interrupt(this.interruptStack, base.cost.networkInterrupt),
    )
  }

  private trace(out: boolean, { bytes, flags }: Segment, endsAt: number): void {
    const { trace } = this.base.tree
    if (trace === undefined) return
    const length = (out ? this.outward : this.inward).frameNs(headerBytes + bytes)
    trace.packet(out, endsAt, length, flags, bytes)
  }

  halt(): void {
    this.halted = true
  }
}
