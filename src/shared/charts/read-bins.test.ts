import { describe, expect, it } from 'vitest'
import { SampleHistory } from './sample-history'
import { readBins, type ReadSeries } from './read-bins'
import { binMean, binRows } from './time-bins'

function history(...rows: number[][]): SampleHistory {
  const kept = new SampleHistory()
  const values = Float64Array.from(rows.flat())
  kept.append({
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    time: Float64Array.from(rows, (_, i) => i + 1),
    merged: new Uint32Array(rows.length).fill(1),
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  return kept
}
const range = { from: 0, to: 60 }

describe('reading a chart', () => {
  const rows = history([1, 10], [2, 20], [3, 30])
  const series: ReadSeries = ({ before, last }) =>
    [0, 1].map((column) =>
      Float64Array.from(last, (row, k) => binMean(rows, column, before[k] ?? 0, row)),
    )

  it('gives seconds and values in turn', () => {
    const reading = readBins(rows, binRows(rows, range, 240), range, series, false)
    expect([...(reading.lines[0] ?? [])]).toEqual([1, 1, 2, 2, 3, 3])
    expect(reading.peak).toBe(30)
  })

  it('sums stacked series from the first one up, and still tells their own values', () => {
    const reading = readBins(rows, binRows(rows, range, 240), range, series, true)
    expect([...(reading.lines[1] ?? [])]).toEqual([1, 11, 2, 22, 3, 33])
    expect(reading.peak).toBe(33)
    expect(reading.newest).toEqual({ at: 3, values: [3, 30] })
    expect(reading.at(1.9)).toEqual({ at: 2, values: [2, 20] })
  })

  it('does not count what lies outside the window as its peak', () => {
    const window = { from: 1, to: 2 }
    expect(readBins(rows, binRows(rows, window, 240), window, series, false).peak).toBe(20)
  })

  it('is empty before the first sample', () => {
    const none = new SampleHistory()
    const reading = readBins(none, binRows(none, range, 240), range, series, true)
    expect(reading.lines.map((line) => line.length)).toEqual([0, 0])
    expect(reading.newest).toBeUndefined()
    expect(reading.at(5)).toBeUndefined()
  })
})
