import { describe, expect, it } from 'vitest'
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
})
