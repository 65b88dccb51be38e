import { describe, expect, it } from 'vitest'
import { SampleHistory } from './sample-history'
import { binAt, binGrowth, binMean, binRate, binRows, binWidth } from './time-bins'

/** One row a second: a gauge that counts seconds and a total that grows by 3 a second. */
function history(rows: number): SampleHistory {
  const kept = new SampleHistory()
  const time = Float64Array.from({ length: rows }, (_, i) => i + 1)
  const values = Float64Array.from({ length: rows * 2 }, (_, i) =>
    i % 2 === 0 ? (i >> 1) + 1 : ((i >> 1) + 1) * 3,
  )
  const merged = new Uint32Array(rows).fill(1)
  kept.append({
    rows,
    columns: 2,
    time,
    merged,
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  return kept
}

describe('bins', () => {
  it('have a round width that keeps their number within what was asked', () => {
    expect(binWidth(600, 300)).toBe(2)
    expect(binWidth(600, 250)).toBe(5)
    expect(binWidth(3600, 240)).toBe(15)
    expect(binWidth(60, 240)).toBe(0.5)
    expect(binWidth(30 * 86_400, 300)).toBe(10_800)
    for (const span of [0.5, 7, 61, 599, 4000, 90_000, 8e6]) {
      expect(span / binWidth(span, 240)).toBeLessThanOrEqual(240)
    }
  })

  it('are one row each while rows are rarer than bins', () => {
    const bins = binRows(history(20), { from: 0, to: 60 }, 240)
    expect(bins.time.length).toBe(20)
    expect(Array.from(bins.last)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(bins.before[0]).toBe(-1)
  })

  it('keep their borders while the window slides', () => {
    const rows = history(400)
    const a = binRows(rows, { from: 100, to: 200 }, 20)
    const b = binRows(rows, { from: 103, to: 203 }, 20)
    const shared = Array.from(b.time).filter((t) => t <= 200)
    expect(shared.length).toBeGreaterThan(15)
    for (const t of shared) expect(Array.from(a.time)).toContain(t)
  })

  it('reach over both edges of the window', () => {
    const bins = binRows(history(400), { from: 101, to: 299 }, 40)
    expect(bins.time[0]).toBeLessThanOrEqual(101)
    expect(bins.time.at(-1)).toBeGreaterThanOrEqual(299)
  })

  it('give rates from totals, exact over any width', () => {
    const rows = history(100)
    const bins = binRows(rows, { from: 0, to: 100 }, 10)
    expect(bins.time.length).toBe(10)
    for (let k = 0; k < 10; k++) {
      expect(binRate(rows, 1, bins.before[k] ?? 0, bins.last[k] ?? 0)).toBeCloseTo(3, 12)
      expect(binGrowth(rows, 1, bins.before[k] ?? 0, bins.last[k] ?? 0)).toBe(30)
    }
  })

  it('give the mean of a gauge over all their rows', () => {
    const rows = history(10)
    expect(binMean(rows, 0, -1, 9)).toBeCloseTo(5.5, 6)
    expect(binMean(rows, 0, 3, 4)).toBe(5)
  })

  it('show a gap where a total was set back', () => {
    const rows = history(3)
    const value = new Float64Array([9, 0])
    rows.append({
      rows: 1,
      columns: 2,
      time: new Float64Array([4]),
      merged: new Uint32Array([1]),
      last: value,
      min: value,
      max: value,
      mean: value,
    })
    expect(binRate(rows, 1, 2, 3)).toBeNaN()
  })

  it('are found by an instant, the nearest one', () => {
    const bins = binRows(history(10), { from: 0, to: 10 }, 240)
    expect(bins.time[binAt(bins, 4.4)]).toBe(4)
    expect(bins.time[binAt(bins, 4.6)]).toBe(5)
    expect(bins.time[binAt(bins, 1e9)]).toBe(10)
    expect(binAt(binRows(new SampleHistory(), { from: 0, to: 60 }, 240), 5)).toBe(-1)
  })
})
