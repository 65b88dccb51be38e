import { describe, expect, it } from 'vitest'
import { createServer } from '../server/simulated-server'
import type { Parameters } from '../parameters/parameters'

function told(scenario: string, parameters: Parameters): string | undefined {
  const server = createServer({ scenario, seed: 1, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server.act({ kind: 'fix', id: 'wake-one', on: true })
}

describe('a fix for a workload', () => {
  it('is there wherever that workload is, also beside another one', () => {
    expect(told('web', { 'httpd.processes': 5 })).toBeUndefined()
    expect(told('sdet', { 'httpd.processes': 5 })).toBeUndefined()
  })

  it('is refused where it is not, with those there are', () => {
    expect(told('sdet', {})).toBe('unknown fix wake-one; there are bforget-recycles, two-bitmaps')
    expect(told('yield', {})).toBe('unknown fix wake-one; there is none in this run')
  })
})
