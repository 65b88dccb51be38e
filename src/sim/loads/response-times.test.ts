import { expect, it } from 'vitest'
import { ResponseTimes } from './response-times'

it('quantiles are of the last ten seconds', () => {
  const times = new ResponseTimes()
  expect(times.quantileMs(0.5, 0)).toBe(0)
  for (let k = 1; k <= 100; k++) times.add(k / 1000, k * 1e8)
  expect([0.5, 0.9, 0.99].map((share) => times.quantileMs(share, 10e9))).toEqual([51, 91, 100])
  // Five seconds later the first half has gone.
  expect(times.quantileMs(0.5, 15e9)).toBe(76)
  expect(times.quantileMs(0.5, 25e9)).toBe(0)
})

it('of more than 4,096 the last ones count', () => {
  const times = new ResponseTimes()
  for (let k = 0; k < 10_000; k++) times.add(k < 10_000 - 4096 ? 1 : 2, 1e9 + k)
  expect(times.quantileMs(0, 2e9)).toBe(2000)
})
