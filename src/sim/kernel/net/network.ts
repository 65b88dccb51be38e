/**
 * The network card and the way of a frame into the kernel (3c59x/eepro100, net/core/dev.c of 2.2): an interrupt for
 * each frame, netif_rx with its backlog of 300, and the bottom half, which one CPU at a time executes and which hands
 * packet after packet to TCP. A frame that finds the backlog full is dropped, after its interrupt has been paid for.
 * A packet is taken in at the instant at which its handling begins; what it sends and whom it wakes follow when its
 * cycles are worked off.
 * Left out: the receive ring, fragments, other protocols; that a frame of another CPU which is ready a few microseconds
 * earlier may go before one that was handed over first; the card's interrupts for sent frames come together with
 * those for received ones (assumed).
 */
import type { HandlerId } from '../../engine/engine'
import { Fifo } from '../../engine/fifo'
import type { Link } from '../../machine/link'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { SimTime } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Cpu } from '../sched/cpu'
import type { Segment } from './segment'
import { headerBytes } from './segment'

/** netdev_max_backlog. */
const mostWaiting = 300

/** What the bottom half hands packets to. */
export interface Protocol {
  /** Takes a packet in. Returns the cycles that it took, callbacks apart. */
  receive(segment: Segment): number
  /** Callbacks of sockets that are due. */
  readonly due: number
  /** Calls the next of them on `cpu`. Returns the cycles of what it wakes. */
  callBack(cpu: Cpu): number
  /** Told when callbacks are due that no packet has caused. */
  onCallbacks: () => void
}

export class Network {
  private readonly waiting = new Fifo<Segment>()
  private readonly onTheWay: (Segment | undefined)[] = []
  private readonly freePlaces: number[] = []
  private readonly arrival: HandlerId
  private readonly bottomHalf: HandlerId
  private readonly departure: HandlerId
  private readonly interruptStack: StackNode
  private readonly receiveStack: StackNode
  private readonly wakeStack: StackNode
  /** Until when the bottom half is at work; what comes before has to wait. */
  private busyUntil: SimTime = 0 as SimTime
  private continues = false
  private lastCpu: Cpu | undefined
  private halted = false
  received = 0
  sent = 0
  dropped = 0
  /** Segments that the packet in hand has made, which leave when it has been worked on. */
  private readonly leaving: Segment[] = []
  private handling = false

  constructor(
    private readonly base: KernelBase,
    private readonly inward: Link,
    private readonly outward: Link,
    private readonly protocol: Protocol,
    /** What the other side does with a segment that has come there. */
    private readonly deliver: (segment: Segment) => void,
  ) {
    const { engine, tree } = base
    this.arrival = engine.handler('frame arrives', (place) => this.onArrival(place))
    protocol.onCallbacks = () => this.onCallbacks()
    this.departure = engine.handler('segment at client', (place) => this.onDelivery(place))
    this.bottomHalf = engine.handler('net bottom half', () => this.onBottomHalf())
    const vmlinux = (name: string, mode: 1 | 3): number => tree.declare('vmlinux', name, mode)
    this.interruptStack = tree.call(0, vmlinux('boomerang_interrupt', Mode.interrupt))
    const net = tree.call(0, vmlinux('net_bh', Mode.interrupt))
    this.receiveStack = tree.call(net, vmlinux('tcp_v4_rcv', Mode.interrupt))
    this.wakeStack = tree.call(this.receiveStack, vmlinux('__wake_up', Mode.interrupt))
  }

  /** A segment from the server's side: on the wire, to the client. */
  transmit(segment: Segment): void {
    this.sent++
    if (this.handling) this.leaving.push(segment)
    else this.travel(segment, this.outward, this.departure, this.base.engine.now)
  }

  /** A segment from a client's side: on the wire, to the server. */
  fromClient(segment: Segment): void {
    this.travel(segment, this.inward, this.arrival, this.base.engine.now)
  }

  private travel(segment: Segment, link: Link, handler: HandlerId, leaves: SimTime): void {
    const arrives = link.send(leaves, headerBytes + segment.bytes)
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
    if (!this.halted) this.deliver(segment)
  }

  private onArrival(place: number): void {
    const segment = this.arrived(place)
    if (this.halted) return
    this.received++
    this.base.interrupts++
    this.lastCpu = this.base.dispatcher.interrupt(
      this.interruptStack,
      this.base.cost.networkInterrupt,
    )
    if (this.waiting.length >= mostWaiting) {
      this.dropped++
      return
    }
    if (this.continues || this.base.engine.now < this.busyUntil) {
      this.waiting.push(segment)
      this.continueLater()
    } else this.handle(segment, this.lastCpu)
  }

  private continueLater(): void {
    if (this.continues) return
    this.continues = true
    this.base.engine.at(this.busyUntil, this.bottomHalf, 0)
  }

  /** A packet through the protocol: what it causes happens when the CPU has worked off what is charged for it. */
  private handle(segment: Segment, cpu: Cpu): void {
    const { leaving } = this
    const { dispatcher } = this.base
    this.handling = true
    const cycles = this.protocol.receive(segment)
    this.handling = false
    dispatcher.interruptCpu(cpu, this.receiveStack, cycles)
    const leaves = dispatcher.timeAt(cpu)
    for (const answer of leaving) this.travel(answer, this.outward, this.departure, leaves)
    leaving.length = 0
    this.callBack(cpu)
  }

  /** Calls callbacks until so much time has passed that others may have reacted to what they woke. */
  private callBack(cpu: Cpu): void {
    const { dispatcher } = this.base
    const began = cpu.clock
    while (this.protocol.due > 0 && cpu.clock - began <= dispatcher.latencyCycles) {
      dispatcher.wakesAt = cpu.clock
      const cycles = this.protocol.callBack(cpu)
      dispatcher.wakesAt = 0
      if (cycles > 0) dispatcher.interruptCpu(cpu, this.wakeStack, cycles)
    }
    // Callbacks that no packet has caused may be called while another CPU is still at work on one.
    const until = dispatcher.timeAt(cpu)
    if (until > this.busyUntil) this.busyUntil = until
    if (this.protocol.due > 0) this.continueLater()
  }

  private onBottomHalf(): void {
    this.continues = false
    if (this.halted) return
    const cpu = this.lastCpu ?? this.base.dispatcher.cpus[0]
    // The next packet waits until what the last callback has woken is worked off, too.
    if (this.protocol.due > 0) this.callBack(cpu)
    else {
      const segment = this.waiting.shift()
      if (segment) this.handle(segment, cpu)
    }
    if (this.waiting.length > 0) this.continueLater()
  }

  private onCallbacks(): void {
    if (!this.continues) this.callBack(this.base.dispatcher.interrupt(this.wakeStack, 0))
  }

  /** Packets that wait for the bottom half. */
  get backlog(): number {
    return this.waiting.length
  }

  halt(): void {
    this.halted = true
  }
}
