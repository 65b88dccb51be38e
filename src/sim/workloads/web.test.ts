import { describe, expect, it } from 'vitest'
import { createServer } from '../server/simulated-server'
import { until, webServer as web } from '../server/simulated-server.test-support'
import type { Server } from '../server/server'
import { instant } from '../units/time'
import type { Parameters } from '../parameters/parameters'

const small = { 'httpd.processes': 20, 'load.connections': 8, 'load.pageBytes': 5000 }

/**
 * Nothing gets lost: what was offered is completed, failed or under way; what is open is somewhere.
 */
function counted(server: Server): void {
  server.refreshCounters()
  const read = (id: string): number => server.counters.read(id)
  expect(read('work.completed') + read('work.failed') + read('load.inFlight')).toBe(
    read('load.offered'),
  )
  expect(read('listen.synQueue') + read('listen.acceptQueue')).toBeLessThanOrEqual(read('tcp.open'))
  expect(read('accept.backToSleep')).toBeLessThanOrEqual(read('accept.woken'))
}

/** The same, and the work log has heard of everything since the start. */
function conserved(server: Server): void {
  counted(server)
  const { offered, completed, failed } = server.work()
  expect(completed + failed + server.counters.read('load.inFlight')).toBe(offered)
}

describe('the web server', () => {
  it('serves a closed population, and every connection is accounted for at every instant', () => {
    const server = web(small)
    for (let at = 1; at <= 3; at += 0.1) {
      until(server, at)
      conserved(server)
      expect(server.counters.read('load.inFlight')).toBeLessThanOrEqual(8)
    }
    expect(server.work().completed).toBeGreaterThan(1000)
    expect(server.work().failed).toBe(0)
    expect(server.counters.read('tcp.retransmissions')).toBe(0)
  })

  /** What a run of `seconds` comes to, of which the first two are left out. */
  function cameTo(parameters: Parameters, seconds: number) {
    const server = web({ ...small, ...parameters })
    until(server, 2)
    server.resetStatistics()
    const before = server.counters.read('net.bytesOut')
    until(server, seconds)
    counted(server)
    const { counters } = server
    const bytesOut = counters.read('net.bytesOut') - before
    return { ...server.work(), bytesOut, read: (id: string): number => counters.read(id) }
  }

  it('sends again what is lost: nothing fails, and what is lost costs timers', () => {
    const { completed, failed, latencyMs, read } = cameTo({ 'load.lossPercent': 5 }, 12)
    expect(completed).toBeGreaterThan(30)
    expect(failed).toBe(0)
    expect(read('tcp.retransmissions')).toBeGreaterThan(completed / 20)
    // The least of TCP's timers is 200 ms.
    expect(latencyMs.p99).toBeGreaterThan(200)
    expect(cameTo({}, 5).latencyMs.p99).toBeLessThan(50)
  })

  it('waits for who is slow to read: each pair of segments takes as long as its reader', () => {
    // 5,250 bytes are four segments, and the window grows from two: two rounds of a reader.
    const { failed, latencyMs } = cameTo({ 'load.slowReaderMs': 40 }, 5)
    expect(failed).toBe(0)
    expect(latencyMs.p50).toBeGreaterThan(40)
    expect(latencyMs.p50).toBeLessThan(100)
  })

  it('waits for who is far away: as many connections as there are, a few round trips each', () => {
    const { perSecond, latencyMs } = cameTo({ 'load.rttMs': 150 }, 5)
    expect(latencyMs.p50).toBeGreaterThan(300)
    expect(latencyMs.p50).toBeLessThan(620)
    // Eight connections without pause; requests that straddle the window's ends differ.
    expect(perSecond * (latencyMs.mean / 1000)).toBeGreaterThan(6)
    expect(perSecond * (latencyMs.mean / 1000)).toBeLessThan(10)
  })

  it('sends a page larger than the send buffer, as fast as the link lets it', () => {
    const { completed, failed, bytesOut } = cameTo({ 'load.pageBytes': 300_000 }, 5)
    expect(failed).toBe(0)
    const bytes = completed * 300_250
    expect((bytes * 8) / 3).toBeGreaterThan(0.8 * 100e6)
    expect(bytesOut).toBeGreaterThan(bytes)
  })

  it('sends each page of the mix that is asked for, whole', () => {
    const mix = { 'load.mix': 'specweb99', 'load.directories': 3 }
    const { completed, failed, bytesOut } = cameTo(mix, 5)
    expect(completed).toBeGreaterThan(200)
    expect(failed).toBe(0)
    // Most are smaller than the mean of 14.7 KB, a few are many times as large.
    expect(bytesOut / completed).toBeGreaterThan(2000)
  })

  it('serves an open population at the rate at which it comes', () => {
    const { completed, failed } = cameTo({ 'load.connections': 0, 'load.rate': 200 }, 7)
    expect(failed).toBe(0)
    // A thousand in five seconds, give or take five standard deviations of Poisson arrivals.
    expect(Math.abs(completed - 1000)).toBeLessThan(5 * Math.sqrt(1000))
  })

  it.each(['fcntl', 'sysvsem'])('has one httpd at a time in accept behind a %s', (serialize) => {
    const { completed, failed, read } = cameTo({ 'httpd.serialize': serialize }, 5)
    expect(failed).toBe(0)
    expect(completed).toBeGreaterThan(1000)
    expect(read('accept.waiting')).toBeLessThanOrEqual(1)
  })

  it('is the same run with the same seed, however it is cut into slices and watched', () => {
    const straight = web({ ...small, 'load.lossPercent': 2 })
    until(straight, 4)
    const cut = web({ ...small, 'load.lossPercent': 2 })
    while (!cut.advance(instant(4e9), 37)) {
      if (cut.events % 5 === 0) cut.snapshot('wait-queue')
      if (cut.events % 7 === 0) cut.refreshCounters()
    }
    expect([cut.digest(), cut.events]).toEqual([straight.digest(), straight.events])
    const other = web({ ...small, 'load.lossPercent': 2 }, 4)
    until(other, 4)
    expect(other.digest()).not.toBe(straight.digest())
  })

  it('goes on counting across a reboot: no total falls', () => {
    const server = web(small)
    const totals = server.counters.specs.filter(({ kind }) => kind === 'monotonic')
    const read = (): number[] => {
      server.refreshCounters()
      return totals.map(({ id }) => server.counters.read(id))
    }
    until(server, 2)
    const before = read()
    server.act({ kind: 'reboot' })
    const after = read()
    totals.forEach(({ id }, index) =>
      expect(after[index], id).toBeGreaterThanOrEqual(before[index]!),
    )
    until(server, 4)
    const later = Object.fromEntries(read().map((value, index) => [totals[index]?.id, value]))
    for (const id of ['net.received', 'net.bytesOut', 'accept.woken', 'load.completed']) {
      expect(later[id], id).toBeGreaterThan(before[totals.findIndex((spec) => spec.id === id)]!)
    }
    conserved(server)
  })

  it('a reboot ends what was under way, and the clients come again', () => {
    const server = web(small)
    until(server, 3)
    const { completed } = server.work()
    expect(server.act({ kind: 'reboot' })).toBeUndefined()
    until(server, 7)
    conserved(server)
    expect(server.work().failed).toBeGreaterThan(0)
    expect(server.work().failed).toBeLessThanOrEqual(8)
    expect(server.work().completed).toBeGreaterThan(completed + 1000)
  })

  it('a request from far away takes two round trips: one for the handshake, one for the page', () => {
    const server = web({
      'httpd.processes': 4,
      'load.connections': 1,
      'load.rttMs': 200,

      'load.pageBytes': 500,
      'httpd.demand': 1,
    })
    until(server, 10)
    const { p50, max } = server.work().latencyMs
    expect(p50).toBeGreaterThan(400)
    expect(p50).toBeLessThan(402)
    // The first one reads its page from disk.
    expect(max).toBeLessThan(440)
  })

  // Each SYN walks past all of them: with fifty thousand 2.2 would do nothing else.
  it('keeps four thousand connections open that nobody accepts, and gives none of them up', () => {
    const long = 65_535
    const server = web({
      'httpd.processes': 50,
      'httpd.demand': 50_000,
      'load.connections': 4000,
      'machine.linkMbit': 1000,
      'httpd.backlog': long,
      'kernel.somaxconn': long,
      'kernel.maxSynBacklog': long,
    })
    until(server, 24)
    conserved(server)
    const { counters } = server
    expect(counters.read('listen.acceptQueue')).toBeGreaterThan(3500)
    expect(counters.read('tcp.open')).toBeGreaterThan(3500)
    expect(counters.read('work.failed')).toBe(0)
    const backlog = server.snapshot('listen-backlog')
    if (backlog.kind !== 'listen-backlog') throw new Error(backlog.kind)
    expect(backlog.open).toBe(counters.read('listen.acceptQueue'))
    expect(backlog.acceptQueue.length).toBe(2000)
  })

  it('cuts the backlog that listen() asks for to what the kernel grants', () => {
    const server = web({ ...small, 'httpd.backlog': 511 })
    until(server, 2)
    expect(server.snapshot('listen-backlog')).toMatchObject({ backlog: 128 })
  })
})

