/**
 * What every counter came to in a window. Totals, means, least and largest are exact at every
 * resolution; percentiles are of the rows that are kept, of samples where all of them are.
 */
import type { TimeWindow } from '../../shared/api'
import type { SampleBlock } from '../../shared/frame'
import type { CounterStatistics, WindowStatistics } from '../../shared/recorded-parts'
import { failure, success, type Result } from '../../shared/result'
import type { CounterSpec } from '../../sim/observe/counters'
import type { RunStore } from './run-store'

/** Rows that a window is read in at most. */
const rowsMax = 4096
/** Rows before it that are looked at for where its totals begin. */
const rowsBefore = 2
/** The coarsest row that may end just before the window. */
const lookBack = 1200
const same = 1e-6

type Counter = Pick<CounterSpec, 'id' | 'kind'>

export async function statisticsOf(
  store: Pick<RunStore, 'range'>,
  counters: readonly Counter[],
  { from, to }: TimeWindow,
): Promise<Result<WindowStatistics>> {
  const before = await newestAt(store, from)
  if (!before.ok) return before
  const within = await store.range({ from: before.value?.at ?? 0, to, rows: rowsMax })
  if (!within.ok) return within
  const { samples } = within.value
  const end = samples.time.findLastIndex((time) => time <= to + same) + 1
  if (end === 0) {
    return failure('out-of-range', 'there is no sample in this window; choose a longer one')
  }
  const weight = samples.merged.subarray(0, end)
  const last = samples.time[end - 1] ?? to
  const since = before.value?.at ?? 0
  const statistics = counters.map(({ id, kind }, c): CounterStatistics => {
    const column = (of: Float64Array): Float64Array =>
      Float64Array.from({ length: end }, (_, row) => of[row * samples.columns + c] ?? 0)
    const grew = kind === 'monotonic'
    const began = before.value?.values[c] ?? 0
    const total = grew ? (column(samples.last).at(-1) ?? 0) - began : undefined
    const means = column(samples.mean)
    const mean =
      total === undefined ? weightedMean(means, weight) : total / Math.max(last - since, same)
    return {
      id,
      total,
      mean,
      min: column(samples.min).reduce((a, b) => Math.min(a, b), Infinity),
      max: column(samples.max).reduce((a, b) => Math.max(a, b), -Infinity),
      ...percentiles(means, weight),
    }
  })
  const many = weight.reduce((sum, n) => sum + n, 0)
  return success({ from: since, to: last, samples: many, rows: end, counters: statistics })
}

/** The newest row that ends at or before an instant. */
async function newestAt(
  store: Pick<RunStore, 'range'>,
  at: number,
): Promise<Result<{ readonly at: number; readonly values: Float64Array } | undefined>> {
  for (const back of [rowsBefore, lookBack]) {
    const range = await store.range({ from: Math.max(0, at - back), to: at, rows: rowsMax })
    if (!range.ok) return range
    const found = newestIn(range.value.samples, at)
    if (found) return success(found)
  }
  return success(undefined)
}

function newestIn({ time, last, columns }: SampleBlock, at: number) {
  const row = time.findLastIndex((instant) => instant <= at + same)
  if (row < 0) return undefined
  return { at: time[row] ?? 0, values: last.slice(row * columns, (row + 1) * columns) }
}

function weightedMean(values: Float64Array, weight: Uint32Array): number {
  let [sum, all] = [0, 0]
  values.forEach((value, row) => {
    sum += value * (weight[row] ?? 1)
    all += weight[row] ?? 1
  })
  return sum / Math.max(all, 1)
}

/** The smallest value that is not exceeded for such a share of the samples. */
function percentiles(values: Float64Array, weight: Uint32Array) {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const all = weight.reduce((sum, n) => sum + n, 0)
  const at = (share: number): number => {
    let seen = 0
    for (const row of order) {
      seen += weight[row] ?? 1
      if (seen >= share * all - same) return values[row] ?? 0
    }
    return 0
  }
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}
