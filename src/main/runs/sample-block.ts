/**
 * Builds blocks of samples of bounded size: when there are too many rows, neighbours are merged.
 */
import type { SampleBlock } from '../../shared/frame'
import { RowMerger, wideRow, type WideRow } from './wide-row'

const firstCapacity = 16

export class BlockBuilder {
  private rows = 0
  private capacity = 0
  private time = new Float64Array(0)
  private merged = new Uint32Array(0)
  private last = new Float64Array(0)
  private min = new Float64Array(0)
  private max = new Float64Array(0)
  private mean = new Float64Array(0)

  /**
   * @param columns counters in a sample. @param maxRows at least 2; more rows than that are merged.
   */
  constructor(
    private readonly columns: number,
    private readonly maxRows: number,
  ) {}

  get length(): number {
    return this.rows
  }
  /** Bytes that its arrays take. */
  get bytes(): number {
    return this.capacity * (8 + 4 + 4 * 8 * this.columns)
  }

  /** Takes in one sample. */
  add(time: number, values: Float64Array): void {
    this.addRow(wideRow(time, values))
  }

  /** @param row copied. */
  addRow({ time, samples, last, min, max, mean }: WideRow): void {
    if (this.rows === this.maxRows) this.halve()
    if (this.rows === this.capacity) this.grow()
    this.time[this.rows] = time
    this.merged[this.rows] = samples
    const at = this.rows * this.columns
    this.last.set(last, at)
    this.min.set(min, at)
    this.max.set(max, at)
    this.mean.set(mean, at)
    this.rows++
  }

  /** What has been added since the last call; the builder is empty afterwards. */
  take(): SampleBlock {
    const block = this.peek()
    this.rows = 0
    return block
  }

  /** What has been added, which stays. */
  peek(): SampleBlock {
    const cells = this.rows * this.columns
    return {
      rows: this.rows,
      columns: this.columns,
      time: this.time.slice(0, this.rows),
      merged: this.merged.slice(0, this.rows),
      last: this.last.slice(0, cells),
      min: this.min.slice(0, cells),
      max: this.max.slice(0, cells),
      mean: this.mean.slice(0, cells),
    }
  }

  /** Merges rows 0 and 1, 2 and 3, …; an odd last row stays as it is. */
  private halve(): void {
    const before = this.rows
    this.rows = 0
    for (let row = 0; row < before; row += 2) this.fold(row, row + 1 < before ? row + 1 : row)
  }

  /** Writes the merger of two neighbouring rows (or a copy of one) to the next free row. */
  private fold(first: number, second: number): void {
    const to = this.rows++
    const { columns, merged } = this
    const n1 = first === second ? 0 : (merged[first] ?? 0)
    const n2 = merged[second] ?? 0
    this.time[to] = this.time[second] ?? 0
    for (let column = 0; column < columns; column++) {
      const a = first * columns + column
      const b = second * columns + column
      const c = to * columns + column
      this.last[c] = this.last[b] ?? 0
      this.min[c] = Math.min(this.min[a] ?? 0, this.min[b] ?? 0)
      this.max[c] = Math.max(this.max[a] ?? 0, this.max[b] ?? 0)
      this.mean[c] = ((this.mean[a] ?? 0) * n1 + (this.mean[b] ?? 0) * n2) / (n1 + n2)
    }
    merged[to] = n1 + n2
  }

  private grow(): void {
    this.capacity = Math.min(Math.max(firstCapacity, this.capacity * 2), this.maxRows)
    this.time = larger(this.time, this.capacity)
    const merged = new Uint32Array(this.capacity)
    merged.set(this.merged)
    this.merged = merged
    const cells = this.capacity * this.columns
    this.last = larger(this.last, cells)
    this.min = larger(this.min, cells)
    this.max = larger(this.max, cells)
    this.mean = larger(this.mean, cells)
  }
}

function larger(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(length)
  copy.set(values)
  return copy
}

/** Rows between two instants as a block, merged evenly until there are at most `maxRows`. */
export function evenBlock(
  rows: Iterable<WideRow>,
  columns: number,
  { from, to }: { readonly from: number; readonly to: number },
  maxRows: number,
): SampleBlock {
  const builder = new BlockBuilder(columns, Math.max(2, maxRows))
  const first: WideRow[] = []
  const rest = rows[Symbol.iterator]()
  let next = rest.next()
  for (; !next.done && first.length < maxRows; next = rest.next()) first.push(next.value)
  if (next.done) {
    for (const row of first) builder.addRow(row)
    return builder.take()
  }
  // Buckets lie at whole multiples of their length, so that the first and the last may be parts.
  const length = Math.max(to - from, Number.MIN_VALUE) / Math.max(1, maxRows - 2)
  const merger = new RowMerger(length, (row) => builder.addRow(row))
  for (const row of first) merger.add(row)
  for (; !next.done; next = rest.next()) merger.add(next.value)
  merger.close()
  return builder.take()
}

/** The rows of a block, without copying. */
export function* rowsOf(block: SampleBlock): Generator<WideRow> {
  const { columns } = block
  for (let row = 0; row < block.rows; row++) {
    const of = (values: Float64Array): Float64Array =>
      values.subarray(row * columns, (row + 1) * columns)
    yield {
      time: block.time[row] ?? 0,
      samples: block.merged[row] ?? 1,
      last: of(block.last),
      min: of(block.min),
      max: of(block.max),
      mean: of(block.mean),
    }
  }
}