describe('faults and fixes', () => {
  it.each(['packet-loss', 'slow-clients', 'connection-flood', 'slow-disk', 'thundering-herd'])(
    '%s at intensity 0 leaves the run as it was',
    (id) => {
      const plain = web(small)
      const touched = web(small)
      until(touched, 1.5)
      touched.act({ kind: 'fault', id, intensity: 0 })
      until(plain, 3)
      until(touched, 3)
      expect(touched.digest()).toBe(plain.digest())
    },
  )

  it('packet loss makes timers run out, and ends when it is taken off', () => {
    const server = web({ ...small, 'load.rttMs': 20 })
    until(server, 2)
    server.act({ kind: 'fault', id: 'packet-loss', intensity: 0.5 })
    // The first timer of a connection runs for 3 s.
    until(server, 14)
    server.refreshCounters()
    expect(server.counters.read('tcp.retransmissions')).toBeGreaterThan(5)
    server.act({ kind: 'fault', id: 'packet-loss', intensity: 0 })
    until(server, 22)
    const before = server.work().completed
    until(server, 23)
    // Each of eight connections takes two round trips.
    expect(server.work().completed - before).toBeGreaterThan(80)
  })

  it('a flood overflows the queues, slow clients hold the httpds, and conservation holds', () => {
    const server = web({ ...small, 'httpd.demand': 5000 })
    until(server, 2)
    server.act({ kind: 'fault', id: 'connection-flood', intensity: 1 })
    until(server, 3)
    conserved(server)
    expect(server.counters.read('listen.overflows')).toBeGreaterThan(100)
    server.act({ kind: 'fault', id: 'connection-flood', intensity: 0 })
    server.act({ kind: 'fault', id: 'slow-clients', intensity: 1 })
    until(server, 8)
    conserved(server)
  })

  it('fixes win over the fault, and the fault over the setting', () => {
    const server = web({ ...small, 'kernel.accept.wakeup': 'one-fifo' })
    const wakeup = (): unknown => (server.snapshot('wait-queue') as { wakeup: string }).wakeup
    until(server, 1.5)
    expect(wakeup()).toBe('one-fifo')
    server.act({ kind: 'fault', id: 'thundering-herd', intensity: 1 })
    expect(wakeup()).toBe('all')
    server.act({ kind: 'fix', id: 'task-exclusive', on: true })
    expect(wakeup()).toBe('exclusive')
    server.act({ kind: 'fix', id: 'task-exclusive', on: false })
    server.act({ kind: 'fault', id: 'thundering-herd', intensity: 0 })
    expect(wakeup()).toBe('one-fifo')
    expect(server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 1 })).toBe(
      "fault orphaned-buffers needs sdet's bforget; this run has web",
    )
    expect(server.act({ kind: 'fault', id: 'no-such-thing', intensity: 1 })).toMatch(
      /unknown fault no-such-thing; there are .*thundering-herd/,
    )
  })
})

