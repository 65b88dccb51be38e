/** Gathers samples by column, for formats that are written column by column. */
export class RowBatches {
  rows = 0
  private readonly columns: Float64Array[]

  /** @param width columns: time, the counters, and how many samples a row stands for */
  constructor(
    width: number,
    private readonly capacity: number,
  ) {
    this.columns = Array.from({ length: width }, () => new Float64Array(capacity))
  }

  get full(): boolean {
    return this.rows === this.capacity
  }

  add(time: number, values: Float64Array, samples: number): void {
    const { columns, rows } = this
    const last = columns.length - 1
    columns[0]![rows] = time
    for (let at = 1; at < last; at++) columns[at]![rows] = values[at - 1] ?? NaN
    columns[last]![rows] = samples
    this.rows++
  }

  /** The columns so far, good until the next row is added. */
  take(): Float64Array[] {
    const { rows } = this
    this.rows = 0
    return this.columns.map((column) => column.subarray(0, rows))
  }
}
