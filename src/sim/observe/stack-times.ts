/**
 * What processes spend their time with, by call stack: on a CPU, ready for one, or asleep, and
 * where. Whole microseconds of simulated time. Each process is at any instant in one of these, so
 * that over its life they add up to it.
 */

/** `asleep` can be ended by a signal; `blocked` is what vmstat's `b` counts. */
export const Spends = { running: 0, runnable: 1, asleep: 2, blocked: 3, nothing: 4 } as const
export type SpendsCode = (typeof Spends)[keyof typeof Spends]
/** Those that take time, in the order of `StackTimes.columns`. */
export const spendings = ['running', 'runnable', 'asleep', 'blocked'] as const
export type Spending = (typeof spendings)[number]

export class StackTimes {
  /** One for each spending, by node. */
  columns: Float64Array[] = spendings.map(() => new Float64Array(256))

  add(node: number, spends: SpendsCode, microseconds: number): void {
    if (node >= this.columns[0].length) this.grow(node)
    this.columns[spends][node] += microseconds
  }

  /** Room for nodes up to this one. */
  private grow(node: number): void {
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(Math.max(2 * column.length, node + 1))
      larger.set(column)
      return larger
    })
  }

  clear(): void {
    for (const column of this.columns) column.fill(0)
  }
}
