import { describe, expect, it } from 'vitest'
import type { PollSetSnapshot, RunQueueSnapshot } from '../observe/structures'
import { SetBit } from '../observe/structures'
import { createServer } from '../server/simulated-server'
import type { Server } from '../server/server'
import { instant } from '../units/time'
import type { Parameters } from '../parameters/parameters'

/** On Digital UNIX with select, unless it is said otherwise. */
function proxy(parameters: Parameters = {}, seed = 5): Server {
  const server = createServer({
    scenario: 'proxy',
    seed,
    parameters: { 'proxy.hot': 10, ...parameters },
  })
  if (typeof server === 'string') throw new Error(server)
  return server
}
const polls: Parameters = { kernel: 'linux-2.2', 'proxy.events': 'poll' }
const until = (server: Server, seconds: number): void =>
  void server.advance(instant(Math.round(seconds * 1e9)))
const reader =
  (server: Server) =>
  (id: string): number => {
    server.refreshCounters()
    return server.counters.read(id)
  }

/** Of the first nine seconds those in which clients ask. */
const secondsOfLoad = 7.4

/** Requests that were offered are answered, lost, or under way. */
function conserved(server: Server): void {
  const read = reader(server)
  const under = read('proxy.hotOpen') + read('proxy.farOpen') + read('proxy.floodOpen')
  expect(read('proxy.answered') + read('proxy.lost') + under).toBe(read('proxy.offered'))
  expect(read('work.completed')).toBe(read('proxy.answered'))
  expect(read('proxy.clients')).toBeLessThanOrEqual(read('tcp.open'))
}

describe.each(['squid', 'cern'] as const)('%s', (kind) => {
  // How much is answered of what clients would ask that never had to wait.
  it.each([
    ['from its store', {}, 0.95],
    // Ten clients wait 180 ms and more each time.
    ['from origin servers', { 'proxy.hitPercent': 0 }, 0.5],
    ['from origin servers without a store', { 'proxy.hitPercent': 0, 'proxy.store': 'off' }, 0.6],
    [
      // A third of what the link takes: a full one loses SYN-ACKs, and these clients wait for none.
      'longer than its buffers',
      { 'proxy.responseBytes': 200_000, 'proxy.hitPercent': 50, 'proxy.rate': 20 },
      0.75,
    ],
    // Of every seven one takes more than a few seconds.
    ['to clients far away', { 'proxy.clients': 'wan' }, 0.8],
    ['among cold connections', { 'proxy.cold': 40 }, 0.95],
    // A client whose frame is lost waits 3 s, or gives up.
    ['over a network that loses frames', { 'proxy.lossPercent': 5 }, 0.25],
  ] as const)('answers %s', (_, parameters: Parameters, share) => {
    const server = proxy({ 'proxy.kind': kind, 'proxy.rate': 60, ...parameters })
    for (const at of [3, 6, 9]) {
      until(server, at)
      conserved(server)
    }
    const read = reader(server)
    const { 'proxy.rate': rate } = parameters as { 'proxy.rate'?: number }
    const wanted = (rate ?? 60) * secondsOfLoad
    expect(read('proxy.answered')).toBeGreaterThan(share * wanted)
    if (!('proxy.lossPercent' in parameters)) expect(read('proxy.lost')).toBe(0)
    const asked = read('proxy.memoryHits') + read('proxy.diskHits') + read('proxy.misses')
    expect(asked).toBeGreaterThanOrEqual(read('proxy.answered'))
    if ('proxy.cold' in parameters) expect(read('proxy.coldOpen')).toBe(40)
    if (parameters['proxy.hitPercent'] === 0) {
      expect(read('proxy.misses')).toBe(asked)
      expect(read('proxy.originOpen')).toBeLessThan(20)
    }
  })

  it('is the same run twice, and another one with another seed', () => {
    const digest = (seed: number): string => {
      const server = proxy({ 'proxy.kind': kind, 'proxy.hitPercent': 50 }, seed)
      until(server, 3)
      return server.digest()
    }
    expect(digest(1)).toBe(digest(1))
    expect(digest(1)).not.toBe(digest(2))
  })

  it('goes on after a reboot, and no total falls', () => {
    const server = proxy({ 'proxy.kind': kind, 'proxy.cold': 10 })
    until(server, 5)
    const read = reader(server)
    const before = read('proxy.answered')
    server.act({ kind: 'reboot' })
    until(server, 10)
    expect(read('proxy.answered')).toBeGreaterThan(before + 100)
    expect(read('proxy.coldOpen')).toBe(10)
  })
})

