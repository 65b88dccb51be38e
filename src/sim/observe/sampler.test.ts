import { describe, expect, it } from 'vitest'
import { p6 } from '../machine/p6'
import { createServer } from '../server/simulated-server'
import { after, seconds, startOfTime } from '../units/time'
import { samplerErrors } from './sampler-error'

/**
 * The hour that is asked for is run by `npm run bench -- --only sampler`; this is a shorter one,
 * whose standard error is larger with it.
 */
describe('what the sampler reports', () => {
  it.each(['sdet', 'web'])('is within 3 standard errors of the exact profile (%s)', (scenario) => {
    const parameters = { 'profiler.sampling': 'on' }
    const server = createServer({ scenario, seed: 1, parameters })
    if (typeof server === 'string') throw new Error(server)
    server.advance(after(startOfTime, seconds(scenario === 'sdet' ? 30 : 8)))
    const errors = samplerErrors(server.profile(), 10)
    expect(errors.length).toBe(10)
    expect(errors.filter(({ standardErrors }) => Math.abs(standardErrors) > 3)).toEqual([])
  })

  it('has nothing of the handler that takes the samples, which costs what it costs', () => {
    const parameters = { 'profiler.sampling': 'on' }
    const server = createServer({ scenario: 'web', seed: 1, parameters })
    if (typeof server === 'string') throw new Error(server)
    server.advance(after(startOfTime, seconds(2)))
    const { frames, stacks } = server.profile()
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
    const taken = sum(stacks.map(({ samples }) => sum(samples)))
    const own = stacks.filter((stack) => {
      return frames[stack.frames.at(-1) ?? -1]?.procedure === 'perf_interrupt'
    })
    expect(own.map(({ samples, whileSampling }) => [sum(samples), whileSampling])).toEqual([[0, 0]])
    // Each sample's interrupt is charged, those since the last event aside.
    const handled = sum(own.map(({ cycles }) => sum(cycles))) / p6.profilerSample
    expect(taken - handled).toBeGreaterThanOrEqual(0)
    expect(handled / taken).toBeGreaterThan(0.99)
  })
})
