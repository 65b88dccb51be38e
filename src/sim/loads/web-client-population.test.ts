import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { Engine } from '../engine/engine'
import { Flag } from '../kernel/net/segment'
import { clientsOf, respond } from './web-clients.test-support'

describe('a closed population', () => {
  /** A server that answers everything after a random time. */
  function served(connections: number, seed: number) {
    const engine = new Engine(seed)
    const random = new RandomStream(seed, 'server')
    const answer = engine.handler('answer', (remotePort) => respond(all, remotePort))
    const handshake = engine.handler('handshake', (remotePort) => {
      all.comes({ remotePort, flags: Flag.syn | Flag.ack })
      engine.after(random.between(1, 50_000_000) as never, answer, remotePort)
    })
    const all = clientsOf({ connections }, engine, ({ remotePort, flags }) => {
      if (flags === Flag.syn) engine.after(100_000 as never, handshake, remotePort)
    })
    return all
  }

  it('begins within a second, one by one, and then keeps its number', () => {
    const { clients, until, told } = served(50, 1)
    until(1)
    expect(clients.offered).toBe(0)
    clients.start()
    until(1.5)
    expect(clients.inFlight).toBeGreaterThan(10)
    expect(clients.inFlight).toBeLessThan(40)
    for (let at = 2; at < 4; at += 0.01) {
      until(at)
      expect(clients.inFlight).toBe(50)
      expect(clients.completed + clients.failed + clients.inFlight).toBe(clients.offered)
    }
    expect([clients.failed, told()]).toEqual([0, clients.offered])
    // Each takes 25 ms in the mean: fifty of them are 2,000 a second.
    expect(clients.completed).toBeGreaterThan(4000)
  })

  it('follows its number up and down', () => {
    const { clients, settings, until } = served(20, 2)
    clients.start()
    until(2)
    settings.connections = 35
    clients.adjust()
    clients.adjust()
    until(4)
    expect(clients.inFlight).toBe(35)
    settings.connections = 5
    clients.adjust()
    until(5)
    expect(clients.inFlight).toBe(5)
    settings.connections = 0
    until(6)
    const { offered } = clients
    until(8)
    expect([clients.inFlight, clients.offered, clients.completed]).toEqual([0, offered, offered])
  })
})

describe('an open population', () => {
  it.each([1, 2, 3])('arrives at random with its mean rate (seed %i)', (seed) => {
    const [rate, seconds] = [500, 20]
    const { clients, sent, until } = clientsOf({ connections: 0, rate }, new Engine(seed))
    clients.start()
    // No answer comes, and none has been repeated yet: after 3 s they are, so that only first SYNs
    // count.
    until(seconds)
    const known = new Set<number>()
    const arrivals = sent.filter(
      ({ remotePort }) => !known.has(remotePort) && known.add(remotePort),
    )
    const mean = rate * seconds
    expect(arrivals).toHaveLength(clients.offered)
    expect(Math.abs(arrivals.length - mean)).toBeLessThan(4 * Math.sqrt(mean))
    // Exponential gaps: 1/e of them are longer than the mean.
    const long = arrivals.filter(({ at }, index) => at - (arrivals[index - 1]?.at ?? 0) > 1 / rate)
    expect(long.length / arrivals.length).toBeCloseTo(Math.exp(-1), 1)
    expect(clients.inFlight).toBe(clients.offered)
  })

  it('ends when its rate is 0 and begins again when it is not', () => {
    const { clients, settings, until } = clientsOf({ connections: 0, rate: 100 })
    clients.start()
    until(2)
    settings.rate = 0
    until(3)
    const { offered } = clients
    until(5)
    expect(clients.offered).toBe(offered)
    clients.adjust()
    until(6)
    expect(clients.offered).toBe(offered)
    settings.rate = 100
    clients.adjust()
    clients.adjust()
    until(16)
    expect(Math.abs(clients.offered - offered - 1000)).toBeLessThan(4 * Math.sqrt(1000))
  })
})
