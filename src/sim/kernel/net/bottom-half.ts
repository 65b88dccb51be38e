/**
 * The way of a packet from the card to TCP (net/core/dev.c of 2.2): netif_rx with its backlog of
 * 300, and the bottom half, which runs on one CPU at a time and hands packets to TCP. A packet that
 * finds the backlog full is dropped after its interrupt has been charged. A packet takes effect
 * when its handling begins; what it sends and whom it wakes follow when its cycles are done.
 * Left out: fragments, other protocols. A packet on another CPU that is ready a few microseconds
 * earlier may overtake one that was queued first.
 */
import type { HandlerId } from '../../engine/engine'
import { Fifo } from '../../engine/fifo'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { SimTime } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Cpu } from '../sched/cpu'
import type { Segment } from './segment'

/** netdev_max_backlog. */
const maxBacklog = 300
/** Cycles of one look at it by a CPU that waits (assumed: a load and a branch, a few times). */
const aLook = 25

/** What the bottom half hands packets to. */
export interface Protocol {
  /** Takes a packet in on `cpu`. Returns the cycles that it took, callbacks apart. */
  receive(segment: Segment, cpu: Cpu): number
  /** Callbacks of sockets that are due. */
  readonly due: number
  /** Calls the next of them on `cpu`. Returns the cycles of what it wakes. */
  callBack(cpu: Cpu): number
}

/** What it sends by. */
export interface Device {
  /** dev_queue_xmit(): a segment leaves at `at`. */
  transmit(segment: Segment, at: SimTime): void
  /** qdisc_run_queues() at `at`. */
  run(at: SimTime): void
}

export class BottomHalf {
  private readonly waiting = new Fifo<Segment>()
  private handler = 0 as HandlerId
  private receiveStack: StackNode = 0
  private wakeStack: StackNode = 0
  private spinStack: StackNode = 0
  /** Busy until then; packets that arrive earlier wait. */
  private busyUntil = -Infinity as SimTime
  /** The same in the cycles of the CPU that executes it, and when it began there. */
  private busyFromCycles: Cycles = 0
  private busyUntilCycles: Cycles = 0
  private continues = false
  private lastCpu: Cpu | undefined
  private busyCpu: Cpu | undefined
  private halted = false
  /** The queue of the device is to be run when all packets have been handled. */
  private queueWaits = false
  dropped = 0
  /** Segments caused by the current packet, sent when its cycles are done. */
  private readonly leaving: Segment[] = []
  private handling = false

  constructor(
    private readonly base: KernelBase,
    private readonly protocol: Protocol,
    private readonly device: Device,
  ) {}

  /** net_dev_init(). */
  open(): void {
    const { engine, tree } = this.base
    this.handler = engine.handler('net bottom half', () => this.run())
    const declare = (name: string): number => tree.declareKernel(name, Mode.interrupt)
    const net = tree.call(0, declare('net_bh'))
    this.receiveStack = tree.call(net, declare('tcp_v4_rcv'))
    this.wakeStack = tree.call(this.receiveStack, declare('__wake_up'))
    this.spinStack = this.base.dispatcher.waitQueueLock.spinStack(this.wakeStack)
  }

  /**
   * A segment that the server sends. One that a packet has caused leaves when the packet's cycles
   * are done.
   */
  send(segment: Segment): void {
    if (this.handling) this.leaving.push(segment)
    else this.device.transmit(segment, this.base.engine.now)
  }

  /** netif_rx(), in the interrupt of a frame on `cpu`. */
  receive(segment: Segment, cpu: Cpu): void {
    this.lastCpu = cpu
    if (this.waiting.length >= maxBacklog) {
      this.dropped++
      return
    }
    if (this.continues || this.base.engine.now < this.busyUntil) {
      this.waiting.push(segment)
      this.continueLater()
    } else this.handle(segment, cpu)
  }

  private continueLater(): void {
    if (this.continues) return
    this.continues = true
    this.base.engine.at(this.busyUntil, this.handler, 0)
  }

