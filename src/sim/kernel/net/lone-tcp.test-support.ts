/** A Tcp without network and programs: what it sends is a list, and the test is the other side. */
import type { SimTime } from '../../units/time'
import { Listener } from './listener'
import type { Segment } from './segment'
import { Flag } from './segment'
import type { SmallMachine } from '../small-machine.test-support'
import { smallMachine } from '../small-machine.test-support'
import { SocketWaitQueue } from './socket-wait'
import type { Connection } from './tcp'
import { Tcp } from './tcp'

export interface Sent extends Segment {
  /** When it was sent, seconds. */
  readonly at: number
}

export interface LoneTcp {
  readonly machine: SmallMachine
  readonly tcp: Tcp
  readonly listener: Listener
  /** What was sent and nobody has taken. */
  readonly sent: Sent[]
  /** Takes out what was sent since, in words. */
  taken(): string[]
  /** Hands a segment of flow 1 to TCP, an acknowledgement of nothing unless something else is said. */
  comes(segment?: Partial<Segment>): void
  /** Advances to an instant, seconds. */
  until(seconds: number): void
  /** Calls the callbacks that are due. Returns how many they were. */
  callBack(): number
  /** Handshake of a flow, taken off the accept queue as accept would. */
  accepted(flow?: number): Connection
}

const names = Object.entries(Flag)

/** `ack push 1460+1460 ack 300`: flags, first byte and bytes, what is acknowledged. */
export function inWords({ flags, sequence, bytes, acknowledged }: Segment): string {
  const set = names.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name)
  return `${set.join(' ')} ${sequence}+${bytes} of ${acknowledged}`
}

export function loneTcp(
  options: { readonly backlog?: number; readonly mostHalfOpen?: number } = {},
): LoneTcp {
  const machine = smallMachine({ cpus: 1 })
  const { engine, kernel } = machine
  const { dispatcher } = kernel
  const sent: Sent[] = []
  const sleepers = new SocketWaitQueue(kernel.base)
  const listener = new Listener(sleepers, options.backlog ?? 100, options.mostHalfOpen ?? 100)
  const tcp = new Tcp(kernel.base, (segment) => {
    sent.push({ ...segment, at: engine.now / 1e9 })
  })
  tcp.listener = listener
  const comes = (segment: Partial<Segment> = {}): void => {
    const usual = { flow: 1, flags: Flag.ack, sequence: 0, bytes: 0, acknowledged: 0 }
    tcp.receive({ ...usual, window: 32_120, ...segment })
  }
  return {
    ...{ machine, tcp, listener, sent, comes },
    taken: () => sent.splice(0).map(inWords),
    until: (seconds) => void engine.advance(Math.round(seconds * 1e9) as SimTime),
    callBack: () => {
      const { due } = tcp
      while (tcp.due > 0) tcp.callBack(dispatcher.cpus[0]!)
      return due
    },
    accepted: (flow = 1) => {
      comes({ flow, flags: Flag.syn })
      comes({ flow })
      const connection = listener.take()
      if (connection?.flow !== flow) throw new Error(`flow ${flow} is not the one that waits`)
      connection.accepted = true
      while (tcp.due > 0) tcp.callBack(dispatcher.cpus[0]!)
      sent.length = 0
      return connection
    },
  }
}
