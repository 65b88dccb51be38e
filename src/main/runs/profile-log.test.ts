import { describe, expect, it } from 'vitest'
import { createServer, instant, type ProfileTotals, type Server } from '../../sim/index'
import { ProfileLog } from './profile-log'

/** Totals of two CPUs that grow with time: each second node n of CPU c gains (n + 1) · (c + 1). */
function totalsAt(seconds: number, nodes = 4): ProfileTotals {
  const column = (scale: number): Float64Array =>
    Float64Array.from({ length: nodes }, (_, node) => seconds * (node + 1) * scale)
  return {
    nodes,
    cycles: [column(1), column(2)],
    samples: [column(0), column(0)],
    whileSampling: column(3),
  }
}
/** Takes in a sample every second, up to the end. */
function filled(log: ProfileLog, seconds: number): ProfileLog {
  for (let second = 1; second <= seconds; second++) log.note(second, totalsAt(second))
  return log
}

describe('the profile of a window', () => {
  it('is what was charged from its beginning to its end', () => {
    const log = filled(new ProfileLog(), 100)
    const window = log.window(20, 50, 100, totalsAt(100))
    expect(window).toEqual({ fromSeconds: 20, toSeconds: 50, totals: totalsAt(30) })
  })

  it('ends at the nearest samples, is never empty, and says so', () => {
    const log = filled(new ProfileLog(), 10)
    const spanOf = (from: number, to: number) => {
      const window = log.window(from, to, 10.5, totalsAt(10.5))
      return [window?.fromSeconds, window?.toSeconds]
    }
    expect(spanOf(2.4, 7.6)).toEqual([2, 8])
    expect(spanOf(3.1, 3.2)).toEqual([3, 4])
    expect(spanOf(4.6, 5.3)).toEqual([4, 5])
    expect(spanOf(0, 99)).toEqual([0, 10.5])
    expect(spanOf(10.2, 10.4)).toEqual([10, 10.5])
    expect(spanOf(40, 50)).toEqual([10, 10.5])
  })

  it('has the whole run when it goes over all of it, up to the present instant', () => {
    const log = filled(new ProfileLog(), 10)
    expect(log.window(0, 20, 10.5, totalsAt(10.5))?.totals).toEqual(totalsAt(10.5))
  })

  it('is unknown before any time has passed', () => {
    expect(new ProfileLog().window(0, 1, 0, totalsAt(0))).toBeUndefined()
  })

  it('takes in stacks that come later', () => {
    const log = new ProfileLog()
    log.note(1, totalsAt(1, 2))
    log.note(2, totalsAt(2, 300))
    const later = log.window(1, 2, 2, totalsAt(2, 300))?.totals
    expect(later?.cycles[0]?.[1]).toBe(2)
    expect(later?.cycles[0]?.[299]).toBe(600)
  })
})

describe('the memory of a profile log', () => {
  it('stays within its bound; what is kept stays exact, and only its ends become coarser', () => {
    const log = filled(new ProfileLog(4000), 5000)
    expect(log.size).toBeLessThanOrEqual(4000)
    const window = log.window(1000, 3000, 5000, totalsAt(5000))
    const { fromSeconds = NaN, toSeconds = NaN } = window ?? {}
    expect(Math.abs(fromSeconds - 1000)).toBeLessThan(200)
    expect(Math.abs(toSeconds - 3000)).toBeLessThan(200)
    expect(window?.totals).toEqual(totalsAt(toSeconds - fromSeconds))
    // Windows that touch add up to the whole.
    const parts = [log.window(0, fromSeconds, 5000, totalsAt(5000)), window]
    parts.push(log.window(toSeconds, 5000, 5000, totalsAt(5000)))
    const sum = parts.reduce((total, part) => total + (part?.totals.cycles[1]?.[3] ?? NaN), 0)
    expect(sum).toBe(totalsAt(5000).cycles[1]?.[3])
  })
})

it('a log of very small intervals is bounded too: what each costs beside its bytes counts', () => {
  const log = new ProfileLog(64 * 100)
  for (let second = 1; second <= 1000; second++) log.note(second, totalsAt(0, 1))
  // 100 intervals at most, of 16 s then.
  expect(log.everySeconds).toBe(16)
  expect(log.window(0, 1000, 1000, totalsAt(0, 1))?.toSeconds).toBe(1000)
})

describe('a run', () => {
  const serverOf = (scenario: string, parameters: Record<string, number | string>): Server => {
    const server = createServer({ scenario, seed: 5, parameters })
    if (typeof server === 'string') throw new Error(server)
    return server
  }

  it.each([
    ['sdet', { 'sdet.scripts': 4, 'machine.memoryMB': 64 }],
    ['sdet', { 'sdet.scripts': 2, machine: 'alphastation-500', 'profiler.sampling': 'on' }],
    ['web', { 'httpd.processes': 20, 'load.connections': 8, machine: 'pentium-pro-2way' }],
    ['yield', { 'yield.threads': 16 }],
  ])('of %s %o has in its windows what it has as a whole', (scenario, parameters) => {
    const server = serverOf(scenario, parameters)
    const log = new ProfileLog()
    server.onSample = (at) => log.note(at / 1e9, server.profileTotals())
    server.advance(instant(2.5e9))
    const parts = [
      [0, 1],
      [1, 2],
      [2, 2.5],
    ].map(([from = 0, to = 0]) => server.profile(log.window(from, to, 2.5, server.profileTotals())))
    expect(parts.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])).toEqual([
      [0, 1],
      [1, 2],
      [2, 2.5],
    ])
    const whole = server.profile()
    for (const { frames, cycles, samples } of whole.stacks) {
      const name = frames.join()
      const same = parts.map((part) => part.stacks.find((stack) => stack.frames.join() === name))
      const sum = (of: 'cycles' | 'samples', cpu: number): number =>
        same.reduce((total, stack) => total + (stack?.[of][cpu] ?? 0), 0)
      expect(cycles.map((_, cpu) => sum('cycles', cpu))).toEqual(cycles)
      expect(samples.map((_, cpu) => sum('samples', cpu))).toEqual(samples)
    }
    // All cycles of a window are its seconds on every CPU.
    for (const part of parts) {
      const cycles = part.stacks.flatMap((stack) => stack.cycles).reduce((a, b) => a + b, 0)
      const seconds = part.toSeconds - part.fromSeconds
      expect(cycles / (seconds * part.cpus * part.clockMHz * 1e6)).toBeCloseTo(1, 3)
    }
  })
})
