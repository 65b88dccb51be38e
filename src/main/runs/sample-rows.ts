/** Collects the samples since the last batch in typed arrays that can be transferred. */
import type { Batch } from './protocol'

const firstRows = 32

export type RowsTaken = Pick<Batch, 'rows' | 'time' | 'values'>

/** Samples, row after row. */
export class SampleRows {
  private rows = 0
  private time = new Float64Array(firstRows)
  private values: Float64Array<ArrayBuffer>

  /** @param width counters in a sample. */
  constructor(private readonly width: number) {
    this.values = new Float64Array(firstRows * width)
  }

  /**
   * @param values one per counter, copied; more than that (the registry's spare room) is ignored.
   */
  add(time: number, values: Float64Array): void {
    if (this.rows === this.time.length) this.grow()
    this.time[this.rows] = time
    this.values.set(values.subarray(0, this.width), this.rows * this.width)
    this.rows++
  }

  /** What has come since the last time, in copies. */
  take(): RowsTaken {
    const { rows } = this
    this.rows = 0
    return {
      rows,
      time: this.time.slice(0, rows),
      values: this.values.slice(0, rows * this.width),
    }
  }

  private grow(): void {
    const time = new Float64Array(this.time.length * 2)
    time.set(this.time)
    this.time = time
    const values = new Float64Array(this.values.length * 2)
    values.set(this.values)
    this.values = values
  }
}
