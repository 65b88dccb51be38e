/** A Tcp without network and programs: it sends to a list, and the test is the other side. */
import type { SimTime } from '../../../units/time'
import type { Listener } from './listener'
import type { Segment } from '../segment'
import { Flag } from '../segment'
import type { SmallMachine } from '../../small-machine.test-support'
import { TaskState } from '../../sched/task'
import { smallMachine, start } from '../../small-machine.test-support'
import type { Connection } from './connection'
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
  /**
   * Hands a segment of remote port 1 to TCP, an acknowledgement of nothing unless something else is
   * said.
   */
  comes(segment?: Partial<Segment>): void
  /** Advances to an instant, seconds. */
  until(seconds: number): void
  /** Calls the callbacks that are due. Returns how many they were. */
  callBack(): number
  /** Handshake of a remote port, taken off the accept queue as accept would. */
  accepted(remotePort?: number): Connection
}

/** Where the listener listens. */
export const localPort = 80

const names = Object.entries(Flag)

/** `ack push 1460+1460 ack 300`: flags, first byte and bytes, what is acknowledged. */
export function inWords({ flags, sequence, bytes, acknowledged }: Segment): string {
  const set = names.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name)
  return `${set.join(' ')} ${sequence}+${bytes} of ${acknowledged}`
}

export function loneTcp(
  options: { readonly backlog?: number; readonly maxHalfOpen?: number } = {},
): LoneTcp {
  const machine = smallMachine({ cpus: 1 })
  const { engine, kernel } = machine
  const { dispatcher } = kernel
  const sent: Sent[] = []
  const tcp = new Tcp(kernel.base, kernel.frames, (segment) => {
    sent.push({ ...segment, at: engine.now / 1e9 })
  })
  tcp.start()
  tcp.maxHalfOpen = options.maxHalfOpen ?? 100
  const listener = tcp.listen(localPort, options.backlog ?? 100)
  if (!listener) throw new Error('somebody listens already')
  const comes = (segment: Partial<Segment> = {}): void => {
    const received = {
      remoteHost: 0,
      remotePort: 1,
      localPort,
      flags: Flag.ack,
      sequence: 0,
      bytes: 0,
      acknowledged: 0,
      window: 32_120,
      ...segment,
    }
    tcp.receive(received, dispatcher.cpus[0]!)
  }
  return {
    machine,
    tcp,
    listener,
    sent,
    comes,
    taken: () => sent.splice(0).map(inWords),
    until: (seconds) => void engine.advance(Math.round(seconds * 1e9) as SimTime),
    callBack: () => {
      const { due } = tcp
      while (tcp.due > 0) tcp.callBack(dispatcher.cpus[0]!)
      return due
    },
    accepted: (remotePort = 1) => {
      comes({ remotePort, flags: Flag.syn })
      comes({ remotePort })
      const connection = listener.take()
      if (connection?.ends.remotePort !== remotePort)
        throw new Error(`port ${remotePort} is not the one that waits`)
      connection.accepted = true
      while (tcp.due > 0) tcp.callBack(dispatcher.cpus[0]!)
      sent.length = 0
      return connection
    },
  }
}

/**
 * A process that sleeps on a connection. The function that is returned tells whether it has woken
 * up.
 */
export function asleepOn({ machine }: LoneTcp, connection: Connection): () => boolean {
  const { dispatcher } = machine.kernel
  let awake = false
  start(machine, function* (task) {
    yield* dispatcher.sleepOn(task, connection.waiters, TaskState.interruptible)
    awake = true
  })
  return () => awake
}