describe('squid', () => {
  it('reads a document from its disk store once, and then has it in memory', () => {
    const server = proxy({ 'proxy.documents': 20 })
    until(server, 10)
    const read = reader(server)
    // Clients that ask for one while it is being read add a few.
    expect(read('proxy.diskHits')).toBeGreaterThanOrEqual(20)
    expect(read('proxy.diskHits')).toBeLessThan(30)
    expect(read('proxy.memoryHits')).toBeGreaterThan(500)
  })

  it('asks every cold connection at each call, so that more of them take more of the CPU', () => {
    const busy = [0, 300, 600].map((cold) => {
      const server = proxy({ 'proxy.cold': cold })
      until(server, 4)
      const read = reader(server)
      const before = read('cycles.idle')
      until(server, 6)
      return 1 - (read('cycles.idle') - before) / (2 * 400e6)
    })
    expect(busy[1]! - busy[0]!).toBeGreaterThan(0.05)
    expect(busy[2]! - busy[1]!).toBeGreaterThan(0.05)
  })

  it('ends when poll takes no more descriptors, and is started again', () => {
    const server = proxy({
      kernel: 'linux-2.2',
      'proxy.events': 'poll',
      'proxy.cold': 1100,
      'kernel.fd.perProcess': 4096,
    })
    const read = reader(server)
    until(server, 5)
    expect(read('proxy.processes')).toBe(0)
    server.act({ kind: 'set', path: 'proxy.cold', value: '100' })
    until(server, 40)
    const before = read('proxy.answered')
    until(server, 45)
    expect(read('proxy.processes')).toBe(1)
    expect(read('proxy.answered')).toBeGreaterThan(before + 200)
  })

  it('shows what select waits for, and what its last call has done', () => {
    const server = proxy({ 'proxy.cold': 200 })
    until(server, 5)
    const { call, states, last, signals } = server.snapshot('poll-set') as PollSetSnapshot
    expect([call, signals]).toEqual(['select', undefined])
    expect(states.filter((state) => (state & SetBit.asked) !== 0).length).toBeGreaterThan(200)
    expect(last?.scanned).toBeGreaterThanOrEqual(200 * (last?.scans ?? Infinity))
  })

  it.each([
    [{}, 'scanned', false, false],
    [{ 'kernel.select': 'scalable' }, 'hinted', true, true],
    [polls, 'scanned', false, false],
    [{ ...polls, 'kernel.poll': 'hints' }, 'hinted', false, true],
  ] as const)('%o: shows which sets the kernel keeps, %s', (parameters, how, keeps, hints) => {
    const server = proxy({ ...parameters, 'proxy.rate': 0, 'proxy.cold': 50 })
    let [hinted, outside] = [0, 0]
    for (let at = 3; at < 3.2; at += 0.001) {
      until(server, at)
      const shown = server.snapshot('poll-set') as PollSetSnapshot
      expect([shown.keeps, shown.hints]).toEqual([keeps, hints])
      for (const state of shown.states) {
        if ((state & SetBit.hinted) !== 0) hinted++
        if ((state & SetBit.kept) !== 0 && (state & SetBit.interested) === 0) outside++
      }
    }
    expect(hinted > 0).toBe(how === 'hinted')
    expect(outside).toBe(0)
  })

  it.each([
    ['digital-unix-4.0', 'select'],
    ['linux-2.2', 'poll'],
  ])('on %s stands on the queue of each descriptor while it sleeps in %s', (kernel, events) => {
    const server = proxy({ kernel, 'proxy.events': events, 'proxy.cold': 200, 'proxy.rate': 1 })
    until(server, 5)
    const { states, registered } = server.snapshot('poll-set') as PollSetSnapshot
    expect(registered).toBeGreaterThan(200)
    expect(states.filter((state) => (state & SetBit.queued) !== 0)).toHaveLength(registered)
    expect(states.filter((state) => (state & SetBit.asked) !== 0)).toHaveLength(registered)
  })

  it.each([
    ['digital-unix-4.0', 128],
    ['linux-2.2', undefined],
  ])('on %s is chosen by what the run queue says', (kernel, priorities) => {
    const server = proxy({ kernel, 'proxy.rate': 0, 'proxy.cold': 300 })
    until(server, 3)
    const queue = server.snapshot('run-queue') as RunQueueSnapshot
    expect(queue.priorities).toBe(priorities)
    const most = (priorities ?? Infinity) - 1
    for (const { goodness } of queue.entries) expect(goodness).toBeLessThanOrEqual(most)
    expect(queue.entries.length).toBeGreaterThan(0)
  })

  it('answers by real-time signals, and goes on through overflows', () => {
    const server = proxy({
      kernel: 'linux-2.2',
      'proxy.events': 'rt-signals',
      'proxy.cold': 300,
    })
    const read = reader(server)
    until(server, 5)
    expect(read('signals.taken')).toBeGreaterThan(300)
    expect(read('signals.overflows')).toBe(0)
    const set = server.snapshot('poll-set') as PollSetSnapshot
    expect(set).toMatchObject({ call: 'rt-signals', position: -1, signals: { room: 1024 } })
    expect(set.states.filter((state) => (state & SetBit.asked) !== 0).length).toBeGreaterThan(300)
    server.act({ kind: 'fault', id: 'rt-signal-overflow', intensity: 1 })
    const [answered, scanned] = [read('proxy.answered'), read('poll.scanned')]
    until(server, 8)
    expect(read('signals.overflows')).toBeGreaterThan(100)
    expect(read('poll.scanned') - scanned).toBeGreaterThan(300 * 100)
    expect(read('proxy.answered')).toBeGreaterThan(answered + 200)
    expect(read('proxy.lost')).toBe(0)
  })

  it('accepts nobody while fewer than 64 descriptors are free, and then goes on', () => {
    const server = proxy({ 'proxy.cold': 150, 'proxy.rate': 20, 'kernel.fd.perProcess': 128 })
    const read = reader(server)
    until(server, 10)
    expect(read('proxy.clients')).toBeLessThanOrEqual(64)
    expect(read('fd.emfile')).toBe(0)
    expect(read('proxy.acceptQueue')).toBeGreaterThan(50)
    server.act({ kind: 'set', path: 'proxy.cold', value: '0' })
    until(server, 30)
    const before = read('proxy.answered')
    until(server, 35)
    expect(read('proxy.answered')).toBeGreaterThan(before + 60)
  })
})

