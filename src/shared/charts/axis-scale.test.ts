import { describe, expect, it } from 'vitest'
import { niceCeiling, steadyCeiling, valueTicks } from './axis-scale'

describe('value axis', () => {
  it('ends at a round number at or above the peak', () => {
    expect(niceCeiling(2957)).toBe(3200)
    expect(niceCeiling(1000)).toBe(1000)
    expect(niceCeiling(0.031)).toBeCloseTo(0.032, 12)
    expect(niceCeiling(97)).toBe(100)
  })

  it('has an end even when there is nothing to show', () => {
    expect(niceCeiling(0)).toBe(1)
    expect(niceCeiling(NaN)).toBe(1)
    expect(niceCeiling(Infinity)).toBe(1)
  })

  it('never lies below the peak, whatever the order of magnitude', () => {
    for (let v = 1e-4; v < 1e9; v *= 1.37) expect(niceCeiling(v)).toBeGreaterThanOrEqual(v * 0.999)
  })

  it('rises at once and falls only after the peak has left half of it empty', () => {
    expect(steadyCeiling(100, 130)).toBe(160)
    expect(steadyCeiling(160, 100)).toBe(160)
    expect(steadyCeiling(160, 70)).toBe(80)
  })

  it('keeps a least end, so that three idle processes do not fill a chart', () => {
    expect(steadyCeiling(0, 3, 8)).toBe(8)
  })

  it('ends at 100 % where 100 % is all there is, and above only when there is more', () => {
    expect(steadyCeiling(0, 100, 100)).toBe(100)
    expect(steadyCeiling(0, 100.00001, 100)).toBe(100)
    expect(steadyCeiling(100, 101, 100)).toBe(120)
  })

  it('is labelled in quarters only where there is room', () => {
    expect(valueTicks(100, 100)).toEqual([0, 50, 100])
    expect(valueTicks(100, 220)).toEqual([0, 25, 50, 75, 100])
  })
})
