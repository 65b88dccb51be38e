import { describe, expect, it } from 'vitest'
import { gauge, type ChartSource } from './chart-source'
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

describe('bands', () => {
  /** Ten hours at 1 s; in one second of them the gauge is 900, and 1 otherwise. */
  function tenHours(): SampleHistory {
    const kept = new SampleHistory({ capacity: 4000 })
    const rows = 36_000
    const time = Float64Array.from({ length: rows }, (_, i) => i + 1)
    const values = Float64Array.from(time, (at) => (at === 12_345 ? 900 : 1))
    const merged = new Uint32Array(rows).fill(1)
    const all = { last: values, min: values, max: values, mean: values }
    kept.append({ rows, columns: 1, time, merged, ...all })
    return kept
  }
  const source = (history: SampleHistory): ChartSource => ({
    history,
    column: () => 0,
    counters: () => [],
    rounds: () => [],
    machine: { cpus: 1, clockMHz: 1 },
    settings: {},
  })

  it('show the trouble of one second in a picture of ten hours', () => {
    const history = tenHours()
    const all = { from: 0, to: 36_000 }
    const reader = gauge('x')
    const spread = reader.spread?.(source(history))
    const values = reader.from(source(history))
    const bins = binRows(history, all, 400)
    const { lines, bands, peak } = readBins(history, bins, all, (s) => [values(s)], false, [spread])
    expect(Math.max(...(lines[0] ?? []).filter((_, i) => i % 2 === 1))).toBeLessThan(20)
    const most = [...(bands?.[0] ?? [])].filter((_, i) => i % 3 === 2)
    expect(most.filter((value) => value === 900)).toHaveLength(1)
    expect(peak).toBe(900)
  })

  it('are left out where points are close', () => {
    const history = tenHours()
    const range = { from: 35_000, to: 35_600 }
    const spread = gauge('x').spread?.(source(history))
    const bins = binRows(history, range, 400)
    expect(readBins(history, bins, range, () => [], false, [spread]).bands).toBeUndefined()
  })
})
