import { describe, expect, it } from 'vitest'
import { SampleLog } from './sample-log'

const filled = (samples: number, limitBytes?: number): { log: SampleLog; thinnings: number } => {
  const log = new SampleLog(3, limitBytes)
  let thinnings = 0
  for (let n = 1; n <= samples; n++) {
    if (log.append(n, Float64Array.of(n * 10, n % 7, -n))) thinnings++
  }
  return { log, thinnings }
}
const times = (log: SampleLog): number[] => [...log.rows()].map((row) => row.time)

describe('the sample log', () => {
  it('keeps every sample below its limit', () => {
    const { log, thinnings } = filled(2000)
    expect(thinnings).toBe(0)
    expect(log.stride).toBe(1)
    expect(times(log)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
    expect([...log.rows()].map((row) => row.values[0])).toEqual(times(log).map((t) => t * 10))
  })

  it('stays below its limit, evenly spaced, with the newest sample always there', () => {
    const limit = 100_000
    for (const samples of [5000, 5001, 12_345, 100_000]) {
      const { log, thinnings } = filled(samples, limit)
      expect(log.bytes).toBeLessThanOrEqual(limit)
      expect(log.stride).toBe(2 ** thinnings)
      expect(log.stride).toBeGreaterThan(1)
      const kept = times(log)
      expect(kept.length).toBe(log.length)
      expect(kept.at(-1)).toBe(samples)
      expect(kept.slice(0, -1).every((time, index) => time === (index + 1) * log.stride)).toBe(true)
      expect([...log.rows()].every((row) => row.values[0] === row.time * 10)).toBe(true)
    }
  })

  it('gives the whole run as a block of bounded size', () => {
    for (const limit of [undefined, 100_000]) {
      const block = filled(5001, limit).log.block(300)
      expect(block.rows).toBeLessThanOrEqual(300)
      expect([...block.merged].reduce((a, b) => a + b, 0)).toBe(5001)
      expect(block.time.at(-1)).toBe(5001)
    }
  })

  it('gives rows as they were when they were asked for, whatever is appended since', () => {
    const { log } = filled(1001)
    const rows = log.rows()
    for (let n = 1002; n <= 20_000; n++) log.append(n, Float64Array.of(n * 10, 0, 0))
    expect([...rows].map((row) => row.time)).toEqual(
      Array.from({ length: 1001 }, (_, index) => index + 1),
    )
    const thinned = filled(40_001, 100_000).log
    const odd = thinned.rows()
    const last = thinned.length - 1
    for (let n = 40_002; n <= 200_000; n++) thinned.append(n, Float64Array.of(n * 10, 0, 0))
    expect([...odd].at(last)?.time).toBe(40_001)
    expect([...thinned.rows()].every((row) => row.values[0] === row.time * 10)).toBe(true)
  })

  it('has no rows before the first sample', () => {
    expect(times(new SampleLog(3))).toEqual([])
    expect(new SampleLog(3).length).toBe(0)
  })
})
