import { describe, expect, it } from 'vitest'
import type { Parameters } from '../parameters/parameters'
import { defaultsOf } from '../parameters/parameters'
import type { Server } from '../server/server'
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'
import { scenarios } from '.'

function begun(scenario: string, parameters: Parameters = {}, seed = 3): Server {
  const server = createServer({ scenario, seed, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server
}
function until(server: Server, seconds: number): Server {
  server.advance(instant(seconds * 1e9))
  server.refreshCounters()
  return server
}
const read = (server: Server, id: string): number => server.counters.read(id)

/** Rounds that follow soon, so that a short run has some of everything. */
const short = { 'sdet.restSeconds': 20, 'sdet.demand': 0.2, 'load.rate': 30, 'load.hour': 11 }

describe('soak-day', () => {
  it('serves near and far clients and runs rounds in the background; nothing gets lost', () => {
    const server = begun('soak-day', short)
    for (const at of [15, 30, 60]) {
      until(server, at)
      const { offered, completed, failed } = server.work()
      expect(completed + failed + read(server, 'load.inFlight')).toBe(offered)
      expect(failed).toBe(0)
    }
    const { latencyMs, completed } = server.work()
    // The day's curve is at 930 of a mean of 420: more than twice 30 a second.
    expect(completed / 60).toBeGreaterThan(45)
    expect(latencyMs.p50).toBeGreaterThan(20)
    expect(latencyMs.mean).toBeGreaterThan(500)
    const { sdet } = server.workBeside()
    expect(sdet?.completed).toBeGreaterThan(4)
    expect(sdet?.failed).toBe(0)
    // Rounds rest: the machine is idle for most of the time.
    expect(read(server, 'cycles.idle')).toBeGreaterThan(0.6 * 4 * 450e6 * 60)
  })

  it('is the same run twice, however it is cut into slices', () => {
    const straight = until(begun('soak-day', short), 12)
    const cut = begun('soak-day', short)
    while (!cut.advance(instant(12e9), 997));
    expect([cut.digest(), cut.events]).toEqual([straight.digest(), straight.events])
    expect(until(begun('soak-day', short, 4), 12).digest()).not.toBe(straight.digest())
  })

  it('is made of what any scenario can have beside it', () => {
    const soak = scenarios.find(({ id }) => id === 'soak-day')!
    const web = scenarios.find(({ id }) => id === 'web')!
    const [own, plain] = [defaultsOf(soak.parameters, {}), defaultsOf(web.parameters, {})]
    const differs = Object.entries(own).filter(([path, value]) => plain[path] !== value)
    expect(differs.length).toBeGreaterThan(3)
    const composed = until(begun('web', Object.fromEntries(differs)), 15)
    expect(composed.digest()).toBe(until(begun('soak-day'), 15).digest())
  })

  it('has a proxy beside it where it is asked for', () => {
    const server = until(begun('soak-day', { 'proxy.port': 3128, 'proxy.rate': 20 }), 15)
    expect(server.workBeside()['proxy']?.completed).toBeGreaterThan(100)
  })
})

it('a day of web clients without a rate is refused', () => {
  const parameters = { 'load.day': 'on' }
  expect(createServer({ scenario: 'web', seed: 1, parameters })).toBe(
    'load.rate is more than 0 connections/s with load.day=on, not 0: a day has an open population',
  )
})

it('SDET rests between rounds for as long as it is told', () => {
  const parameters = { 'sdet.scripts': 1, 'sdet.demand': 0.1, 'sdet.restSeconds': 5 }
  const { rounds } = until(begun('sdet', parameters), 25).work()
  expect(rounds.length).toBeGreaterThan(2)
  for (const [index, { startSeconds, seconds }] of rounds.entries()) {
    const next = rounds[index + 1]
    if (next) expect(next.startSeconds - startSeconds - seconds).toBeCloseTo(5, 1)
  }
})
