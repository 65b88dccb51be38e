import { expect, it } from 'vitest'
import { rateAt } from './day-curve'

const hour = 3600e9

it('a rate that follows a day has its mean over it, whichever hour it began at', () => {
  for (const first of [0, 6, 23]) {
    let sum = 0
    for (let minute = 0; minute < 1440; minute++) sum += rateAt(40, (minute * hour) / 60, first)
    expect(sum / 1440).toBeCloseTo(40, 6)
    expect(rateAt(40, 25 * hour, first)).toBeCloseTo(rateAt(40, hour, first), 9)
  }
})

it('is least at three in the night and most in the afternoon', () => {
  const rates = Array.from({ length: 24 }, (_, at) => rateAt(1, at * hour, 0))
  expect(rates.indexOf(Math.min(...rates))).toBe(3)
  expect(rates.indexOf(Math.max(...rates))).toBe(14)
  expect(Math.max(...rates) / Math.min(...rates)).toBeCloseTo(950 / 30, 9)
})
