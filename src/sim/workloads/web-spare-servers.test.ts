import { describe, expect, it } from 'vitest'
import { createServer, type SimulatedServer } from '../server/simulated-server'
import { read, until, webServer as web } from '../server/simulated-server.test-support'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import type { Parameters } from '../parameters/parameters'

const idle = (server: SimulatedServer): number =>
  read(server, 'httpd.processes') - read(server, 'httpd.busy')
const load = (server: SimulatedServer, connections: number): void =>
  void server.act({ kind: 'set', path: 'load.connections', value: String(connections) })

/** Far clients, each of which keeps an httpd for a second. */
const lingering = { 'load.rttMs': 500, 'load.pageBytes': 5000 }

describe('the parent of Apache', () => {
  it('starts 1, 2, 4 … httpds a second while too few have nothing to do, up to MaxClients', () => {
    const spare = { 'httpd.minSpare': 5, 'httpd.maxSpare': 10, 'httpd.maxClients': 40 }
    const server = web({ ...lingering, 'httpd.processes': 6, ...spare, 'load.connections': 30 })
    const counts: number[] = []
    for (let second = 2; second <= 14; second++) {
      until(server, second)
      counts.push(read(server, 'httpd.processes'))
    }
    const grown = counts.slice(1).map((count, index) => count - counts[index]!)
    expect(grown.filter((by) => by > 0).slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(Math.max(...counts)).toBeLessThanOrEqual(40)
    expect(counts.at(-1)).toBeGreaterThan(30)
    expect(wrongWith(server['kernel'])).toEqual([])
  })

  it.each(['none', 'fcntl', 'sysvsem'])(
    'ends one a second while too many have nothing to do (serialize %s)',
    (serialize) => {
      const spare = { 'httpd.minSpare': 3, 'httpd.maxSpare': 10, 'httpd.serialize': serialize }
      const server = web({ 'httpd.processes': 16, ...spare, 'load.connections': 1 })
      until(server, 3)
      load(server, 0)
      until(server, 4.5)
      const before = read(server, 'httpd.processes')
      until(server, 6.5)
      expect(read(server, 'httpd.processes')).toBe(before - 2)
      until(server, 20)
      expect(read(server, 'httpd.processes')).toBe(10)
      expect(read(server, 'accept.waiting')).toBe(serialize === 'none' ? 10 : 1)
      expect(wrongWith(server['kernel'])).toEqual([])
      // Those that are left go on.
      load(server, 4)
      until(server, 23)
      expect(read(server, 'load.inFlight')).toBe(4)
      expect(server.work().failed).toBe(0)
      expect(idle(server)).toBeGreaterThan(0)
    },
  )

  it('is refused numbers that contradict each other', () => {
    const refused = (parameters: Parameters) =>
      createServer({ scenario: 'web', seed: 1, parameters })
    expect(refused({ 'httpd.minSpare': 20, 'httpd.maxSpare': 10 })).toBe(
      'httpd.minSpare is at most httpd.maxSpare = 10, not 20',
    )
    expect(refused({ 'httpd.processes': 50, 'httpd.maxClients': 20 })).toBe(
      'httpd.maxClients is 0 or at least httpd.processes = 50, not 20',
    )
    expect(refused({ 'httpd.maxClients': 4000, 'machine.memoryMB': 128 })).toContain(
      'httpd.maxClients is at most 1331',
    )
  })
})
