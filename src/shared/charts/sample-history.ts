import type { SampleBlock } from '../frame'

/**
 * One counter over the rows of a history. Totals must stay exact for differences; min, max and mean
 * are only looked at, and in single precision a history of 150 counters stays below 45 MB.
 */
interface Column {
  last: Float64Array
  min: Float32Array
  max: Float32Array
  mean: Float32Array
}

const firstCapacity = 1024

export interface SampleHistoryOptions {
  /** Rows that are kept at most. @default 14_400 (four hours at one sample a second) */
  readonly capacity?: number
  /** Newest rows that are never thinned. @default a quarter of the capacity (an hour) */
  readonly recent?: number
}

/**
 * Every sample of a run, in bounded memory. Plain typed arrays, outside Vue's reactivity: readers
 * watch `useLiveStore().tick`, or compare `version`.
 *
 * When it is full, rows older than the newest `recent` are merged into buckets of equal simulated
 * time, and the bucket doubles until they fit in half of their share. So the whole run stays
 * visible at an even resolution. A merged row keeps the end time and `last` of its newest sample,
 * so totals and rates stay exact; min and max are those of all its samples, and mean is weighted by
 * how many there were.
 */
export class SampleHistory {
  readonly capacity: number
  readonly recent: number
  private columns: Column[] = []
  private times = new Float64Array(0)
  private counts = new Uint32Array(0)
  private length = 0
  private changes = 0
  /** Simulated seconds that one merged row stands for; 0 while nothing was thinned. */
  private bucketSeconds = 0

  constructor(options: SampleHistoryOptions = {}) {
    this.capacity = options.capacity ?? 14_400
    this.recent = options.recent ?? Math.floor(this.capacity / 4)
    if (this.recent >= this.capacity) {
      throw new RangeError(`recent (${this.recent}) must be below capacity (${this.capacity})`)
    }
  }

  /** Rows kept now. */
  get rows(): number {
    return this.length
  }
  /** Counters in a row. */
  get width(): number {
    return this.columns.length
  }
  /** Grows with every change. */
  get version(): number {
    return this.changes
  }
  /** Simulated seconds that one thinned row stands for; 0 while every sample is kept as it came. */
  get thinnedTo(): number {
    return this.bucketSeconds
  }

  /** Forgets everything: a new run. */
  reset(): void {
    this.columns = []
    this.times = new Float64Array(0)
    this.counts = new Uint32Array(0)
    this.length = 0
    this.bucketSeconds = 0
    this.changes++
  }

  /**
   * Appends the rows of a block that are later than the newest row kept; the others are known
   * already.
   */
  append(block: SampleBlock): void {
    if (block.rows === 0) return
    if (block.columns !== this.columns.length) {
      this.reset()
      this.columns = Array.from({ length: block.columns }, emptyColumn)
    }
    for (let row = 0; row < block.rows; row++) {
      const at = block.time[row] ?? 0
      if (this.length > 0 && at <= this.time(this.length - 1)) continue
      if (this.length === this.capacity) this.thin()
      if (this.length === this.times.length) this.grow()
      const i = this.length++
      this.times[i] = at
      this.counts[i] = block.merged[row] ?? 1
      const start = row * block.columns
      for (let c = 0; c < block.columns; c++) {
        const column = this.columns[c]
        if (column === undefined) continue
        column.last[i] = block.last[start + c] ?? 0
        column.min[i] = block.min[start + c] ?? 0
        column.max[i] = block.max[start + c] ?? 0
        column.mean[i] = block.mean[start + c] ?? 0
      }
    }
    this.changes++
  }

  /**
   * Simulated seconds at the end of row `i`; NaN when there is no such row, as in all readers
   * below.
   */
  time(i: number): number {
    return i < this.length ? (this.times[i] ?? NaN) : NaN
  }
  /** How many samples row `i` stands for. */
  merged(i: number): number {
    return i < this.length ? (this.counts[i] ?? NaN) : NaN
  }
  last(column: number, i: number): number {
    return i < this.length ? (this.columns[column]?.last[i] ?? NaN) : NaN
  }
  min(column: number, i: number): number {
    return i < this.length ? (this.columns[column]?.min[i] ?? NaN) : NaN
  }
  max(column: number, i: number): number {
    return i < this.length ? (this.columns[column]?.max[i] ?? NaN) : NaN
  }
  mean(column: number, i: number): number {
    return i < this.length ? (this.columns[column]?.mean[i] ?? NaN) : NaN
  }

  /** Every counter's `last` in row `i`, by column; NaN when there is no such row. */
  row(i: number): Float64Array {
    return Float64Array.from(this.columns, (column) =>
      i >= 0 && i < this.length ? (column.last[i] ?? NaN) : NaN,
    )
  }

