import { describe, expect, it } from 'vitest'
import { roundsKept, WorkLog } from './work-log'

describe('the work log', () => {
  it('keeps the newest rounds, however many there were, and says how many', () => {
    const log = new WorkLog()
    for (let number = 1; number <= 3 * roundsKept + 5; number++) log.round(number, 2 * number, 8, 4)
    const { rounds, roundsDone } = log.summary('scripts', 1)
    expect(roundsDone).toBe(3 * roundsKept + 5)
    expect(rounds.length).toBe(roundsKept)
    expect(rounds[0]?.number).toBe(2 * roundsKept + 6)
    expect(rounds.at(-1)).toEqual({
      number: roundsDone,
      startSeconds: 2 * roundsDone,
      seconds: 8,
      perHour: 1800,
    })
    rounds.forEach(({ number }, index) => expect(number).toBe(2 * roundsKept + 6 + index))
  })

  it('gives quantiles of evenly thinned durations when there are more than it keeps', () => {
    const log = new WorkLog()
    const count = 300_000
    for (let index = 0; index < count; index++) log.ended(((index * 7919) % count) / count, false)
    const { p50, p90, p99, max, mean } = log.summary('scripts', 1).latencyMs
    for (const [quantile, share] of [
      [p50, 500],
      [p90, 900],
      [p99, 990],
    ] as const) {
      expect(Math.abs(quantile - share)).toBeLessThan(5)
    }
    expect(max).toBeCloseTo((1000 * (count - 1)) / count, 9)
    expect(mean).toBeCloseTo((1000 * (count - 1)) / 2 / count, 6)
  })
})
