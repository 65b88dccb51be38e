import { describe, expect, it } from 'vitest'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import { createServer } from './simulated-server'
import type { SimulatedServer } from './simulated-server'
import {
  at,
  countersOf,
  outcomeOf,
  read,
  runFor,
  smallServer,
} from './simulated-server.test-support'

describe('refusals', () => {
  it.each([
    ['nginx', {}, /unknown scenario nginx; there are sdet, web/],
    ['sdet', { 'sdet.script': 4 }, /unknown parameter sdet\.script; there are .*sdet\.scripts/],
    ['sdet', { 'sdet.scripts': 0 }, /sdet\.scripts is a whole number from 1 to 512/],
    [
      'sdet',
      { 'kernel.bforget': 'lose' },
      /kernel\.bforget is one of recycle, orphan, orphan-held/,
    ],
  ])('of scenario %s with %o name what is wrong', (scenario, parameters, message) => {
    expect(createServer({ scenario, seed: 1, parameters })).toMatch(message)
  })

  it('of actions name what is wrong and what there is, and change nothing', () => {
    const server = smallServer()
    const before = outcomeOf(server)
    const refused: [Parameters<typeof server.act>[0], RegExp][] = [
      [{ kind: 'fault', id: 'flood', intensity: 1 }, /unknown fault flood; .*orphaned-buffers/],
      [{ kind: 'fix', id: 'flood', on: true }, /unknown fix flood; .*bforget-recycles/],
      [{ kind: 'set', path: 'sdet.wishes', value: '1' }, /unknown parameter sdet\.wishes/],
      [{ kind: 'set', path: 'sdet.scripts', value: '513' }, /from 1 to 512 scripts, not "513"/],
      [{ kind: 'set', path: 'machine.cpus', value: '2' }, /machine\.cpus cannot be changed/],
    ]
    for (const [action, message] of refused) {
      expect(server.act(action)).toMatch(message)
    }
    expect(server.actions).toEqual([])
    expect(server.takeMarks()).toEqual([])
    expect(outcomeOf(server)).toEqual(before)
  })
})

