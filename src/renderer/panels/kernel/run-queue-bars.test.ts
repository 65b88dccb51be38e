import { describe, expect, it } from 'vitest'
import { axisEnd, barLayout, weightOf } from './run-queue-bars'

const entry = (goodness: number) => ({
  pid: 1,
  command: 'cc1',
  goodness,
  counter: 0,
  runningOn: -1,
  warm: 0,
})

describe('bars of the run queue', () => {
  it('never need more room than there is, and are no wider than they should be', () => {
    for (const bars of [1, 4, 37, 128, 1000]) {
      const { pitch, width } = barLayout(bars, 420)
      expect(pitch * bars).toBeLessThanOrEqual(420 + 1e-9)
      expect(width).toBeLessThanOrEqual(pitch)
      expect(pitch).toBeLessThanOrEqual(30)
    }
  })

  it('stand on an axis that does not move for usual goodness and holds any other', () => {
    expect(axisEnd([entry(3), entry(36)])).toBe(40)
    expect(axisEnd([])).toBe(40)
    expect(axisEnd([entry(1015)])).toBeGreaterThanOrEqual(1015)
    expect(axisEnd([entry(1015)]) % 2).toBe(0)
  })
})

it('say by what a process is chosen, in the words of its kernel', () => {
  expect(weightOf(entry(36), { priorities: undefined })).toBe('goodness 36')
  expect(weightOf(entry(101), { priorities: 128 })).toBe('priority 26')
})
