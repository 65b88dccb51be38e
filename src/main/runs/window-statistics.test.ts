import { expect, it } from 'vitest'
import { success } from '../../shared/result'
import { RunMemory } from './run-store'
import { statisticsOf } from './window-statistics'

const counters = [
  { id: 'level', unit: '1', kind: 'gauge', help: '' },
  { id: 'sum', unit: '1', kind: 'monotonic', help: '' },
] as const

/** A level of 1, 2, … 100 again and again, and a total that grows by it. */
function memoryOf(seconds: number, limitBytes = 1e9): RunMemory {
  const memory = new RunMemory(counters, limitBytes)
  let sum = 0
  for (let at = 1; at <= seconds; at++) {
    const level = ((at - 1) % 100) + 1
    sum += level
    memory.takeSamples(1, Float64Array.of(at), Float64Array.of(level, sum))
  }
  return memory
}
const of = async (memory: RunMemory, from: number, to: number) => {
  const range = (request: Parameters<RunMemory['range']>[0]) =>
    Promise.resolve(success(memory.range(request)))
  const result = await statisticsOf({ range }, counters, { from, to })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

it('sums, means and percentiles of a window are those of its samples', async () => {
  const memory = memoryOf(1000)
  const statistics = await of(memory, 200.5, 300)
  expect(statistics).toMatchObject({ from: 200, to: 300, samples: 100, rows: 100 })
  const [level, sum] = statistics.counters
  const spread = { mean: 50.5, min: 1, max: 100, p50: 50, p90: 90, p99: 99 }
  expect(level).toEqual({ id: 'level', total: undefined, ...spread })
  expect(sum).toEqual({ id: 'sum', total: 5050, ...spread })
})

it('from the very beginning on the first sample counts too', async () => {
  expect(await of(memoryOf(10), 0, 10)).toMatchObject({
    from: 0,
    to: 10,
    samples: 10,
    counters: [{ mean: 5.5 }, { total: 55, mean: 5.5, min: 1, max: 10 }],
  })
})

it('of more rows than are read at once, all but percentiles stay exact', async () => {
  const { samples, rows, counters: found } = await of(memoryOf(20_000), 0, 20_000)
  expect(samples).toBe(20_000)
  expect(rows).toBeLessThanOrEqual(4096)
  expect(found).toMatchObject([
    { min: 1, max: 100 },
    { min: 1, max: 100, total: 200 * 5050, mean: 50.5 },
  ])
  expect(found[0]?.mean).toBeCloseTo(50.5, 9)
})

it('a window between two samples has none', async () => {
  await expect(of(memoryOf(0), 3, 4)).rejects.toThrow('there is no sample in this window')
})
