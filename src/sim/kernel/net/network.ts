/**
 * The network of a kernel: card, bottom half, TCP and the system calls on sockets, which all
 * programs share. It is idle until the first remote host is attached, which brings the card up.
 */
import { fastEthernet } from '../../machine/presets'
import type { RemoteHost } from '../../machine/remote-host'
import type { Descriptors } from '../fs/descriptors'
import type { PageFrames } from '../mm/page-frames'
import type { KernelBase } from '../sched/base'
import { BottomHalf } from './bottom-half'
import { Card } from './card'
import type { Segment } from './segment'
import { SocketCalls } from './socket-calls'
import { SocketLock } from './socket-lock'
import { Tcp } from './tcp/tcp'

export class Network {
  readonly card: Card
  readonly bottomHalf: BottomHalf
  readonly tcp: Tcp
  readonly sockets: SocketCalls
  private isUp = false
  /** Segments that the server has sent. */
  sent = 0

  constructor(base: KernelBase, frames: PageFrames, descriptors: Descriptors) {
    const mbitPerS = (base.machine.nic ?? fastEthernet).linkMbitPerS
    this.tcp = new Tcp(base, frames, (segment) => {
      this.sent++
      this.bottomHalf.send(segment)
    })
    this.card = new Card(base, mbitPerS, (segment, cpu) => this.bottomHalf.receive(segment, cpu), {
      freed: (segment) => this.tcp.freed(segment),
      interrupted: (cpu) => this.bottomHalf.callBackIn(cpu),
      room: (cpu) => this.bottomHalf.transmitSoon(cpu),
    })
    this.bottomHalf = new BottomHalf(base, this.tcp, {
      transmit: (segment, at) => this.card.transmit(segment, at),
      run: (at) => this.card.ring.run(at),
    })
    this.tcp.onCallbacks = () => this.bottomHalf.callBackNow()
    this.sockets = new SocketCalls(
      base,
      descriptors,
      this.tcp,
      new SocketLock(base, this.bottomHalf),
    )
  }

  /** A host that packets can go to and come from. Returns its address. */
  attach(host: RemoteHost<Segment>): number {
    if (!this.isUp) this.bringUp()
    return this.card.hosts.push(host) - 1
  }

  /** ifconfig up. */
  private bringUp(): void {
    this.isUp = true
    this.tcp.start()
    this.card.open()
    this.bottomHalf.open()
  }

  /** The machine is powered off. */
  halt(): void {
    this.tcp.halt()
    this.card.halt()
    this.bottomHalf.halt()
  }
}
