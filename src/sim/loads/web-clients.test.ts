import { describe, expect, it } from 'vitest'
import { Engine } from '../engine/engine'
import { RandomStream } from '../engine/random'
import type { Sent } from '../kernel/net/lone-tcp.test-support'
import { inWords, loneTcp } from '../kernel/net/lone-tcp.test-support'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import type { Connection } from '../kernel/net/tcp'
import { TcpState } from '../kernel/net/tcp'
import { RoughWay } from '../kernel/net/tcp-peer.test-support'
import type { SimTime } from '../units/time'
import type { ClientSettings } from './web-clients'
import { WebClients } from './web-clients'

interface Load {
  connections: number
  rate: number
  requestBytes: number
  responseBytes: number
  slowReaderNs: number
}

const usual: Load = {
  ...{ connections: 1, rate: 0, requestBytes: 300 },
  ...{ responseBytes: 7300, slowReaderNs: 0 },
}

/** Clients, what they have sent, and what they said of their work. */
function clientsOf(
  load: Partial<Load> = {},
  engine = new Engine(1),
  toServer?: (segment: Segment) => void,
) {
  const settings = { ...usual, ...load }
  const read = (name: keyof Load) => () => settings[name]
  const sent: Sent[] = []
  const ended: { seconds: number; failed: boolean }[] = []
  let told = 0
  const clients = new WebClients(
    engine,
    engine.stream('clients'),
    Object.fromEntries(
      (Object.keys(settings) as (keyof Load)[]).map((name) => [name, read(name)]),
    ) as unknown as ClientSettings,
    (segment) => {
      sent.push({ ...segment, at: engine.now / 1e9 })
      toServer?.(segment)
    },
    {
      offered: (count) => void (told += count),
      ended: (seconds, failed) => void ended.push({ seconds, failed }),
      roundBegan: () => undefined,
      roundEnded: () => undefined,
    },
  )
  return {
    ...{ engine, settings, clients, sent, ended },
    told: () => told,
    taken: () => sent.splice(0).map(inWords),
    until: (seconds: number) => void engine.advance(Math.round(seconds * 1e9) as SimTime),
    comes: (segment: Partial<Segment> = {}) =>
      void clients.receive({
        ...{ flow: 1, flags: Flag.ack, sequence: 0, bytes: 0, acknowledged: 0, window: 32_767 },
        ...segment,
      }),
  }
}

/** One client that has sent its request. */
function waiting(load: Partial<Load> = {}) {
  const one = clientsOf(load)
  one.clients.start()
  one.until(1)
  one.comes({ flags: Flag.syn | Flag.ack })
  one.sent.length = 0
  return one
}

/** The whole response, and the server's FIN on its last segment. */
function respond({ comes }: Pick<ReturnType<typeof clientsOf>, 'comes'>, flow = 1, bytes = 7300) {
  for (let sequence = 0; sequence < bytes; sequence += 1460) {
    comes({ flow, sequence, bytes: Math.min(1460, bytes - sequence), acknowledged: 300 })
  }
  comes({ flow, flags: Flag.ack | Flag.fin, sequence: bytes, acknowledged: 300 })
}

