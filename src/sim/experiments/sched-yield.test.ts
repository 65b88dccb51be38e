import { expect, it } from 'vitest'
import { costsOf, cyclesOf } from '../machine/core'
import { pentiumIII8Way } from '../machine/presets'
import { outcomeOf } from './experiment.test-support'
import { microsecondsPerYield, schedYield } from './sched-yield'

it('sched-yield: 16, 64 and 256 threads are as published, and nothing is fitted', () => {
  const { points } = outcomeOf(schedYield)
  expect(points.map(({ x, kind, ok }) => [x, kind, ok])).toEqual([
    [16, 'predicted', true],
    [64, 'predicted', true],
    [256, 'predicted', true],
  ])
})

it('a yield takes each thread more by five lines from the last level, as long as they fit', () => {
  const [few, more] = [16, 64].map((threads) => microsecondsPerYield(threads, 0.1))
  const { clockMHz, l2HitNs } = pentiumIII8Way
  const step = (costsOf(pentiumIII8Way).goodness + 5 * cyclesOf(l2HitNs, clockMHz)) / clockMHz
  // Interrupts, and sets that overflow by chance: more of 64 than of 16.
  expect((more! - few!) / 48 / step).toBeGreaterThan(0.95)
  expect((more! - few!) / 48 / step).toBeLessThan(1.25)
})
