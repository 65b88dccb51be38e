/**
 * The samples of one run, in memory, within a limit. When the limit is reached every second sample
 * is dropped and from then on only every second one is kept, and so on: totals stay exact, because
 * every kept row is a real sample and the newest one is always there; what a gauge did in between
 * is lost.
 */
import type { SampleBlock } from '../../shared/frame'
import { BlockBuilder } from './sample-block'

const rowsPerChunk = 512
/** Bytes of samples that are kept unless told otherwise. */
export const sampleLogBytes = 64 * 1024 * 1024

interface Chunk {
  rows: number
  readonly time: Float64Array
  readonly values: Float64Array
}

export interface SampleRow {
  /** Simulated seconds. */
  readonly time: number
  /** How many samples this row stands for, itself included. */
  readonly samples: number
  /** One value per counter. */
  readonly values: Float64Array
}

export class SampleLog {
  private chunks: Chunk[] = []
  private taken = 0
  private keptEvery = 1
  private readonly newest: { time: number; readonly values: Float64Array }

  /** @param width counters in a sample. @param limitBytes thinned when it would hold more. */
  constructor(
    readonly width: number,
    private readonly limitBytes = sampleLogBytes,
  ) {
    this.newest = { time: 0, values: new Float64Array(width) }
  }

  /** How many samples one kept row stands for: 1, 2, 4, … */
  get stride(): number {
    return this.keptEvery
  }

  /** Bytes that the kept rows take. */
  get bytes(): number {
    return this.chunks.length * rowsPerChunk * (this.width + 1) * Float64Array.BYTES_PER_ELEMENT
  }

  /** Rows that `rows()` yields. */
  get length(): number {
    const kept = this.chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
    return kept + (this.newestIsKept ? 0 : 1)
  }

  /** @param values copied. @returns true when the log was thinned to take it in. */
  append(time: number, values: Float64Array): boolean {
    this.taken++
    this.newest.time = time
    this.newest.values.set(values)
    if (!this.newestIsKept) return false
    let chunk = this.chunks.at(-1)
    if (!chunk || chunk.rows === rowsPerChunk) {
      const thinned = this.chunks.length > 1 && this.bytes + this.chunkBytes > this.limitBytes
      if (thinned) this.thin()
      if (!this.newestIsKept) return thinned
      this.chunks.push(this.emptyChunk())
      chunk = this.chunks.at(-1)
      if (chunk) put(chunk, time, values)
      return thinned
    }
    put(chunk, time, values)
    return false
  }

  /**
   * Every kept sample in order, the newest one last, as they are at this call: what is appended
   * later, and thinning, do not show, so that a file can be written while the run goes on.
   */
  rows(): Iterable<SampleRow> {
    const { width } = this
    const samples = this.keptEvery
    const parts = this.chunks.map((chunk) => ({ chunk, rows: chunk.rows }))
    const newest = this.newestIsKept
      ? undefined
      : {
          time: this.newest.time,
          samples: this.taken % this.keptEvery,
          values: this.newest.values.slice(),
        }
    return (function* () {
      for (const { chunk, rows } of parts) {
        for (let row = 0; row < rows; row++) {
          const values = chunk.values.subarray(row * width, (row + 1) * width)
          yield { time: chunk.time[row] ?? 0, samples, values }
        }
      }
      if (newest) yield newest
    })()
  }

  /** The whole run in at most `maxRows` rows, neighbours merged. */
  block(maxRows: number): SampleBlock {
    const builder = new BlockBuilder(this.width, maxRows)
    for (const { time, values, samples } of this.rows()) builder.add(time, values, samples)
    return builder.take()
  }

  private get newestIsKept(): boolean {
    return this.taken % this.keptEvery === 0
  }

  private get chunkBytes(): number {
    return rowsPerChunk * (this.width + 1) * Float64Array.BYTES_PER_ELEMENT
  }

  private emptyChunk(): Chunk {
    return {
      rows: 0,
      time: new Float64Array(rowsPerChunk),
      values: new Float64Array(rowsPerChunk * this.width),
    }
  }

  /**
   * Keeps the second of every two rows, so that the kept ones are those with a number divisible by
   * the stride.
   */
  private thin(): void {
    const { width, chunks: before } = this
    this.chunks = []
    this.keptEvery *= 2
    let number = 0
    for (const old of before) {
      for (let row = 0; row < old.rows; row++) {
        number++
        if (number % 2 !== 0) continue
        let chunk = this.chunks.at(-1)
        if (!chunk || chunk.rows === rowsPerChunk) {
          chunk = this.emptyChunk()
          this.chunks.push(chunk)
        }
        put(chunk, old.time[row] ?? 0, old.values.subarray(row * width, (row + 1) * width))
      }
    }
  }
}

function put(chunk: Chunk, time: number, values: Float64Array): void {
  chunk.time[chunk.rows] = time
  chunk.values.set(values, chunk.rows * values.length)
  chunk.rows++
}