describe('clients', () => {
  it('far away take 250 ms in the median and 2.5 s in the mean', () => {
    const server = proxy({ 'proxy.clients': 'wan', 'proxy.rate': 30 })
    until(server, 150)
    const { latencyMs } = server.work()
    // Clients and origin servers alone: 247 with a deviation of 4, three of them to either side,
    // and what the proxy takes itself, with a disk that is cold: 15 at most.
    expect(latencyMs.p50).toBeGreaterThan(234)
    expect(latencyMs.p50).toBeLessThan(275)
    // Their tail is long: of the 2,500 those that take minutes have not ended yet. By then the mean
    // of who has is 1,340, of 4,400 requests with a deviation of 73 (a lognormal cut off at what
    // was left of the 150 s): three of them to either side.
    expect(latencyMs.mean).toBeGreaterThan(1120)
    expect(latencyMs.mean).toBeLessThan(1560)
  })

  it.each([
    ['near', {}, 0],
    ['far', { 'proxy.clients': 'wan', 'proxy.rate': 30 }, 1],
  ] as const)('%s are counted apart from a flood', (_where, parameters, fewestFar) => {
    const server = proxy(parameters)
    const read = reader(server)
    server.act({ kind: 'fault', id: 'connection-flood', intensity: 1 })
    until(server, 5)
    expect(read('proxy.floodOpen')).toBeGreaterThan(0)
    expect(read('proxy.farOpen')).toBeGreaterThanOrEqual(fewestFar)
    if (fewestFar === 0) expect(read('proxy.farOpen')).toBe(0)
    conserved(server)
  })

  it('follow the hours of a day', () => {
    const server = proxy({ 'proxy.day': 'on', 'proxy.hour': 3, 'proxy.rate': 10 })
    const read = reader(server)
    until(server, 60)
    const night = read('proxy.coldOpen') + read('proxy.farOpen')
    expect(night).toBeGreaterThanOrEqual(28)
    expect(night).toBeLessThan(40)
  })

  it.each(['cold-connections', 'wan-delay'])('%s at intensity 0 changes nothing', (id) => {
    const digests = [false, true].map((acts) => {
      const server = proxy()
      until(server, 2)
      if (acts) server.act({ kind: 'fault', id, intensity: 0 })
      until(server, 4)
      return server.digest()
    })
    expect(digests[0]).toBe(digests[1])
  })

  it('cold connections come with the fault and go with it', () => {
    const server = proxy()
    const read = reader(server)
    until(server, 2)
    server.act({ kind: 'fault', id: 'cold-connections', intensity: 0.1 })
    until(server, 4)
    expect([read('proxy.coldOpen'), read('proxy.clients') >= 200]).toEqual([200, true])
    server.act({ kind: 'fault', id: 'cold-connections', intensity: 0 })
    until(server, 5)
    expect(read('proxy.coldOpen')).toBe(0)
    expect(read('proxy.clients')).toBeLessThan(10)
    conserved(server)
  })

  it('thousands of cold connections go, and the proxy has closed all of them', () => {
    const server = proxy({ 'proxy.rate': 20 })
    const read = reader(server)
    server.act({ kind: 'fault', id: 'cold-connections', intensity: 1 })
    until(server, 8)
    expect(read('proxy.clients')).toBeGreaterThanOrEqual(2000)
    server.act({ kind: 'fault', id: 'cold-connections', intensity: 0 })
    until(server, 12)
    expect([read('proxy.coldOpen'), read('proxy.clients') < 10]).toEqual([0, true])
    conserved(server)
  })

  it('have nobody that answers while something else has all file structures', () => {
    const server = proxy()
    const read = reader(server)
    until(server, 3)
    server.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity: 1 })
    until(server, 5)
    const [answered, refused] = [read('proxy.answered'), read('fd.enfile')]
    until(server, 8)
    expect(read('proxy.answered')).toBe(answered)
    expect(read('fd.enfile')).toBeGreaterThan(refused)
    server.act({ kind: 'fault', id: 'descriptor-exhaustion', intensity: 0 })
    until(server, 20)
    expect(read('proxy.answered')).toBeGreaterThan(answered + 500)
  })

  it('cold connections come at their rate', () => {
    const opened = [100, 400].map((rate) => {
      const server = proxy({ 'proxy.cold': 5000, 'proxy.coldRate': rate })
      until(server, 4)
      const before = reader(server)('proxy.coldOpen')
      until(server, 5)
      return reader(server)('proxy.coldOpen') - before
    })
    expect(opened).toEqual([100, 400])
  })

  it('a WAN delay keeps connections open longer', () => {
    const server = proxy()
    const read = reader(server)
    until(server, 4)
    const before = server.work().latencyMs.p50
    server.act({ kind: 'fault', id: 'wan-delay', intensity: 0.25 })
    until(server, 16)
    expect(read('proxy.response50Ms')).toBeGreaterThan(before + 900)
  })
})

it('a proxy beside another workload serves, and leaves no trace where there is none', () => {
  const server = createServer({
    scenario: 'web',
    seed: 1,
    parameters: {
      'httpd.processes': 5,
      'load.connections': 2,
      'proxy.port': 3128,
      'proxy.rate': 50,
    },
  })
  if (typeof server === 'string') throw new Error(server)
  until(server, 5)
  const read = reader(server)
  expect(read('proxy.completed')).toBeGreaterThan(50)
  const without = createServer({ scenario: 'web', seed: 1, parameters: { 'httpd.processes': 5 } })
  if (typeof without === 'string') throw new Error(without)
  expect(without.counters.column('proxy.hotOpen')).toBeUndefined()
})

it.each([
  [{ 'proxy.hot': 0 }, 'proxy.hot and proxy.cold are both 0: nobody would come; set one of them'],
  [
    { 'proxy.day': 'on', 'proxy.rate': 0 },
    'proxy.rate is more than 0 requests/s with proxy.day=on, not 0: a day has no end of its own',
  ],
])('%o is refused', (parameters: Parameters, message) => {
  expect(createServer({ scenario: 'proxy', seed: 1, parameters })).toBe(message)
})
