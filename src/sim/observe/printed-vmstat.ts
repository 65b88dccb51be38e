/**
 * Rows of vmstat out of what a vmstat has printed: each column is a counter of its own, a level
 * that is already what it shows. Left out: what the other layout would have to know beside it.
 */
import type { CounterSpec } from './counters'
import type { CounterValues, VmstatColumn, VmstatLayout, VmstatRow } from './vmstat-row'

/** The counter that has a printed column. */
export const printedCounter = (column: string): string => `vmstat.${column}`

type Reads = (values: CounterValues, layout: VmstatLayout) => VmstatRow

/** What every vmstat of Linux prints unless it is asked for something else. */
const needed = [
  ...['r', 'b', 'swpd', 'free', 'buff', 'cache', 'si', 'so', 'bi', 'bo', 'in', 'cs'],
  ...['us', 'sy', 'id'],
]

/**
 * Undefined where the counters are those of a kernel. @throws Error when there are printed columns
 * and not all of them
 */
export function printedVmstat(specs: readonly CounterSpec[]): Reads | undefined {
  const places = new Map(specs.map(({ id }, place) => [id, place]))
  const has = (column: string): boolean => places.has(printedCounter(column))
  if (!has('r')) return undefined
  const missing = needed.find((column) => !has(column))
  if (missing !== undefined) throw new Error(`the log has no column ${missing}, which vmstat shows`)
  return (values, layout) => {
    // A column that one of both has not is 0 in it: `w` went, `wa`, `st` and `gu` came.
    const of = (column: VmstatColumn): number => {
      const place = places.get(printedCounter(column))
      return place === undefined ? 0 : Math.round(values[place] ?? 0)
    }
    const old = layout === 'procps-2.0'
    return {
      r: of('r'),
      b: of('b'),
      w: of('w'),
      swpd: of('swpd'),
      free: of('free'),
      buff: of('buff'),
      cache: of('cache'),
      si: of('si'),
      so: of('so'),
      bi: of('bi'),
      bo: of('bo'),
      in: of('in'),
      cs: of('cs'),
      us: of('us'),
      sy: of('sy'),
      // The vmstat of 1999 counts waiting for the disk as idle.
      id: old ? of('id') + of('wa') : of('id'),
      wa: old ? 0 : of('wa'),
      st: of('st'),
      gu: of('gu'),
    }
  }
}