  /**
   * Growth of a monotonic counter per simulated second over row `i`. Counters are 0 when a run
   * begins, so the first row counts from there. NaN where the counter fell (it was set back), so
   * that a chart shows a gap.
   */
  rate(column: number, i: number): number {
    const previous = i > 0 ? this.last(column, i - 1) : 0
    const since = i > 0 ? this.time(i - 1) : 0
    const grown = this.last(column, i) - previous
    const seconds = this.time(i) - since
    return grown >= 0 && seconds > 0 ? grown / seconds : NaN
  }

  /**
   * Growth of a monotonic counter per simulated second from row `from` (exclusive) to row `to`
   * (inclusive); `from` is -1 for the start of the run.
   */
  rateBetween(column: number, from: number, to: number): number {
    const before = from < 0 ? 0 : this.last(column, from)
    const since = from < 0 ? 0 : this.time(from)
    const seconds = this.time(to) - since
    return seconds > 0 ? (this.last(column, to) - before) / seconds : NaN
  }

  /** The row nearest to an instant in simulated seconds; -1 while there are none. */
  indexAt(seconds: number): number {
    const i = this.firstFrom(seconds)
    if (i === 0) return this.length > 0 ? 0 : -1
    if (i === this.length) return this.length - 1
    return this.time(i) - seconds < seconds - this.time(i - 1) ? i : i - 1
  }

  /**
   * The first row that ends at or after an instant in simulated seconds; `rows` when there is none.
   */
  firstFrom(seconds: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.time(middle) < seconds) low = middle + 1
      else high = middle
    }
    return low
  }

  private grow(): void {
    const capacity = Math.min(this.capacity, Math.max(firstCapacity, this.times.length * 2))
    this.times = longer(this.times, new Float64Array(capacity))
    this.counts = longer(this.counts, new Uint32Array(capacity))
    for (const column of this.columns) {
      column.last = longer(column.last, new Float64Array(capacity))
      column.min = longer(column.min, new Float32Array(capacity))
      column.max = longer(column.max, new Float32Array(capacity))
      column.mean = longer(column.mean, new Float32Array(capacity))
    }
  }

  private thin(): void {
    const old = this.length - this.recent
    if (this.bucketSeconds === 0) {
      this.bucketSeconds = Math.max(2 * (this.time(old - 1) / old), Number.MIN_VALUE)
    }
    while (this.bucketsOf(old) > old / 2) this.bucketSeconds *= 2

    let kept = -1
    let bucket = NaN
    for (let i = 0; i < old; i++) {
      const next = this.bucketAt(i)
      if (next === bucket) this.mergeInto(kept, i)
      else this.moveTo(++kept, i)
      bucket = next
    }
    const gap = old - (kept + 1)
    for (let i = old; i < this.length; i++) this.moveTo(i - gap, i)
    this.length -= gap
  }

  /** Rows end at their time, so a bucket is open at its start and closed at its end. */
  private bucketAt(i: number): number {
    return Math.ceil((this.times[i] ?? 0) / this.bucketSeconds)
  }

  private bucketsOf(rows: number): number {
    let buckets = 0
    let before = NaN
    for (let i = 0; i < rows; i++) {
      const bucket = this.bucketAt(i)
      if (bucket !== before) buckets++
      before = bucket
    }
    return buckets
  }

  private moveTo(to: number, from: number): void {
    if (to === from) return
    this.times[to] = this.times[from] ?? 0
    this.counts[to] = this.counts[from] ?? 0
    for (const column of this.columns) {
      column.last[to] = column.last[from] ?? 0
      column.min[to] = column.min[from] ?? 0
      column.max[to] = column.max[from] ?? 0
      column.mean[to] = column.mean[from] ?? 0
    }
  }

  private mergeInto(to: number, from: number): void {
    const a = this.counts[to] ?? 0
    const b = this.counts[from] ?? 0
    this.times[to] = this.times[from] ?? 0
    this.counts[to] = a + b
    for (const column of this.columns) {
      column.last[to] = column.last[from] ?? 0
      column.min[to] = Math.min(column.min[to] ?? 0, column.min[from] ?? 0)
      column.max[to] = Math.max(column.max[to] ?? 0, column.max[from] ?? 0)
      column.mean[to] = ((column.mean[to] ?? 0) * a + (column.mean[from] ?? 0) * b) / (a + b)
    }
  }
}

function emptyColumn(): Column {
  return {
    last: new Float64Array(0),
    min: new Float32Array(0),
    max: new Float32Array(0),
    mean: new Float32Array(0),
  }
}

function longer<T extends Float64Array | Float32Array | Uint32Array>(values: T, grown: T): T {
  grown.set(values)
  return grown
}