describe('actions', () => {
  it('that disturb nothing leave the run as it was', () => {
    const plain = smallServer()
    plain.advance(at(1))
    for (const act of [
      (server: SimulatedServer) =>
        server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 0 }),
      (server: SimulatedServer) => server.act({ kind: 'fault', id: 'slow-disk', intensity: 0 }),
      (server: SimulatedServer) =>
        server.act({ kind: 'fix', id: 'bforget-recycles', on: true }) ??
        server.act({ kind: 'fix', id: 'bforget-recycles', on: false }),
    ]) {
      const server = smallServer()
      expect(act(server)).toBeUndefined()
      server.advance(at(1))
      expect(server.digest()).toBe(plain.digest())
      expect(countersOf(server)).toEqual(countersOf(plain))
      expect(server.activeFaults).toEqual({})
      expect(server.activeFixes).toEqual([])
    }
  })

  it('are done at once, and logged and marked in their order', () => {
    const server = smallServer()
    server.advance(at(0.5))
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 1 })
    expect(server.actions).toEqual([{ at: 0.5, action: 'fault:orphaned-buffers=1' }])
    expect(server.activeFaults).toEqual({ 'orphaned-buffers': 1 })
    expect(server.parameters['sdet.demand']).toBe(0.1)
    server.advance(at(0.7))
    server.act({ kind: 'set', path: 'sdet.demand', value: '0.2' })
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 0 })
    expect(server.actions.slice(1)).toEqual([
      { at: 0.7, action: 'set:sdet.demand=0.2' },
      { at: 0.7, action: 'fault:orphaned-buffers=0' },
    ])
    expect(server.activeFaults).toEqual({})
    expect(server.parameters['sdet.demand']).toBe(0.2)
    const marks = server.takeMarks().filter(({ kind }) => kind !== 'round')
    expect(marks.map(({ at: when, kind }) => [when, kind])).toEqual([
      [0.5, 'fault'],
      [0.7, 'set'],
      [0.7, 'fault'],
    ])
    expect(server.takeMarks()).toEqual([])
  })

  it('does not pile up marks that nobody takes', () => {
    const server = smallServer()
    for (let count = 0; count < 3000; count++) {
      server.act({ kind: 'fault', id: 'slow-disk', intensity: (count % 10) / 10 })
    }
    expect(server.takeMarks().length).toBe(1024)
    expect(server.actions.length).toBe(3000)
  })

  it('every round that ends is marked once', () => {
    const server = smallServer()
    server.advance(at(4))
    const marks = server.takeMarks()
    const { rounds } = server.work()
    expect(marks.map(({ kind }) => kind)).toEqual(rounds.map(() => 'round'))
    expect(marks.map((mark) => mark.at)).toEqual(
      rounds.map((round) => round.startSeconds + round.seconds),
    )
  })

  it('orphaned-buffers leaks while it is on, stops at once when it is off, and nothing heals', () => {
    const server = smallServer()
    server.advance(at(1))
    expect(read(server, 'buffers.orphaned')).toBe(0)
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 1 })
    server.advance(at(2))
    const leaked = read(server, 'buffers.orphaned')
    expect(leaked).toBeGreaterThan(1000)
    expect(read(server, 'memory.orphaned')).toBe(leaked)
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 0 })
    server.advance(at(4))
    expect(read(server, 'buffers.orphaned')).toBe(leaked)
    expect(wrongWith(server['kernel'])).toEqual([])
  })

  it('the fix wins over the fault, the fault over the setting, and the setting comes back', () => {
    const grows = (server: SimulatedServer): boolean => {
      const before = read(server, 'buffers.orphaned')
      runFor(server, 1)
      return read(server, 'buffers.orphaned') > before
    }
    const server = smallServer()
    expect(grows(server)).toBe(false)
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 1 })
    expect(grows(server)).toBe(true)
    server.act({ kind: 'fix', id: 'bforget-recycles', on: true })
    expect(server.activeFixes).toEqual(['bforget-recycles'])
    expect(grows(server)).toBe(false)
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 0 })
    server.act({ kind: 'set', path: 'kernel.bforget', value: 'orphan' })
    expect(grows(server)).toBe(false)
    server.act({ kind: 'fix', id: 'bforget-recycles', on: false })
    expect(grows(server)).toBe(true)
  })

  it('a fix from the beginning makes a run with the fault as one without', () => {
    const server = smallServer()
    server.act({ kind: 'fix', id: 'bforget-recycles', on: true })
    server.act({ kind: 'fault', id: 'orphaned-buffers', intensity: 1 })
    server.advance(at(1))
    const healthy = smallServer()
    healthy.advance(at(1))
    expect(server.digest()).toBe(healthy.digest())
  })

  it('slow-disk makes requests take longer, by its intensity, until it is taken away', () => {
    const perRequest = (server: SimulatedServer): number => {
      const busy = read(server, 'disk.busy')
      const done = read(server, 'disk.reads') + read(server, 'disk.writes')
      server.act({ kind: 'reboot' })
      runFor(server, 1)
      const requests = read(server, 'disk.reads') + read(server, 'disk.writes') - done
      return (read(server, 'disk.busy') - busy) / requests
    }
    const server = smallServer()
    runFor(server, 1)
    const healthy = perRequest(server)
    server.act({ kind: 'fault', id: 'slow-disk', intensity: 1 })
    const slow = perRequest(server)
    server.act({ kind: 'fault', id: 'slow-disk', intensity: 0.3 })
    const slower = perRequest(server)
    server.act({ kind: 'fault', id: 'slow-disk', intensity: 0 })
    const healed = perRequest(server)
    expect(slow).toBeGreaterThan(2 * healthy)
    expect(slower).toBeGreaterThan(1.2 * healthy)
    expect(slower).toBeLessThan(slow)
    expect(healed).toBeLessThan(slower)
  })

  it('the number of scripts changes with the next round', () => {
    const server = smallServer()
    while (read(server, 'work.round') === 0) runFor(server, 0.1)
    server.act({ kind: 'set', path: 'sdet.scripts', value: '7' })
    while (server.work().rounds.length < 2) runFor(server, 0.1)
    const [first, second] = server.work().rounds
    expect(first!.perHour * first!.seconds).toBeCloseTo(4 * 3600, 6)
    expect(second!.perHour * second!.seconds).toBeCloseTo(7 * 3600, 6)
  })

  it('the summary says what runs on what', () => {
    expect(smallServer().summary).toMatch(/4 × 450 MHz · 64 MB · Linux 2\.2 · 4 scripts/)
    expect(smallServer({ parameters: { 'sdet.scripts': 1 } }).summary).toMatch(/ 1 script$/)
  })
})
