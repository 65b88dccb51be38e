import { describe, expect, it } from 'vitest'
import { microsecondsPerPoll } from './poll-scale'

describe('the time of a poll', () => {
  it('grows more than a hundred times from 100 descriptors to 10,000', () => {
    const ratio = microsecondsPerPoll('scan', 10_000) / microsecondsPerPoll('scan', 100)
    expect(ratio).toBeGreaterThan(493 / 1.6)
    expect(ratio).toBeLessThan(493 * 1.6)
  })

  it.each(['hints', 'rt-signals'] as const)('stays as it is with %s, within 5 %%', (way) => {
    const ratio = microsecondsPerPoll(way, 10_000) / microsecondsPerPoll(way, 100)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.05)
  })
})
