import { describe, expect, it } from 'vitest'
import { axisNumber, compact, grouped, percent } from './number'

describe('numbers', () => {
  it('have commas between thousands', () => {
    expect(grouped(2412)).toBe('2,412')
    expect(grouped(1_234_567.891, 2)).toBe('1,234,567.89')
    expect(grouped(-1234)).toBe('-1,234')
    expect(grouped(999)).toBe('999')
  })
  it('never read minus zero, and a dash when there is none', () => {
    expect(grouped(-0.2)).toBe('0')
    expect(grouped(NaN)).toBe('–')
    expect(compact(Infinity)).toBe('–')
    expect(percent(NaN)).toBe('–')
  })
  it('keep three figures with a prefix', () => {
    expect(compact(1_840_000)).toBe('1.84 M')
    expect(compact(12_000)).toBe('12.0 k')
    expect(compact(999_960)).toBe('1.00 M')
    expect(compact(950)).toBe('950')
    expect(compact(0.421)).toBe('0.42')
    expect(compact(0)).toBe('0')
    expect(compact(-2500)).toBe('-2.50 k')
  })
  it('are short on an axis', () => {
    expect(axisNumber(5000)).toBe('5k')
    expect(axisNumber(3200)).toBe('3.2k')
    expect(axisNumber(2_500_000)).toBe('2.5M')
    expect(axisNumber(100)).toBe('100')
    expect(axisNumber(0.5)).toBe('0.5')
  })
  it('are percentages of a share', () => {
    expect(percent(0.273)).toBe('27.3 %')
    expect(percent(1, 0)).toBe('100 %')
  })
})
