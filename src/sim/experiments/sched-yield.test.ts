import { expect, it } from 'vitest'
import { outcomeOf } from './experiment.test-support'
import { microsecondsPerYield, schedYield } from './sched-yield'

it('sched-yield: 16 and 64 threads are as published, and 256 stand where the caches overflow', () => {
  const { points } = outcomeOf(schedYield)
  expect(points.filter((point) => point.ok).map(({ x, kind }) => [x, kind])).toEqual([
    [16, 'predicted'],
    [64, 'fitted'],
  ])
  // 256 task structures and the head of the queue have 256 places: each task more pushes a set of
  // nine out.
  const [fit, full, over] = [250, 256, 260].map((threads) => microsecondsPerYield(threads, 0.2))
  expect(full! - fit!).toBeGreaterThan(12)
  expect((over! - full!) / 4).toBeGreaterThan(12)
  expect(points[2]?.published).toBeGreaterThan(full!)
  expect(points[2]?.published).toBeLessThan(over!)
})

it('a yield takes each thread more by its part of the walk, on all CPUs, as long as they fit', () => {
  const [few, more] = [100, 200].map((threads) => microsecondsPerYield(threads, 0.2))
  // goodness is 8 cycles at 700 MHz; interrupts take a few hundredths more.
  expect((more! - few!) / 100 / ((8 * 8) / 700)).toBeCloseTo(1, 1)
})
