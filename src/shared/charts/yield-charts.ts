/** Charts of threads that yield: how often, and what one yield takes. */
import { grouped } from '../format/number'
import { short, type CounterChart } from './chart-definition'
import { growth, rate, type ChartSource, type Reader } from './chart-source'

/** The counter of yields: of the main workload, or of one beside it. */
export const yieldsCounter = (source: ChartSource): string | undefined =>
  source
    .counters()
    .find(({ id, unit }) => unit === 'yields' && /^(work|yield)\.completed$/.test(id))?.id

export const yieldsPerSecond = (counter: string): CounterChart => ({
  id: 'yields',
  title: 'Yields',
  unit: '/s',
  help: 'Calls of sched_yield by all threads together, per simulated second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [{ id: 'yields', name: 'yields', colour: '--s4', value: rate(counter) }],
  headline: (say) => say('yields'),
})

/** Microseconds of all CPUs in a mode for each yield of the same time. */
const timeIn = (mode: string, yields: Reader): Reader => {
  const cycles = growth(`cycles.${mode}`)
  return {
    counters: [...cycles.counters, ...yields.counters],
    from: (source) => {
      const [spent, count] = [cycles.from(source), yields.from(source)]
      return (spans) => {
        const done = count(spans)
        return spent(spans).map((value, k) => value / source.machine.clockMHz / (done[k] || NaN))
      }
    },
  }
}

export const timeOfAYield = (counter: string): CounterChart => {
  const yields = growth(counter)
  const part = (mode: string) => ({
    id: mode,
    name: mode,
    colour: `--mode-${mode}`,
    value: timeIn(mode, yields),
  })
  return {
    id: 'time-of-a-yield',
    title: 'CPU time of a yield',
    unit: 'µs',
    help:
      'Cycles of all CPUs in user mode, in the kernel, and spinning for a lock, divided by the yields of the same ' +
      'time.',
    shape: 'stack',
    end: 'peak',
    number: (value) => grouped(value, 1),
    series: ['user', 'system', 'spin'].map(part),
    headline: (_, { values }) =>
      grouped(
        values.reduce((sum, value) => sum + value, 0),
        1,
      ),
  }
}
