import type { CounterSpec } from '../../../sim/observe/counters'
import type { ChartSpec } from '../../../shared/charts/chart-spec'
import { perSecond, withUnit } from '../../format/units'
import { chartOf, short, type CounterChart } from '../../../shared/charts/chart-definition'
import { gauge, rate, type ChartSource } from '../../../shared/charts/chart-source'

/** Charts of single counters, by their ids; of those that the run has. */
export function counterCharts(source: ChartSource, ids: readonly string[]): ChartSpec[] {
  const counters = source.counters()
  return ids.flatMap((id) => {
    const spec = counters.find((counter) => counter.id === id)
    return spec ? [chartOf(source, counterChart(spec))] : []
  })
}

/** Gauges as they stand, totals as growth per simulated second; sizes in MB. */
function counterChart({ id, unit, kind, help }: CounterSpec): CounterChart {
  const isSize = unit === 'kB'
  const plain = isSize ? 'MB' : unit
  const shown = kind === 'gauge' ? (plain === '1' ? '' : plain) : perSecond(plain)
  const name = id.split('.').at(-1) ?? id
  const value = (kind === 'gauge' ? gauge : rate)(id, isSize ? 1 / 1024 : 1)
  return {
    id: `counter.${id}`,
    title: id,
    unit: shown,
    help: kind === 'gauge' ? help : `${help} Per simulated second.`,
    shape: 'lines',
    least: 1,
    number: short,
    series: [{ id, name, colour: '--s1', value }],
    headline: (_say, { values: [now = NaN] }) => withUnit(now, shown),
  }
}