describe('compositions that cannot be', () => {
  it.each([
    [{ 'load.pageBytes': 9_000_000, 'machine.memoryMB': 16 * 4, 'httpd.processes': 3 }, undefined],
    [{ 'load.pageBytes': 10_000_001 }, /load\.pageBytes is a whole number from 0 to 10000000/],
    [
      { 'httpd.processes': 2000, 'machine.memoryMB': 64 },
      /httpd\.processes is at most 512 with machine\.memoryMB = 64, not 2000/,
    ],
    [{ 'load.rate': -1 }, /load\.rate is a number from 0 to 20000/],
    [{ 'load.connections': 0 }, /load\.connections and load\.rate are both 0/],
    [
      { 'kernel.accept.wakeup': 'some' },
      /kernel\.accept\.wakeup is one of all, exclusive, one, one-fifo, not "some"/,
    ],
  ] as const)('%o', (parameters, refused) => {
    const made = createServer({ scenario: 'web', seed: 1, parameters: parameters as Parameters })
    if (refused === undefined) expect(typeof made).toBe('object')
    else expect(made).toMatch(refused)
  })
})

describe('accept.wakeup', () => {
  const wokenPerConnection = (wakeup: string): number => {
    const server = web({
      'httpd.processes': 60,
      'load.connections': 1,
      'kernel.accept.wakeup': wakeup,
    })
    until(server, 4)
    return server.counters.read('accept.woken') / server.work().offered
  }

  it('wakes everybody, or one for each callback', () => {
    expect(wokenPerConnection('all')).toBeGreaterThan(50)
    for (const wakeup of ['exclusive', 'one', 'one-fifo']) {
      expect(wokenPerConnection(wakeup)).toBeGreaterThanOrEqual(1)
      expect(wokenPerConnection(wakeup)).toBeLessThanOrEqual(4)
    }
  })

  it('lets the same few take turns under `one`, and all of them under `one-fifo`', () => {
    const everWoken = (wakeup: string): number => {
      const server = web({
        'httpd.processes': 60,
        'load.connections': 1,
        'kernel.accept.wakeup': wakeup,
      })
      until(server, 4)
      const queue = server.snapshot('wait-queue') as { entries: readonly { woken: number }[] }
      return queue.entries.filter(({ woken }) => woken > 0).length
    }
    // Three callbacks a connection, and who came last is still on its way.
    expect(everWoken('one')).toBeLessThanOrEqual(8)
    expect(everWoken('one-fifo')).toBeGreaterThanOrEqual(59)
  })

  it('can be switched while the machine runs', () => {
    const server = web({ 'httpd.processes': 100, 'load.connections': 2 })
    const wokenIn = (from: number, to: number): number => {
      until(server, from)
      server.refreshCounters()
      const before = server.counters.read('accept.woken')
      until(server, to)
      server.refreshCounters()
      return server.counters.read('accept.woken') - before
    }
    const herd = wokenIn(3, 4)
    server.act({ kind: 'set', path: 'kernel.accept.wakeup', value: 'one' })
    const few = wokenIn(5, 6)
    expect(few).toBeLessThan(herd / 5)
  })
})
