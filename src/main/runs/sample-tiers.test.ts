import { describe, expect, it } from 'vitest'
import { SampleTiers } from './sample-tiers'

/** A counter that tells its sample, a gauge with one peak, and one that falls. */
const peakAt = 4321
const valuesAt = (n: number): Float64Array => Float64Array.of(n * 10, n === peakAt ? 99 : n % 7, -n)
const filled = (samples: number, limitBytes?: number): { log: SampleTiers; drops: number[] } => {
  const log = new SampleTiers(3, limitBytes)
  const drops: number[] = []
  for (let n = 1; n <= samples; n++) if (log.append(n, valuesAt(n))) drops.push(n)
  return { log, drops }
}
const times = (log: SampleTiers): number[] => [...log.rows()].map((row) => row.time)
const limit = 100_000

describe('samples in memory', () => {
  it('are all kept below the limit', () => {
    const { log, drops } = filled(2000)
    expect(drops).toEqual([])
    expect(times(log)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
    expect([...log.rows()].map((row) => row.values[0])).toEqual(times(log).map((t) => t * 10))
  })

  it('stay below the limit, each sample in one row, the newest always there', () => {
    for (const samples of [5000, 5001, 12_345, 100_000, 500_003]) {
      const { log, drops } = filled(samples, limit)
      expect(log.bytes).toBeLessThanOrEqual(limit)
      expect(drops.length).toBe(1)
      const rows = [...log.rows()]
      expect(rows.at(-1)?.time).toBe(samples)
      expect(rows.reduce((sum, row) => sum + row.samples, 0)).toBe(samples)
      expect(rows.every((row) => row.values[0] === row.time * 10)).toBe(true)
      expect(rows.at(-1)?.samples).toBe(1)
      let before = 0
      for (const row of rows) {
        expect(row.time - before).toBe(row.samples)
        before = row.time
      }
    }
  })

  it('come as a block of bounded size, with the peak of one second in it', () => {
    for (const limitBytes of [undefined, limit]) {
      for (const samples of [5001, 90_007]) {
        const block = filled(samples, limitBytes).log.block(300)
        expect(block.rows).toBeLessThanOrEqual(300)
        expect([...block.merged].reduce((a, b) => a + b, 0)).toBe(samples)
        expect(block.time.at(-1)).toBe(samples)
        const peaks = Array.from({ length: block.rows }, (_, row) => block.max[row * 3 + 1])
        expect(peaks.filter((peak) => peak === 99).length).toBe(1)
      }
    }
  })

  it('come between two instants, at the finest resolution that is kept there', () => {
    const { log } = filled(90_000, limit)
    const newest = log.block(300, 89_900, 90_000)
    expect([...newest.time]).toEqual(Array.from({ length: 100 }, (_, index) => 89_901 + index))
    const old = log.block(300, 4000, 5000)
    expect(old.rows).toBeGreaterThan(1)
    expect(old.time[0]).toBeGreaterThan(4000)
    expect(old.time.at(-1)).toBeGreaterThanOrEqual(5000)
    expect(log.block(300, 95_000, 96_000).rows).toBe(0)
  })

  it('are given as they were when they were asked for, whatever is appended since', () => {
    for (const samples of [1001, 40_001]) {
      const { log } = filled(samples, limit)
      const before = times(log)
      const rows = log.rows()
      for (let n = samples + 1; n <= samples + 20_000; n++) log.append(n, valuesAt(n))
      expect([...rows].map((row) => row.time)).toEqual(before)
    }
  })

  it('are none before the first', () => {
    expect(times(new SampleTiers(3))).toEqual([])
    expect(new SampleTiers(3).block(10).rows).toBe(0)
  })
})

it('keeps of a total how fast it grew, so that a second in which it stood is still there', () => {
  const log = new SampleTiers(1, undefined, [true])
  let total = 0
  for (let at = 1; at <= 100; at++) log.append(at, Float64Array.of((total += at === 42 ? 0 : 5)))
  const block = log.block(6)
  expect(Math.min(...block.min)).toBe(0)
  expect(Math.max(...block.max)).toBe(5)
  expect(block.last.at(-1)).toBe(total)
})
