/** The newest rows within a limit of memory, in chunks: the oldest chunk is dropped first. */
import { RowMaker, type WideRow } from './wide-row'

const rowsPerChunk = 64
/** Chunks that are kept at least, whatever the limit. */
const chunksMin = 2

interface Chunk {
  rows: number
  readonly time: Float64Array
  readonly samples: Uint32Array
  /** Values by row; one array for rows that are single samples, four for merged ones. */
  readonly values: readonly Float64Array[]
}

/** Rows that end after one instant, up to the first that ends at or after another. */
export type RowView = (after: number, before: number) => Iterable<WideRow>

export class RowRing {
  private chunks: Chunk[] = []
  private droppedTo = 0

  /**
   * @param merged whether rows have a least, a largest and a mean of their own
   * @param isTotal by counter, for rows that are single samples
   */
  constructor(
    private readonly width: number,
    private readonly merged: boolean,
    private readonly limitBytes: number,
    private readonly isTotal?: readonly boolean[],
  ) {}

  /** Rows are kept from after this simulated second on. */
  get after(): number {
    return this.droppedTo
  }
  get bytes(): number {
    return this.chunks.length * this.chunkBytes
  }

  /** @returns true when old rows were dropped for it. */
  append(row: WideRow): boolean {
    let chunk = this.chunks.at(-1)
    let dropped = false
    if (!chunk || chunk.rows === rowsPerChunk) {
      dropped = this.makeRoom()
      chunk = this.emptyChunk()
      this.chunks.push(chunk)
    }
    const at = chunk.rows++
    chunk.time[at] = row.time
    chunk.samples[at] = row.samples
    const columns = [row.last, row.min, row.max, row.mean]
    chunk.values.forEach((values, i) => values.set(columns[i] ?? row.last, at * this.width))
    return dropped
  }

  /**
   * The rows as they are at this call: what is appended or dropped later does not show. Its rows
   * end after one instant, the last of them at or after another.
   */
  view(): RowView {
    const { width, isTotal } = this
    const parts = this.chunks.map((chunk) => ({ chunk, rows: chunk.rows }))
    return function* (after, before) {
      const maker = new RowMaker(isTotal)
      for (const { chunk, rows } of parts) {
        // The last row before the first one says how fast totals grew up to it.
        const isOver = (chunk.time[rows - 1] ?? 0) <= after
        for (let row = isOver ? rows - 1 : 0; row < rows; row++) {
          const time = chunk.time[row] ?? 0
          const of = (values: Float64Array): Float64Array =>
            values.subarray(row * width, (row + 1) * width)
          const samples = chunk.samples[row] ?? 1
          const [last, min, max, mean] = chunk.values.map(of)
          if (!last) return
          const isMerged = min && max && mean
          const whole = isMerged ? { time, samples, last, min, max, mean } : maker.row(time, last)
          if (time <= after) continue
          yield whole
          if (time >= before) return
        }
      }
    }
  }

  private makeRoom(): boolean {
    const dropped: Chunk[] = []
    while (this.chunks.length >= chunksMin && this.bytes + this.chunkBytes > this.limitBytes) {
      dropped.push(...this.chunks.splice(0, 1))
    }
    const newest = dropped.at(-1)
    if (newest) this.droppedTo = newest.time[newest.rows - 1] ?? 0
    return newest !== undefined
  }

  private get chunkBytes(): number {
    return rowsPerChunk * (8 + 4 + 8 * this.width * (this.merged ? 4 : 1))
  }

  private emptyChunk(): Chunk {
    const cells = rowsPerChunk * this.width
    return {
      rows: 0,
      time: new Float64Array(rowsPerChunk),
      samples: new Uint32Array(rowsPerChunk),
      values: Array.from({ length: this.merged ? 4 : 1 }, () => new Float64Array(cells)),
    }
  }
}
