import { describe, expect, it } from 'vitest'
import { vmstatColumns, type VmstatRow } from '../../../sim/observe/vmstat'
import { tintLevel, vmstatBaseline } from './vmstat-tint'

const columns = vmstatColumns('procps-2.0')
const zero = Object.fromEntries(columns.map((column) => [column, 0])) as VmstatRow
const rows = [90, 110, 90, 110].map((bi) => ({ ...zero, bi: bi * 10, b: 6, id: 4 }))

describe('tint of vmstat rows', () => {
  it('needs a baseline of two rows', () => {
    expect(vmstatBaseline([], columns)).toBeUndefined()
    expect(vmstatBaseline(rows.slice(0, 1), columns)).toBeUndefined()
  })

  it('grows with the distance from the baseline, in both directions', () => {
    const baseline = vmstatBaseline(rows, columns)
    expect(baseline?.mean.bi).toBe(1000)
    expect(baseline?.spread.bi).toBe(100)
    if (!baseline) return
    const at = (bi: number): number => tintLevel(baseline, 'bi', bi)
    expect([1000, 1290, 1310, 1610, 2210, 3410, 1e6].map(at)).toEqual([0, 0, 1, 2, 3, 4, 4])
    expect([710, 690, 0].map(at)).toEqual([0, 1, 2])
  })

  it('does not tint what the baseline showed itself, however rare it was', () => {
    const calm = Array.from({ length: 99 }, () => ({ ...zero, bo: 0 }))
    const baseline = vmstatBaseline([...calm, { ...zero, bo: 4000 }], columns)
    if (!baseline) throw new Error('no baseline')
    expect(tintLevel(baseline, 'bo', 4000)).toBe(0)
    expect(tintLevel(baseline, 'bo', 4001)).toBeGreaterThan(0)
  })

  it('does not tint memory that a log fills slowly, and does tint a leak', () => {
    const memory = rows.map((row) => ({ ...row, free: 400_000, buff: 50_000, cache: 50_000 }))
    const baseline = vmstatBaseline(memory, columns)
    if (!baseline) throw new Error('no baseline')
    expect(tintLevel(baseline, 'buff', 50_000 + 29_000)).toBe(0)
    expect(tintLevel(baseline, 'buff', 50_000 + 120_000)).toBe(3)
  })

  it('does not tint the flicker of a column that stood still', () => {
    const baseline = vmstatBaseline(rows, columns)
    if (!baseline) throw new Error('no baseline')
    expect(tintLevel(baseline, 'b', 8)).toBe(0)
    expect(tintLevel(baseline, 'b', 91)).toBe(4)
    expect(tintLevel(baseline, 'id', 9)).toBe(0)
    expect(tintLevel(baseline, 'id', 73)).toBe(3)
  })
})
