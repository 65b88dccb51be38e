import { describe, expect, it } from 'vitest'
import type { SampleBlock } from '../frame'
import { SampleHistory } from './sample-history'

/**
 * Samples one second apart: column 0 is a gauge that saws from 0 to 9, column 1 a total that grows
 * by 3 a second.
 */
function block(from: number, rows: number): SampleBlock {
  const gauge = (t: number): number => t % 10
  const total = (t: number): number => 3 * t
  const times = Array.from({ length: rows }, (_, i) => from + i)
  const values = Float64Array.from(times.flatMap((t) => [gauge(t), total(t)]))
  return {
    rows,
    columns: 2,
    time: Float64Array.from(times),
    merged: new Uint32Array(rows).fill(1),
    last: values,
    min: values,
    max: values,
    mean: values,
  }
}

describe('sample history', () => {
  it('keeps every row as it came while it has room', () => {
    const history = new SampleHistory({ capacity: 100 })
    history.append(block(1, 40))
    history.append(block(41, 20))
    expect(history.rows).toBe(60)
    expect(history.time(59)).toBe(60)
    expect(history.last(0, 58)).toBe(9)
    expect(history.thinnedTo).toBe(0)
  })

  it('skips rows it has already, so that history and frames may overlap', () => {
    const history = new SampleHistory({ capacity: 100 })
    history.append(block(1, 10))
    history.append(block(6, 10))
    expect(history.rows).toBe(15)
    expect(Array.from({ length: 15 }, (_, i) => history.time(i))).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1),
    )
  })

  it('stays within its capacity, keeps the newest rows exact and the oldest visible', () => {
    const history = new SampleHistory({ capacity: 400, recent: 100 })
    for (let t = 1; t <= 100_000; t += 7) history.append(block(t, 7))
    expect(history.rows).toBeLessThanOrEqual(400)
    const newest = history.rows - 1
    expect(history.time(newest)).toBe(100_002)
    for (let i = newest - 98; i <= newest; i++) expect(history.merged(i)).toBe(1)
    expect(history.time(0)).toBeLessThan(100_000 / 50)
    // Even resolution: no thinned row but the last covers more than twice the bucket.
    for (let i = 1; history.merged(i) > 1; i++) {
      expect(history.time(i) - history.time(i - 1)).toBeLessThanOrEqual(2 * history.thinnedTo)
    }
  })

  it('loses no sample and no total when it thins', () => {
    const history = new SampleHistory({ capacity: 64, recent: 16 })
    for (let t = 1; t <= 5000; t += 10) history.append(block(t, 10))
    let samples = 0
    for (let i = 0; i < history.rows; i++) {
      samples += history.merged(i)
      expect(history.last(1, i)).toBe(3 * history.time(i))
      expect(history.rate(1, i)).toBeCloseTo(3, 9)
    }
    expect(samples).toBe(5000)
  })

  it('merges min, max and a weighted mean', () => {
    const history = new SampleHistory({ capacity: 64, recent: 16 })
    for (let t = 1; t <= 5000; t += 10) history.append(block(t, 10))
    let weighted = 0
    for (let i = 0; i < history.rows; i++) {
      weighted += history.mean(0, i) * history.merged(i)
      if (history.merged(i) >= 10) {
        expect(history.min(0, i)).toBe(0)
        expect(history.max(0, i)).toBe(9)
      }
    }
    expect(weighted / 5000).toBeCloseTo(4.5, 3)
  })

  it('answers NaN outside of its rows and where a total was set back', () => {
    const history = new SampleHistory({ capacity: 100 })
    expect(history.indexAt(5)).toBe(-1)
    expect(history.last(0, 0)).toBeNaN()
    history.append(block(10, 2))
    expect(history.rate(1, 0)).toBe(3)
    const setBack = block(12, 1)
    setBack.last[1] = 0
    history.append(setBack)
    expect(history.rate(1, 2)).toBeNaN()
    expect(history.last(7, 0)).toBeNaN()
  })

  it('finds the row nearest to an instant', () => {
    const history = new SampleHistory({ capacity: 100 })
    history.append(block(10, 11))
    expect(history.indexAt(-3)).toBe(0)
    expect(history.indexAt(12.4)).toBe(2)
    expect(history.indexAt(12.6)).toBe(3)
    expect(history.indexAt(1e9)).toBe(10)
    expect(history.firstFrom(12.4)).toBe(3)
    expect(history.firstFrom(21)).toBe(11)
  })

  it('gives the mean rate between two rows', () => {
    const history = new SampleHistory({ capacity: 100 })
    history.append(block(10, 11))
    expect(history.rateBetween(1, -1, 10)).toBe(3)
    expect(history.rateBetween(1, 2, 7)).toBe(3)
  })

  it('grows its version with every change', () => {
    const history = new SampleHistory({ capacity: 100 })
    const before = history.version
    history.append(block(1, 1))
    expect(history.version).toBeGreaterThan(before)
    const filled = history.version
    history.reset()
    expect(history.version).toBeGreaterThan(filled)
    expect(history.rows).toBe(0)
  })
})
