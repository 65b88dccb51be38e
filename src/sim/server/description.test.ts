import { describe, expect, it } from 'vitest'
import { scenarios } from '../scenarios'
import { describeServer } from './description'
import { createServer } from './simulated-server'

describe('the description of a run', () => {
  const others = [{}, { 'machine.memoryMB': 2048 }, { 'httpd.processes': 9, 'sdet.scripts': 2 }]

  it.each(scenarios.map(({ id }) => id))('is what the run says of itself: %s', (scenario) => {
    for (const parameters of others) {
      const options = { scenario, seed: 1, parameters }
      const server = createServer(options)
      const said =
        typeof server === 'string'
          ? server
          : { summary: server.summary, counters: server.counters.specs }
      expect(describeServer(options)).toEqual(said)
    }
  })

  it('refuses what a run refuses, memory that is too small as well', () => {
    const small = { 'httpd.processes': 8000, 'machine.memoryMB': 64 }
    const options = { scenario: 'web', seed: 1, parameters: small }
    const refused = createServer(options)
    expect(typeof refused).toBe('string')
    expect(describeServer(options)).toBe(refused)
    expect(describeServer({ ...options, scenario: 'nosuch' })).toMatch('unknown scenario')
  })
})
