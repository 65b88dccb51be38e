/**
 * Rows of a recording between two instants as one block, column by column: one column of one batch
 * is unpacked at a time, and nothing is made for a row. What is merged, and into which buckets, is
 * as `evenBlock` has it.
 */
import type { TimeWindow } from '../../shared/api'
import type { SampleBlock } from '../../shared/frame'
import type { CounterSpec } from '../../sim/observe/counters'
import type { LogBatch } from './log-batch'
import type { LogReader } from './log-reader'

/** Some rows of a batch that follow one another. */
export interface Span {
  readonly batch: LogBatch
  readonly first: number
  readonly end: number
  /** Whether its rows stand for several samples, with what those were between. */
  readonly isTier: boolean
}

/** A log of rows, and from where on it has them. */
export interface Level {
  readonly after: number
  readonly log: LogReader
  readonly isTier: boolean
}

/**
 * Coarse rows first, each level up to where the next finer one has its own; the finest that is
 * wanted as far as it goes, and what is newer than its last row from the finer ones.
 * @throws UnreadableBatch
 */
export function* spansOf(
  levels: readonly Level[],
  finest: number,
  { from, to }: TimeWindow,
): Generator<Span> {
  let since = Math.max(0, from)
  for (const [place, { log, isTier }] of [...levels.entries()].reverse()) {
    const until = place > finest ? (levels[place - 1]?.after ?? 0) : Infinity
    if (until <= since) continue
    const before = Math.min(until, to)
    for (const batch of log.batches(since, before)) {
      const times = batch.level('time')
      const first = firstOver(times, (time) => time > since)
      const end = Math.min(batch.rows, 1 + firstOver(times, (time) => time >= before))
      if (end <= first) continue
      yield { batch, first, end, isTier }
      since = times[end - 1] ?? since
      if (since >= before) break
    }
    if (since >= to) return
  }
}

/** Index of the first for which it holds, of numbers that grow. */
function firstOver(times: ArrayLike<number>, holds: (time: number) => boolean): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(times[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

type Column = ArrayLike<number>
/** A counter in the rows of a batch. */
interface Wide {
  readonly last: Column
  readonly min: Column
  readonly max: Column
  readonly mean: Column
}

/** Where each row of a span goes, and how many samples are there before it. */
interface Placed extends Span {
  readonly to: Uint32Array
  readonly before: Float64Array
  readonly samples: Column
}

/** @param window the last instant is that of the last row at most. @throws UnreadableBatch */
export function blockOf(
  spans: readonly Span[],
  counters: readonly CounterSpec[],
  window: TimeWindow,
  maxRows: number,
): SampleBlock {
  const columns = counters.length
  const { placed, time, merged } = place(spans, window, Math.max(2, maxRows))
  const rows = time.length
  const cells = (): Float64Array<ArrayBuffer> => new Float64Array(rows * columns)
  const [last, min, max, mean] = [cells(), cells(), cells(), cells()]
  counters.forEach((counter, c) => {
    for (const span of placed) {
      const wide = wideColumn(span, counter)
      for (let row = span.first; row < span.end; row++) {
        const i = row - span.first
        const at = (span.to[i] ?? 0) * columns + c
        const before = span.before[i] ?? 0
        const [low, high, middle] = [wide.min[row] ?? 0, wide.max[row] ?? 0, wide.mean[row] ?? 0]
        last[at] = wide.last[row] ?? 0
        if (before === 0) {
          min[at] = low
          max[at] = high
          mean[at] = middle
          continue
        }
        const samples = span.samples[row] ?? 1
        if (low < (min[at] ?? 0)) min[at] = low
        if (high > (max[at] ?? 0)) max[at] = high
        mean[at] = ((mean[at] ?? 0) * before + middle * samples) / (before + samples)
      }
    }
  })
  return { rows, columns, time, merged, last, min, max, mean }
}

function place(
  spans: readonly Span[],
  { from, to }: TimeWindow,
  maxRows: number,
): { placed: Placed[]; time: Float64Array<ArrayBuffer>; merged: Uint32Array<ArrayBuffer> } {
  const total = spans.reduce((sum, { first, end }) => sum + end - first, 0)
  // Buckets lie at whole multiples of their length, so that the first and the last may be parts.
  let length =
    total > maxRows ? Math.max(to - from, Number.MIN_VALUE) / Math.max(1, maxRows - 2) : 0
  for (;;) {
    const time: number[] = []
    const merged: number[] = []
    let bucket = NaN
    const placed = spans.map((span): Placed => {
      const { batch, first, end } = span
      const times = batch.level('time')
      const isMany = batch.has('samples')
      const samples = isMany ? batch.level('samples') : new Uint8Array(batch.rows).fill(1)
      const goesTo = new Uint32Array(end - first)
      const before = new Float64Array(end - first)
      for (let row = first; row < end; row++) {
        const at = times[row] ?? 0
        const its = length > 0 ? Math.ceil(at / length) : NaN
        if (its !== bucket) {
          time.push(at)
          merged.push(0)
          bucket = its
        }
        const out = time.length - 1
        goesTo[row - first] = out
        before[row - first] = merged[out] ?? 0
        time[out] = at
        merged[out] = (merged[out] ?? 0) + (samples[row] ?? 1)
      }
      return { ...span, to: goesTo, before, samples }
    })
    if (time.length <= maxRows) {
      return { placed, time: Float64Array.from(time), merged: Uint32Array.from(merged) }
    }
    length *= 2
  }
}

function wideColumn({ batch, isTier }: Span, { id, kind }: CounterSpec): Wide {
  const last = batch.level(id)
  const isTotal = kind === 'monotonic'
  if (!isTier) {
    const spread = isTotal ? rateOf(batch, id) : last
    return { last, min: spread, max: spread, mean: spread }
  }
  // An earlier version has a total's mean beside its least and largest.
  const mean = batch.has(`${id}.mean`) ? batch.level(`${id}.mean`) : rateOf(batch, id)
  return { last, min: batch.level(`${id}.min`), max: batch.level(`${id}.max`), mean }
}

/** How fast a total grew since the row before, per simulated second. */
function rateOf(batch: LogBatch, id: string): Column {
  const growth = batch.growth(id)
  const { evenSeconds } = batch
  if (evenSeconds === 1) return growth
  const times = batch.level('time')
  const rates = new Float64Array(growth.length)
  let before = batch.valueBefore('time')
  for (let row = 0; row < rates.length; row++) {
    const at = times[row] ?? 0
    rates[row] = (growth[row] ?? 0) / Math.max(at - before, Number.MIN_VALUE)
    before = at
  }
  return rates
}
