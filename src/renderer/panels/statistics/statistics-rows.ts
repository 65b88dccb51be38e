/** Rows of the table of what every counter came to in a window. */
import type { CounterSpec } from '../../../sim/observe/counters'
import type { WindowStatistics } from '../../../shared/recorded-parts'
import { grouped } from '../../format/number'
import { perSecond, withUnit } from '../../format/units'

export interface StatisticsRow {
  readonly id: string
  readonly help: string
  /** What a total grew by; empty for a gauge. */
  readonly total: string
  /** Of the cells; a total is in what it counts, its rate in that per second. */
  readonly unit: string
  /** Mean, least, largest, 50th, 90th and 99th percentile. */
  readonly cells: readonly string[]
}

export const statisticsColumns = ['mean', 'least', 'largest', 'p50', 'p90', 'p99'] as const

/** Those whose id or description has every word of the term; or of them those that moved. */
export function statisticsRows(
  { counters }: WindowStatistics,
  specs: readonly CounterSpec[],
  term: string,
  onlyMoved: boolean,
): StatisticsRow[] {
  const known = new Map(specs.map((spec) => [spec.id, spec]))
  const words = term.trim().toLowerCase().split(/\s+/)
  return counters.flatMap(({ id, total, mean, min, max, p50, p90, p99 }) => {
    const spec = known.get(id)
    if (!spec) return []
    const said = `${id} ${spec.help}`.toLowerCase()
    if (!words.every((word) => said.includes(word))) return []
    if (onlyMoved && (total === undefined ? min === max : total === 0)) return []
    const unit = spec.kind === 'gauge' ? spec.unit : perSecond(spec.unit)
    return [
      {
        id,
        help: spec.help,
        total: total === undefined ? '' : inUnit(total, spec.unit),
        unit: spec.unit === 'kB' ? unit.replace('kB', '') : unit === '1' ? '' : unit,
        cells: [mean, min, max, p50, p90, p99].map((value) => inUnit(value, spec.unit)),
      },
    ]
  })
}

/** The unit stands beside it, but for sizes, which have a prefix of their own. */
const inUnit = (value: number, unit: string): string => withUnit(value, unit === 'kB' ? unit : '1')

/** Whether percentiles are of single samples, and of how many; in words. */
export function basisOf({ samples, rows }: WindowStatistics): string {
  const many = samples === 1 ? '1 sample' : `${grouped(samples)} samples`
  if (rows === samples) return `${many}, each of them looked at`
  const each = (samples / rows).toFixed(1)
  return `${many} in ${grouped(rows)} rows: percentiles are of means over ${each} of them`
}
