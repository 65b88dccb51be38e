/** Charts of threads that yield: how often, and what one yield takes. */
import type { ChartSpec } from '../../charts/chart-spec'
import { grouped } from '../../format/number'
import { growth, rate, type ChartSource, type Values } from './chart-source'
import { at, chartOf, short, type Line } from './system-charts'

/** The counter of yields: of the main workload, or of one beside it. */
export const yieldsCounter = (source: ChartSource): string | undefined =>
  source
    .counters()
    .find(({ id, unit }) => unit === 'yields' && /^(work|yield)\.completed$/.test(id))?.id

export function yieldsPerSecond(source: ChartSource, counter: string): ChartSpec {
  const lines: Line[] = [
    { id: 'yields', name: 'yields', colour: '--s4', value: rate(source, counter) },
  ]
  return chartOf(source, lines, {
    id: 'yields',
    title: 'Yields',
    unit: '/s',
    help: 'Calls of sched_yield by all threads together, per simulated second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => short(at(instant, 0)),
  })
}

const parts = [
  { id: 'user', colour: '--mode-user' },
  { id: 'system', colour: '--mode-system' },
  { id: 'spin', colour: '--mode-spin' },
] as const

export function timeOfAYield(source: ChartSource, counter: string, clockMHz: number): ChartSpec {
  const yields = growth(source, counter)
  const timeIn = (mode: string): Values => {
    const cycles = growth(source, `cycles.${mode}`)
    return (spans) => {
      const count = yields(spans)
      return cycles(spans).map((spent, k) => spent / clockMHz / (count[k] || NaN))
    }
  }
  const lines: Line[] = parts.map(({ id, colour }) => ({ id, name: id, colour, value: timeIn(id) }))
  return chartOf(source, lines, {
    id: 'time-of-a-yield',
    title: 'CPU time of a yield',
    unit: 'µs',
    help:
      'Cycles of all CPUs in user mode, in the kernel, and spinning for a lock, divided by the yields of the same ' +
      'time.',
    shape: 'stack',
    end: 'peak',
    number: (value) => grouped(value, 1),
    headline: ({ values }) =>
      grouped(
        values.reduce((sum, value) => sum + value, 0),
        1,
      ),
  })
}
