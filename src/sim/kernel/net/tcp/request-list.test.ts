import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import { smallMachine } from '../../small-machine.test-support'
import { loneTcp } from './lone-tcp.test-support'
import { Flag } from '../segment'
import { Connection, TcpState } from './connection'
import { RequestList } from './request-list'

const connection = (remotePort: number): Connection =>
  new Connection({ remoteHost: 0, remotePort, localPort: 80 }, remotePort, undefined, 0)

describe('the open requests of a listener', () => {
  it('stand in the order in which they came, as in an array', () => {
    const list = new RequestList(smallMachine().kernel.base)
    const random = new RandomStream(3, 'requests')
    const plain: Connection[] = []
    for (let change = 0; change < 500; change++) {
      if (plain.length === 0 || random.chance(0.55)) {
        const added = connection(change)
        list.append(added, 0)
        plain.push(added)
      } else {
        const at = random.below(plain.length)
        expect(list.walkTo(plain[at]!), `change ${change}`).toBe(at + 1)
        list.remove(plain[at]!)
        plain.splice(at, 1)
      }
      expect([...list], `change ${change}`).toEqual(plain)
      expect(list.length).toBe(plain.length)
    }
  })

  it('are passed by accept until one is established, and all of them when none is', () => {
    const { listener, comes } = loneTcp()
    for (const remotePort of [1, 2, 3, 4]) comes({ remotePort, flags: Flag.syn })
    expect([listener.take(), listener.passed]).toEqual([undefined, 4])
    comes({ remotePort: 3 })
    comes({ remotePort: 2 })
    // The first by its SYN, not by the end of its handshake.
    expect([listener.take()?.key, listener.passed]).toEqual([2, 2])
    expect([listener.take()?.key, listener.passed]).toEqual([3, 2])
    expect([listener.take(), listener.passed]).toEqual([undefined, 2])
  })

  it('are walked by the bottom half for each segment of a handshake, and that is paid for', () => {
    const { machine, tcp, comes, listener } = loneTcp({ maxHalfOpen: 200 })
    const cpu = machine.kernel.dispatcher.cpus[0]!
    const syn = (remotePort: number): number =>
      tcp.receive(
        {
          remoteHost: 0,
          remotePort,
          localPort: 80,
          flags: Flag.syn,
          sequence: 0,
          bytes: 0,
          acknowledged: 0,
          window: 32_120,
        },
        cpu,
      )
    const first = syn(1)
    for (let remotePort = 2; remotePort <= 100; remotePort++) comes({ remotePort, flags: Flag.syn })
    const { chainStep } = machine.kernel.base.cost
    expect(syn(101) - first).toBeGreaterThanOrEqual(100 * chainStep)
    expect(listener.requests.length).toBe(101)
  })

  it('keeps the place of one that ended while it waited, until a walk comes by', () => {
    const { listener, comes } = loneTcp()
    for (const remotePort of [1, 2]) {
      comes({ remotePort, flags: Flag.syn })
      comes({ remotePort })
    }
    comes({ flags: Flag.ack | Flag.reset })
    expect([listener.requests.length, listener.ready]).toEqual([2, 1])
    const taken = listener.take()
    expect([taken?.key, taken?.state, listener.requests.length]).toEqual([
      ...[2, TcpState.established, 0],
    ])
  })
})
