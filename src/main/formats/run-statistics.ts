/**
 * Mean, minimum and maximum of every counter over the samples of a run, exact however long it is.
 */
import { inSeconds, type Server } from '../../sim/index'

export class RunStatistics {
  private samples = 0
  private readonly sum: Float64Array
  private readonly min: Float64Array
  private readonly max: Float64Array
  private from = 0
  private readonly start: Float64Array

  /** @param width counters in a sample. */
  constructor(private readonly width: number) {
    this.sum = new Float64Array(width)
    this.min = new Float64Array(width)
    this.max = new Float64Array(width)
    this.start = new Float64Array(width)
  }

  /** Takes in a sample: one value per counter. */
  add(values: Float64Array): void {
    const first = this.samples === 0
    for (let column = 0; column < this.width; column++) {
      const value = values[column] ?? 0
      this.sum[column] = (this.sum[column] ?? 0) + value
      this.min[column] = first ? value : Math.min(this.min[column] ?? 0, value)
      this.max[column] = first ? value : Math.max(this.max[column] ?? 0, value)
    }
    this.samples++
  }

  /** Forgets what came before this instant: the end of warm-up. */
  restart(server: Server): void {
    server.refreshCounters()
    this.samples = 0
    this.sum.fill(0)
    this.from = inSeconds(server.now)
    this.start.set(server.counters.values.subarray(0, this.width))
  }

  /** Simulated seconds at which the statistics begin. */
  get fromSeconds(): number {
    return this.from
  }

  /** Every counter at that instant. */
  get startValues(): Float64Array {
    return this.start
  }

  /** @param last the counter's value now, which is all there is before the first sample. */
  of(column: number, last: number): { mean: number; min: number; max: number; last: number } {
    if (this.samples === 0) return { mean: last, min: last, max: last, last }
    return {
      mean: (this.sum[column] ?? 0) / this.samples,
      min: this.min[column] ?? 0,
      max: this.max[column] ?? 0,
      last,
    }
  }
}
