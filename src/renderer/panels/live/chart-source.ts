import type { Round } from '../../../shared/frame'
import type { CounterSpec } from '../../../sim/observe/counters'
import { binGrowth, binMean, binRate } from '../../charts/time-bins'
import type { RowValue } from '../../charts/read-bins'
import type { SampleHistory } from '../../stores/sample-history'

/** Where the charts take their numbers from: the live store, or a history made by a test. */
export interface ChartSource {
  readonly history: SampleHistory
  readonly column: (counter: string) => number | undefined
  readonly counters: () => readonly CounterSpec[]
  readonly rounds: () => readonly Round[]
}

/** A gauge, its mean over the rows, times `scale`. */
export function gauge(source: ChartSource, counter: string, scale = 1): RowValue {
  return (before, last) => {
    const column = source.column(counter)
    return column === undefined ? NaN : binMean(source.history, column, before, last) * scale
  }
}

/** A total's growth per simulated second, times `scale`. */
export function rate(source: ChartSource, counter: string, scale = 1): RowValue {
  return (before, last) => {
    const column = source.column(counter)
    return column === undefined ? NaN : binRate(source.history, column, before, last) * scale
  }
}

/** Growth of a total over the rows. */
export function growth(source: ChartSource, counter: string): RowValue {
  return (before, last) => {
    const column = source.column(counter)
    return column === undefined ? NaN : binGrowth(source.history, column, before, last)
  }
}

/** Each total's growth as a percentage of the growth of all of them: shares of a whole. */
export function sharesOf(totals: readonly RowValue[], whole: readonly RowValue[]): RowValue[] {
  return totals.map((total) => (before, last) => {
    let sum = 0
    for (const part of whole) {
      const grown = part(before, last)
      if (!Number.isNaN(grown)) sum += grown
    }
    return sum > 0 ? (total(before, last) / sum) * 100 : NaN
  })
}

export const difference =
  (from: RowValue, less: RowValue): RowValue =>
  (before, last) =>
    Math.max(0, from(before, last) - less(before, last))
