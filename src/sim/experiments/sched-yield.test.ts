import { expect, it } from 'vitest'
import { microsecondsPerYield, schedYield } from './sched-yield'

it('sched-yield: the points at 16, 64 and 256 threads are as published', () => {
  const { points, passed } = schedYield.run(() => undefined)
  expect(points.filter((point) => !point.ok)).toEqual([])
  expect(points.map(({ x, kind }) => [x, kind])).toEqual([
    [16, 'predicted'],
    [64, 'fitted'],
    [256, 'predicted'],
  ])
  expect(passed).toBe(true)
})

it('a yield takes each thread more by its part of the walk, and by a load when they do not fit', () => {
  const [few, more, tooMany, twice] = [100, 200, 300, 600].map(microsecondsPerYield)
  // goodness is 18 cycles at 700 MHz, a load 230 ns; interrupts take a few hundredths more.
  expect((more! - few!) / 100 / (18 / 700)).toBeCloseTo(1, 1)
  expect((twice! - tooMany!) / 300 / (18 / 700 + 0.23)).toBeCloseTo(1, 1)
})
