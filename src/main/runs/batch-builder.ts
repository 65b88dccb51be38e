/** Collects the samples since the last batch in typed arrays that can be transferred. */
import type { Mark, Round } from '../../shared/frame'
import type { Batch, LiveStatus } from './protocol'
import type { RunTrace } from './run-tracer'

const firstRows = 32

export class BatchBuilder {
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

  take(
    status: LiveStatus,
    marks: readonly Mark[],
    rounds: readonly Round[],
    trace: RunTrace,
  ): Batch {
    const { rows } = this
    this.rows = 0
    return {
      status,
      rows,
      time: this.time.slice(0, rows),
      values: this.values.slice(0, rows * this.width),
      marks,
      rounds,
      trace,
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
