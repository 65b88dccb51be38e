import { describe, expect, it } from 'vitest'
import { machinePresets } from '../machine/presets'
import type { Server } from '../server/server'
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'
import { scenarios } from '.'
import type { WaitQueueSnapshot } from '../observe/structures'
import type { Parameters } from '../parameters/parameters'
import { defaultsOf } from '../parameters/parameters'

function composed(scenario: string, parameters: Parameters): Server {
  const server = createServer({ scenario, seed: 2, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server
}
function after(server: Server, seconds: number): Server {
  server.advance(instant(seconds * 1e9))
  server.refreshCounters()
  return server
}
const first = scenarios.find(({ id }) => id === 'sdet')
if (!first) throw new Error('there is no sdet')
const specs = first.parameters

describe('a machine', () => {
  it.each(machinePresets)('of every kind runs every scenario: $name', ({ id, cpus, memoryMB }) => {
    for (const [scenario, small] of [
      ['sdet', { 'sdet.scripts': 2, 'sdet.demand': 0.1 }],
      ['web', { 'httpd.processes': 10, 'load.connections': 4 }],
      ['yield', { 'yield.threads': 8 }],
    ] as const) {
      const server = composed(scenario, { ...small, machine: id })
      expect(server.parameters['machine.cpus']).toBe(cpus)
      expect(server.summary).toContain(`${memoryMB} MB`)
      for (let at = 1; at <= 40 && server.counters.read('work.completed') === 0; at++)
        after(server, at)
      expect(server.counters.read('work.completed'), scenario).toBeGreaterThan(0)
    }
  })

  it('brings its figures, and what is set apart wins, in whichever order it was said', () => {
    expect(defaultsOf(specs, {})['machine.clockMHz']).toBe(450)
    expect(defaultsOf(specs, { machine: 'alphastation-500' })['machine.clockMHz']).toBe(400)
    for (const parameters of [
      { machine: 'alphastation-500', 'machine.cpus': 3 },
      { 'machine.cpus': 3, machine: 'alphastation-500' },
    ]) {
      const server = composed('yield', parameters)
      expect(server.parameters).toMatchObject({ 'machine.cpus': 3, 'machine.clockMHz': 400 })
    }
  })

  it('that nobody knows is refused with those there are', () => {
    expect(createServer({ scenario: 'web', seed: 1, parameters: { machine: 'pdp-11' } })).toBe(
      'machine is one of poweredge-6300, alphastation-500, pentium-pro-2way, pentium-iii-8way, not "pdp-11"',
    )
  })
})

describe('workloads side by side', () => {
  it('all get done, each in its own counters, and every cycle is charged once', () => {
    const server = composed('sdet', {
      'sdet.scripts': 2,
      'sdet.demand': 0.1,
      'httpd.processes': 5,
      'load.connections': 2,
      'load.rttMs': 20,
    })
    after(server, 30)
    const { counters } = server
    expect(counters.read('work.completed')).toBeGreaterThan(0)
    expect(counters.read('load.completed')).toBeGreaterThan(100)
    // Two round trips of 20 ms and more.
    const { web } = server.workBeside()
    expect(Object.keys(server.workBeside())).toEqual(['web'])
    expect(web?.completed).toBe(counters.read('load.completed'))
    expect(web?.latencyMs.p50).toBeGreaterThan(40)
    expect(web?.latencyMs.p99).toBeGreaterThan(web?.latencyMs.p50 ?? Infinity)
    expect(counters.read('web.completed')).toBe(counters.read('load.completed'))
    expect(server.work().unit).toBe('scripts')
    expect(server.structures).toEqual([
      ...['buffer-cache', 'run-queue', 'hash-chains', 'disk-queue', 'wait-queue', 'listen-backlog'],
      'descriptor-table',
    ])
    const cycles = counters.specs
      .filter(({ id }) => /^cycles\.(user|system|spin|interrupt|wait|idle)$/.test(id))
      .reduce((sum, { id }) => sum + counters.read(id), 0)
    // A CPU's account runs ahead by the interrupt that it is in.
    expect(Math.abs(cycles - 4 * 30 * 450e6)).toBeLessThan(4 * 25 * 450)
  })

  it('may be two web servers, each on its port, with clients and counters of its own', () => {
    const server = composed('web', {
      'httpd.processes': 5,
      'load.connections': 4,
      'load.rttMs': 10,
      'httpd2.processes': 3,
      'httpd2.port': 8081,
      'load2.connections': 2,
      'load2.rttMs': 100,
      'load2.pageBytes': 2000,
    })
    after(server, 20)
    const read = (id: string): number => server.counters.read(id)
    expect([read('httpd.processes'), read('httpd2.processes')]).toEqual([5, 3])
    expect(read('work.completed')).toBe(read('load.completed'))
    expect(read('web2.completed')).toBe(read('load2.completed'))
    // A connection takes three round trips, or two.
    expect(read('load.completed')).toBeGreaterThan(1000)
    expect(read('load2.completed')).toBeGreaterThan(100)
    expect(read('load2.completed')).toBeLessThan((2 * 20) / 0.2)
    expect([read('load.failed'), read('load2.failed')]).toEqual([0, 0])
    const offered = read('load.offered') + read('load2.offered')
    expect(read('accept.foundConnection')).toBeGreaterThan(0)
    expect(read('accept2.foundConnection')).toBeGreaterThan(0)
    expect(read('accept.foundConnection')).toBeLessThanOrEqual(read('load.offered'))
    expect(read('accept2.foundConnection')).toBeLessThanOrEqual(read('load2.offered'))
    // The network is one.
    expect(read('net.received')).toBeGreaterThan(3 * offered - 20)
    expect(server.counters.specs.filter(({ id }) => id === 'net.received')).toHaveLength(1)
    server.act({ kind: 'reboot' })
    after(server, 30)
    expect([read('httpd.processes'), read('httpd2.processes')]).toEqual([5, 3])
    expect(read('load2.completed')).toBeGreaterThan(100)
  })

  it('each have their queues: the first, or the one that is asked for', () => {
    const server = composed('web', { 'httpd.processes': 5, 'httpd2.processes': 3 })
    after(server, 2)
    const choices = ['listening socket, port 80', 'listening socket, port 8080']
    const [first, second] = choices
    expect(server.snapshot('wait-queue')).toMatchObject({ of: first, choices })
    expect(server.snapshot('listen-backlog', second)).toMatchObject({ of: second, choices })
    const { entries } = server.snapshot('wait-queue', second) as WaitQueueSnapshot
    expect(entries.length).toBeLessThanOrEqual(3)
    expect(server.snapshot('wait-queue', 'port 1')).toMatchObject({ of: first })
    expect(server.snapshot('run-queue', second)).not.toHaveProperty('choices')
  })

  it('are refused when two of them would listen on one port', () => {
    const both = { 'httpd.processes': 5, 'httpd2.processes': 3 }
    const refused = 'httpd2.port is another port than httpd.port = 80, not 80 too'
    for (const scenario of ['sdet', 'web']) {
      const parameters = { ...both, 'httpd2.port': 80 }
      expect(createServer({ scenario, seed: 1, parameters })).toBe(refused)
    }
    expect(composed('web', { 'httpd.processes': 5, 'httpd2.port': 80 }).summary).toContain(
      '5 httpds',
    )
  })

  it('are refused when memory has room for each of them, and not for both', () => {
    const memory = { 'machine.memoryMB': 64, 'httpd.processes': 300 }
    const made = (more: Parameters): unknown =>
      createServer({ scenario: 'web', seed: 1, parameters: { ...memory, ...more } })
    expect(made({ 'httpd2.processes': 250 })).toBe(
      'httpd.processes = 300 (23.4 MB) and httpd2.processes = 250 (19.5 MB) keep 43.0 MB, ' +
        'more than the 40.0 MB that machine.memoryMB = 64 leaves them',
    )
    expect(made({ 'httpd2.processes': 10, 'httpd2.maxClients': 250 })).toContain(
      'httpd2.maxClients = 250 (19.5 MB) keep',
    )
    expect(made({ 'httpd2.processes': 200 })).toBeTypeOf('object')
  })

  it('that are absent leave no trace: no counters, no structures, the same digest', () => {
    const alone = after(composed('yield', {}), 0.2)
    const absent = after(composed('yield', { 'httpd.processes': 0, 'sdet.scripts': 0 }), 0.2)
    expect(absent.digest()).toBe(alone.digest())
    expect(alone.counters.specs.some(({ id }) => id.startsWith('accept.'))).toBe(false)
    expect(alone.structures).not.toContain('wait-queue')
  })

  it('come from the first boot on or not at all', () => {
    const server = composed('web', { 'httpd.processes': 5 })
    expect(server.act({ kind: 'set', path: 'sdet.scripts', value: '4' })).toContain(
      'sdet.scripts cannot be changed while the machine runs',
    )
  })

  it('are refused together where one of them does not fit the machine', () => {
    const parameters = { machine: 'pentium-pro-2way', 'httpd.processes': 4000 }
    expect(createServer({ scenario: 'sdet', seed: 1, parameters })).toBe(
      'httpd.processes is at most 1331 with machine.memoryMB = 128, not 4000',
    )
  })
})

it('every parameter of every workload has its path in every scenario', () => {
  const paths = scenarios.map(({ parameters }) => parameters.map(({ path }) => path).sort())
  expect(new Set(paths.map((list) => list.join())).size).toBe(1)
  expect(new Set(paths[0]).size).toBe(paths[0]?.length)
})
