/** Rows of samples: one sample, or several that were merged. */

import type { CounterSpec } from '../../sim/observe/counters'

/** A row as files are written from it: a real sample, and how many it stands for. */
export interface SampleRow {
  /** Simulated seconds. */
  readonly time: number
  /** How many samples this row stands for, itself included. */
  readonly samples: number
  /** One value per counter. */
  readonly values: Float64Array
}

/**
 * A row with what its samples were between: `last` of the newest of them, so that totals stay
 * exact, and the least, the largest and the mean of each counter.
 */
export interface WideRow {
  /** Simulated seconds at the end of the row. */
  readonly time: number
  readonly samples: number
  readonly last: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly mean: Float64Array
}

/** One sample as a row. @param values not copied. */
export const wideRow = (time: number, values: Float64Array, samples = 1): WideRow => ({
  time,
  samples,
  last: values,
  min: values,
  max: values,
  mean: values,
})

/**
 * Makes rows of samples that come one after another. What a gauge was between is its value, and of
 * a
 * total how fast it grew, per simulated second: its least and largest say when it did not.
 */
export class RowMaker {
  private before: { time: number; values: Float64Array } | undefined

  /** @param isTotal by counter; all are gauges when left out */
  constructor(private readonly isTotal?: readonly boolean[]) {}

  /** @param values not copied */
  row(time: number, values: Float64Array): WideRow {
    const { isTotal, before } = this
    if (!isTotal) return wideRow(time, values)
    const seconds = Math.max(time - (before?.time ?? 0), Number.MIN_VALUE)
    const spread = new Float64Array(isTotal.length)
    for (let c = 0; c < spread.length; c++) {
      const value = values[c] ?? 0
      spread[c] = isTotal[c] ? (value - (before?.values[c] ?? 0)) / seconds : value
    }
    if (before) before.values.set(values.subarray(0, isTotal.length))
    else this.before = { time, values: values.slice(0, isTotal.length) }
    if (this.before) this.before.time = time
    return { time, samples: 1, last: values, min: spread, max: spread, mean: spread }
  }
}

/** Which counters are totals, for RowMaker. */
export const totalsOf = (counters: readonly Pick<CounterSpec, 'kind'>[]): boolean[] =>
  counters.map(({ kind }) => kind === 'monotonic')

/** Merges rows into buckets of equal simulated time, each closed at its end. */
export class RowMerger {
  private open: { -readonly [K in keyof WideRow]: WideRow[K] } | undefined

  /**
   * @param seconds length of a bucket
   * @param emit takes a whole bucket, whose arrays are its own
   */
  constructor(
    readonly seconds: number,
    private readonly emit: (row: WideRow) => void,
  ) {}

  add(row: WideRow): void {
    const { open } = this
    if (open && this.bucketOf(open.time) !== this.bucketOf(row.time)) this.close()
    this.open = this.open ? merged(this.open, row) : copied(row)
    if (row.time >= this.bucketOf(row.time) * this.seconds) this.close()
  }

  private bucketOf(time: number): number {
    return Math.ceil(time / this.seconds)
  }

  /** Ends the bucket that is open. */
  close(): void {
    const { open } = this
    this.open = undefined
    if (open) this.emit(open)
  }
}

const copied = (row: WideRow): WideRow => ({
  time: row.time,
  samples: row.samples,
  last: row.last.slice(),
  min: row.min.slice(),
  max: row.max.slice(),
  mean: row.mean.slice(),
})

/** Two neighbours as one, in the arrays of the first. */
function merged(first: WideRow, second: WideRow): WideRow {
  const { last, min, max, mean } = first
  const samples = first.samples + second.samples
  for (let c = 0; c < last.length; c++) {
    last[c] = second.last[c] ?? 0
    min[c] = Math.min(min[c] ?? 0, second.min[c] ?? 0)
    max[c] = Math.max(max[c] ?? 0, second.max[c] ?? 0)
    mean[c] = ((mean[c] ?? 0) * first.samples + (second.mean[c] ?? 0) * second.samples) / samples
  }
  return { time: second.time, samples, last, min, max, mean }
}
