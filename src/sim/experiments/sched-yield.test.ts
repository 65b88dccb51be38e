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

it('a yield takes each thread more by its part of the walk, on all CPUs, as long as they fit', () => {
  const [few, more] = [100, 200].map(microsecondsPerYield)
  // goodness is 8 cycles at 700 MHz; interrupts take a few hundredths more.
  expect((more! - few!) / 100 / ((8 * 8) / 700)).toBeCloseTo(1, 1)
})