describe('a connection', () => {
  it('is SYN, request, response up to the FIN, FIN', () => {
    const { clients, taken, comes, until, ended, told } = clientsOf()
    clients.start()
    until(1)
    expect(taken()).toEqual(['syn 0+0 of 0'])
    comes({ flags: Flag.syn | Flag.ack })
    expect(taken()).toEqual(['ack 0+0 of 0', 'ack push 0+300 of 0'])
    until(1.5)
    respond({ comes })
    expect(taken()).toEqual([
      ...['ack 300+0 of 2920', 'ack 300+0 of 5840', 'ack fin 300+0 of 7301'],
      // The next one begins where this one ends.
      'syn 0+0 of 0',
    ])
    expect([clients.offered, told(), clients.completed, clients.failed]).toEqual([2, 2, 1, 0])
    expect(ended).toHaveLength(1)
    expect(ended[0]!.seconds).toBeGreaterThan(0.5)
  })

  it('acknowledges every second segment, and at once what carries PUSH', () => {
    const { comes, taken } = waiting()
    const heard: string[][] = []
    for (let index = 0; index < 5; index++) {
      const flags = index === 4 ? Flag.ack | Flag.push : Flag.ack
      comes({ flags, sequence: index * 1460, bytes: 1460 })
      heard.push(taken())
    }
    expect(heard).toEqual([
      ...[[], ['ack 300+0 of 2920'], [], ['ack 300+0 of 5840']],
      ['ack 300+0 of 7300'],
    ])
  })

  it('acknowledges at once what is out of order or repeated, and takes neither', () => {
    const { comes, taken, clients } = waiting()
    comes({ sequence: 1460, bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 0'])
    comes({ sequence: 7300, flags: Flag.ack | Flag.fin })
    expect(taken()).toEqual(['ack 300+0 of 0'])
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 2920'])
    comes({ bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 2920'])
    expect(clients.inFlight).toBe(1)
  })

  it('answers the SYN-ACK once more when it is repeated, and asks once', () => {
    const { comes, taken } = waiting()
    comes({ flags: Flag.syn | Flag.ack })
    expect(taken()).toEqual(['ack 0+0 of 0'])
  })

  it('answers the end of the response again when it is over: its last answer was lost', () => {
    const { settings, comes, taken } = waiting()
    settings.connections = 0
    respond({ comes })
    taken()
    comes({ flags: Flag.ack | Flag.fin, sequence: 7300, acknowledged: 300 })
    expect(taken()).toEqual(['ack fin 300+0 of 7301'])
    // The server goes back to the first byte that is not acknowledged, with one segment that is not the last.
    comes({ sequence: 2920, bytes: 1460, acknowledged: 300 })
    comes({ flags: Flag.ack | Flag.fin, sequence: 4380, bytes: 2920, acknowledged: 300 })
    expect(taken()).toEqual(['ack fin 300+0 of 4380', 'ack fin 300+0 of 7301'])
    comes({ acknowledged: 301 })
    expect(taken()).toEqual([])
  })

  it.each([
    [7299, true],
    [7300, false],
    [7301, true],
    [0, true],
  ])('with a response of %i bytes where 7,300 are right: failed is %s', (bytes, failed) => {
    const { clients, comes, ended } = waiting()
    respond({ comes }, 1, bytes)
    expect(ended.map((end) => end.failed)).toEqual([failed])
    expect([clients.completed, clients.failed]).toEqual(failed ? [0, 1] : [1, 0])
  })

  it('that is reset has failed, in each of its states', () => {
    const { clients, comes, until } = clientsOf()
    clients.start()
    until(1)
    comes({ flow: 1, flags: Flag.reset })
    comes({ flow: 2, flags: Flag.syn | Flag.ack })
    comes({ flow: 2, flags: Flag.reset })
    comes({ flow: 3, flags: Flag.syn | Flag.ack })
    comes({ flow: 3, bytes: 1460 })
    comes({ flow: 3, flags: Flag.reset })
    comes({ flow: 3, flags: Flag.reset })
    expect([clients.offered, clients.failed, clients.inFlight]).toEqual([4, 3, 1])
  })
})

describe('a client that hears nothing', () => {
  const steps = [0, 3, 9, 21, 45, 93, 189]

  it('repeats its SYN after 3, 6, 12, 24, 48 s and has failed 96 s later, with a reset', () => {
    const { clients, sent, settings, until, ended } = clientsOf()
    clients.start()
    until(1)
    settings.connections = 0
    until(300)
    const first = sent[0]!.at
    expect(sent.map(({ at }) => Math.round((at - first) * 1e6) / 1e6)).toEqual(steps)
    expect(sent.slice(0, 6).every(({ flags }) => flags === Flag.syn)).toBe(true)
    expect(sent[6]?.flags).toBe(Flag.reset | Flag.ack)
    expect([clients.failed, clients.inFlight]).toEqual([1, 0])
    expect(ended[0]?.seconds).toBeCloseTo(189, 6)
  })

  it('repeats its request in the same way, counted from the SYN-ACK', () => {
    const { clients, sent, settings, until } = waiting()
    settings.connections = 0
    until(300)
    expect(sent.map(({ at }) => at - 1)).toEqual(steps.slice(1))
    expect(sent.slice(0, 5).map(inWords)).toEqual(Array(5).fill('ack push 0+300 of 0'))
    expect(inWords(sent[5]!)).toBe('ack reset 300+0 of 0')
    expect(clients.failed).toBe(1)
  })

  it('says again what it has when the response breaks off', () => {
    const { sent, settings, comes, until, clients } = waiting()
    settings.connections = 0
    comes({ bytes: 1460 })
    until(50)
    expect(inWords(sent[0]!)).toBe('ack 300+0 of 1460')
    // Something new: the tries begin anew.
    comes({ sequence: 1460, bytes: 1460 })
    until(250)
    expect(clients.inFlight).toBe(1)
    until(500)
    expect([clients.inFlight, clients.failed]).toEqual([0, 1])
    expect(inWords(sent.at(-1)!)).toBe('ack reset 300+0 of 2920')
  })
})

describe('a slow reader', () => {
  it('acknowledges so much later, with what it has by then', () => {
    const { comes, sent, until } = waiting({ slowReaderNs: 40e6 })
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 1460 })
    until(1.03)
    comes({ sequence: 2920, bytes: 1460 })
    until(1.0399)
    expect(sent).toEqual([])
    until(2)
    expect(sent.map(({ at }) => at)).toEqual([1.04])
    expect(inWords(sent[0]!)).toBe('ack 300+0 of 4380')
  })
})

describe('a closed population', () => {
  /** A server that answers everything after a random time. */
  function served(connections: number, seed: number) {
    const engine = new Engine(seed)
    const random = new RandomStream(seed, 'server')
    const answer = engine.handler('answer', (flow) => respond(all, flow))
    const handshake = engine.handler('handshake', (flow) => {
      all.comes({ flow, flags: Flag.syn | Flag.ack })
      engine.after(random.between(1, 50_000_000) as never, answer, flow)
    })
    const all = clientsOf({ connections }, engine, ({ flow, flags }) => {
      if (flags === Flag.syn) engine.after(100_000 as never, handshake, flow)
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
    // No answer comes, and none has been repeated yet: after 3 s they are, so that only first SYNs count.
    until(seconds)
    const known = new Set<number>()
    const arrivals = sent.filter(({ flow }) => !known.has(flow) && known.add(flow))
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

describe('clients and TCP', () => {
  /** Clients and a server whose program answers each request, over ways that lose and reorder. */
  function together(seed: number, loss: number) {
    const lone = loneTcp({ backlog: 2, mostHalfOpen: 2 })
    const { tcp, listener, machine } = lone
    const { engine } = machine
    const random = new RandomStream(seed, 'ways')
    const accepted = new Map<number, { connection: Connection; left: number }>()
    const program = (flow: number): void => {
      const next = listener.take()
      if (next) {
        next.accepted = true
        accepted.set(next.flow, { connection: next, left: usual.responseBytes })
      }
      for (const of of new Set([flow, next?.flow ?? flow])) {
        const known = accepted.get(of)
        if (!known) continue
        const { connection } = known
        if (connection.state === TcpState.closed) accepted.delete(of)
        else if (connection.received > 0) {
          connection.readable = 0
          const part = Math.min(known.left, connection.room)
          known.left -= part
          if (part > 0) tcp.write(connection, part)
          if (known.left === 0) tcp.finish(connection)
        }
      }
    }
    const outward = new RoughWay(engine, random, loss, 0.05, (segment) => clients.receive(segment))
    const flush = (): void => {
      for (const segment of lone.sent.splice(0)) outward.send(segment)
    }
    const inward = new RoughWay(engine, random, loss, 0.05, (segment) => {
      tcp.receive(segment)
      lone.callBack()
      program(segment.flow)
      flush()
    })
    const all = clientsOf({ connections: 12 }, engine, inward.send)
    const { clients } = all
    return { ...all, tcp, listener, flush }
  }

  it.each([
    [1, 0],
    [2, 0.05],
    [3, 0.2],
  ])(
    'lose no connection: offered is completed, failed or under way (seed %i, loss %d)',
    (seed, loss) => {
      const { clients, settings, until, flush, told, ended, tcp, listener } = together(seed, loss)
      clients.start()
      for (let at = 0.01; at < 60; at += 0.01) {
        until(at)
        flush()
        expect(clients.completed + clients.failed + clients.inFlight).toBe(clients.offered)
      }
      expect([told(), ended.length]).toEqual([clients.offered, clients.completed + clients.failed])
      expect(clients.completed).toBeGreaterThan(30)
      expect(clients.failed).toBe(0)
      expect(listener.overflows).toBeGreaterThan(0)
      expect(listener.halfOpen.size).toBeLessThanOrEqual(2)
      expect(tcp.opened).toBeGreaterThanOrEqual(clients.completed)
      settings.connections = 0
      for (let at = 60; at < 400; at += 0.05) {
        until(at)
        flush()
      }
      expect([clients.inFlight, clients.failed]).toEqual([0, 0])
      expect(clients.completed).toBe(clients.offered)
      expect([tcp.open, listener.ready]).toEqual([0, 0])
    },
  )
})

describe('a server that is switched off', () => {
  it('fails what was under way, once, and nothing is sent any more', () => {
    const { clients, sent, until, ended, comes } = clientsOf({ connections: 7, rate: 50 })
    clients.start()
    until(2)
    const under = clients.inFlight
    clients.halt()
    expect([clients.inFlight, clients.failed, ended.length]).toEqual([0, under, under])
    sent.length = 0
    comes({ flags: Flag.syn | Flag.ack })
    comes({ flags: Flag.ack | Flag.fin, flow: 3 })
    clients.adjust()
    until(100)
    expect([sent.length, clients.failed]).toEqual([0, under])
  })
})
