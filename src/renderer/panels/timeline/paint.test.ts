import { describe, expect, it } from 'vitest'
import type { CounterSpec } from '../../../sim/observe/counters'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { readStrip } from './paint'

/**
 * An hour of samples: column 0 grows to 36,000 kB, column 1 is a total that grows by 7 a second.
 */
function history(): SampleHistory {
  const samples = new SampleHistory()
  const rows = 3600
  const values = new Float64Array(rows * 2)
  const time = Float64Array.from({ length: rows }, (_, i) => i + 1)
  time.forEach((t, i) => values.set([10 * t, 7 * t], 2 * i))
  samples.append({
    rows,
    columns: 2,
    time,
    merged: new Uint32Array(rows).fill(1),
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  return samples
}
const spec = (kind: CounterSpec['kind'], unit: string): CounterSpec => ({
  id: 'x',
  help: '',
  kind,
  unit,
})

describe('line of the timeline', () => {
  it('covers the whole run in as many points as it was given', () => {
    const line = readStrip(history(), 0, spec('gauge', 'kB'), 3600, 300)
    expect(line.seconds.length).toBeLessThanOrEqual(301)
    expect(line.seconds.at(-1)).toBe(3600)
    expect(line.seconds[0]).toBeLessThanOrEqual(15)
  })
  it('shows gauges as levels on a scale that is round in MB', () => {
    const line = readStrip(history(), 0, spec('gauge', 'kB'), 3600, 300)
    expect(line.values.at(-1)).toBeGreaterThan(35_900)
    expect(line.ceiling).toBe(40 * 1024)
  })
  it('shows totals as rates', () => {
    const line = readStrip(history(), 1, spec('monotonic', '1'), 3600, 300)
    for (const value of line.values) expect(value).toBeCloseTo(7, 9)
    expect(line.ceiling).toBe(8)
  })
})
