import { expect, it } from 'vitest'
import { basisOf, statisticsRows } from './statistics-rows'

const specs = [
  { id: 'memory.free', unit: 'kB', kind: 'gauge', help: 'Free memory.' },
  { id: 'accept.woken', unit: 'processes', kind: 'monotonic', help: 'Woken in accept.' },
] as const
const spread = { mean: 2048, min: 1024, max: 4096, p50: 2048, p90: 3072, p99: 4096 }
const statistics = {
  from: 10,
  to: 20,
  samples: 10,
  rows: 10,
  counters: [
    { id: 'memory.free', total: undefined, ...spread },
    { id: 'accept.woken', total: 0, mean: 0, min: 0, max: 0, p50: 0, p90: 0, p99: 0 },
    { id: 'unknown', total: 5, ...spread },
  ],
}

it('says levels in their unit, and totals as what they grew by and how fast', () => {
  const rows = statisticsRows(statistics, specs, '', false)
  expect(rows.map(({ id, total }) => [id, total])).toEqual([
    ['memory.free', ''],
    ['accept.woken', '0'],
  ])
  expect(rows[0]?.cells).toEqual(['2.0 MB', '1.0 MB', '4.0 MB', '2.0 MB', '3.0 MB', '4.0 MB'])
  expect([rows[1]?.cells[0], rows[1]?.unit, rows[0]?.unit]).toEqual(['0', 'processes/s', ''])
})

it('is of the counters that are looked for, or of those that moved', () => {
  const ids = (term: string, moved: boolean) =>
    statisticsRows(statistics, specs, term, moved).map(({ id }) => id)
  expect(ids('woken in', false)).toEqual(['accept.woken'])
  expect(ids('', true)).toEqual(['memory.free'])
  expect(ids('nothing', false)).toEqual([])
})

it('says what percentiles are of', () => {
  expect(basisOf(statistics)).toBe('10 samples, each of them looked at')
  expect(basisOf({ ...statistics, samples: 40_000, rows: 4000 })).toBe(
    '40,000 samples in 4,000 rows: percentiles are of means over 10.0 of them',
  )
})
