/**
 * The network card and the way of a frame into the kernel (3c59x/eepro100, net/core/dev.c of 2.2): an interrupt for
 * each frame, netif_rx with its backlog of 300, and the bottom half, which one CPU at a time executes and which hands
 * packet after packet to TCP. A frame that finds the backlog full is dropped, after its interrupt has been paid for.
 * Left out: the receive ring, fragments, other protocols; the card's interrupts for sent frames come together with
 * those for received ones (assumed).
 */
import type { Engine, HandlerId } from '../engine/engine'
import type { Link } from '../machine/link'
import type { StackNode } from '../observe/call-tree'
import { Mode } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import { cost } from './costs'
import type { Cpu, Dispatcher } from './dispatcher'
import type { Segment } from './segment'
import { headerBytes } from './segment'

/** netdev_max_backlog. */
const mostWaiting = 300

/** What the bottom half hands a packet to. Returns the cycles that it took, wake-ups apart. */
export type PacketHandler = (segment: Segment, cpu: Cpu) => number

export class Network {
  private readonly waiting: Segment[] = []
  private readonly onTheWay: (Segment | undefined)[] = []
  private readonly freePlaces: number[] = []
  private readonly arrival: HandlerId
  private readonly bottomHalf: HandlerId
  private readonly departure: HandlerId
  private readonly interruptStack: StackNode
  private readonly receiveStack: StackNode
  private readonly wakeStack: StackNode
  private active = false
  private lastCpu: Cpu | undefined
  private halted = false
  received = 0
  sent = 0
  dropped = 0
  /** Cycles of wake-ups during the packet that is being handled. */
  private wakeCycles = 0
  private handling = false

  constructor(
    private readonly engine: Engine,
    private readonly dispatcher: Dispatcher,
    private readonly inward: Link,
    private readonly outward: Link,
    private readonly receive: PacketHandler,
    /** What the other side does with a segment that has come there. */
    private readonly deliver: (segment: Segment) => void,
    private readonly onInterrupt: () => void,
  ) {
    this.arrival = engine.handler('frame arrives', (place) => this.onArrival(place))
    this.departure = engine.handler('segment at client', (place) => this.onDelivery(place))
    this.bottomHalf = engine.handler('net bottom half', () => this.onBottomHalf())
    const { tree } = dispatcher
    const vmlinux = (name: string, mode: 1 | 3): number => tree.declare('vmlinux', name, mode)
    this.interruptStack = tree.call(0, vmlinux('boomerang_interrupt', Mode.interrupt))
    const net = tree.call(0, vmlinux('net_bh', Mode.interrupt))
    this.receiveStack = tree.call(net, vmlinux('tcp_v4_rcv', Mode.interrupt))
    this.wakeStack = tree.call(this.receiveStack, vmlinux('__wake_up', Mode.interrupt))
  }

  /** A segment from the server's side: on the wire, to the client. */
  transmit(segment: Segment): void {
    this.sent++
    this.travel(segment, this.outward, this.departure)
  }

  /** A segment from a client's side: on the wire, to the server. */
  fromClient(segment: Segment): void {
    this.travel(segment, this.inward, this.arrival)
  }

  private travel(segment: Segment, link: Link, handler: HandlerId): void {
    const arrives = link.send(this.engine.now, headerBytes + segment.bytes)
    if (arrives < 0) return
    const place = this.freePlaces.pop() ?? this.onTheWay.length
    this.onTheWay[place] = segment
    this.engine.at(arrives as SimTime, handler, place)
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
    this.onInterrupt()
    this.lastCpu = this.dispatcher.interrupt(this.interruptStack, cost.networkInterrupt)
    if (this.waiting.length >= mostWaiting) {
      this.dropped++
      return
    }
    this.waiting.push(segment)
    if (this.active) return
    this.active = true
    this.continueOn(this.lastCpu)
  }

  /** The bottom half goes on when the CPU has worked off what was charged to it. */
  private continueOn(cpu: Cpu): void {
    this.engine.at(this.dispatcher.timeAt(cpu), this.bottomHalf, 0)
  }

  private onBottomHalf(): void {
    if (this.halted) return
    const segment = this.waiting.shift()
    const cpu = this.lastCpu ?? this.dispatcher.cpus[0]
    if (segment) {
      this.wakeCycles = 0
      this.handling = true
      const cycles = this.receive(segment, cpu)
      this.handling = false
      this.dispatcher.interruptCpu(cpu, this.receiveStack, cycles)
      if (this.wakeCycles > 0) this.dispatcher.interruptCpu(cpu, this.wakeStack, this.wakeCycles)
    }
    this.active = this.waiting.length > 0
    if (this.active) this.continueOn(cpu)
  }

  /** Cycles of waking that a packet or a timer has caused. */
  noteWake(cycles: number): void {
    if (this.handling) this.wakeCycles += cycles
    else this.dispatcher.interrupt(this.wakeStack, cycles)
  }

  /** Packets that wait for the bottom half. */
  get backlog(): number {
    return this.waiting.length
  }

  halt(): void {
    this.halted = true
  }
}