  /**
   * A packet through the protocol: what it causes happens when the CPU has worked off what is
   * charged for it.
   */
  private handle(segment: Segment, cpu: Cpu): void {
    const { leaving } = this
    const { dispatcher } = this.base
    this.handling = true
    this.beginsOn(cpu)
    const cycles = this.protocol.receive(segment, cpu)
    this.handling = false
    dispatcher.interruptCpu(cpu, this.receiveStack, cycles)
    const leaves = dispatcher.timeAt(cpu)
    for (const answer of leaving) this.device.transmit(answer, leaves)
    while (leaving.length > 0) leaving.pop()
    this.callBack(cpu)
  }

  /**
   * Calls callbacks until so much time has passed that others may have reacted to what they woke.
   */
  private callBack(cpu: Cpu, inBottomHalf = true): void {
    const { dispatcher } = this.base
    const began = cpu.clock
    dispatcher.executing = cpu
    while (this.protocol.due > 0 && cpu.clock - began <= dispatcher.latencyCycles) {
      dispatcher.wakesAt = cpu.clock
      const cycles = this.protocol.callBack(cpu)
      dispatcher.wakesAt = 0
      const spun = dispatcher.waitQueueLock.takeSpun()
      if (spun > 0) dispatcher.interruptCpu(cpu, this.spinStack, spun)
      if (cycles > spun) dispatcher.interruptCpu(cpu, this.wakeStack, cycles - spun)
    }
    // Callbacks that no packet has caused may be called while another CPU is still at work on one.
    const until = dispatcher.timeAt(cpu)
    if ((inBottomHalf || this.protocol.due > 0) && until > this.busyUntil) {
      this.busyUntil = until
      this.busyUntilCycles = cpu.clock
    }
    if (this.protocol.due > 0) this.continueLater()
  }

  private run(): void {
    this.continues = false
    if (this.halted) return
    const cpu = this.lastCpu ?? this.base.dispatcher.cpus[0]
    // The next packet waits until what the last callback has woken is worked off, too.
    if (this.protocol.due > 0) this.callBack(cpu)
    else {
      const segment = this.waiting.shift()
      if (segment) this.handle(segment, cpu)
      else if (this.queueWaits) {
        this.queueWaits = false
        this.device.run(this.base.engine.now)
      }
    }
    if (this.waiting.length > 0 || this.queueWaits) this.continueLater()
  }

  /** mark_bh(NET_BH) on `cpu`, so that the queue of the device is run: now, or at its end. */
  transmitSoon(cpu: Cpu): void {
    const { engine, dispatcher } = this.base
    if (this.continues || engine.now < this.busyUntil) {
      this.queueWaits = true
      this.continueLater()
    } else this.device.run(dispatcher.timeAt(cpu))
  }

  /** Callbacks that are due in an interrupt on `cpu`, unless the bottom half is at work. */
  callBackIn(cpu: Cpu): void {
    if (this.protocol.due === 0) return
    if (this.continues || this.base.engine.now < this.busyUntil) this.continueLater()
    else this.callBack(cpu, false)
  }

  /** Callbacks are due that no packet has caused. */
  callBackNow(): void {
    if (!this.continues) this.callBack(this.base.dispatcher.interrupt(this.wakeStack, 0))
  }

  /** A CPU that is in schedule() has interrupts off: its clock says when it comes to it. */
  private beginsOn(cpu: Cpu): void {
    this.busyCpu = cpu
    if (cpu.clock > this.busyUntilCycles) this.busyFromCycles = cpu.clock
  }

  /**
   * Cycles for which it is at work as a CPU sees it that has come to `at`: 0 when it is not, and on
   * the CPU that executes it, which does nothing else meanwhile.
   */
  busyFor(cpu: Cpu, at: Cycles): Cycles {
    if (cpu === this.busyCpu || at < this.busyFromCycles) return 0
    if (at < this.busyUntilCycles) return this.busyUntilCycles - at
    return this.continues ? aLook : 0
  }

  /** Packets that wait for it. */
  get backlog(): number {
    return this.waiting.length
  }

  halt(): void {
    this.halted = true
  }
}
