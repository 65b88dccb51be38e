import type { ChartSpec } from '../../charts/chart-spec'
import { readBins, type ReadSeries } from '../../charts/read-bins'
import { steadyTop } from '../../charts/steady-top'
import { binGrowth, binRows } from '../../charts/time-bins'
import { grouped } from '../../format/number'
import { growth, ofColumn, percentOf, sumOf, type ChartSource } from './chart-source'
import { functionCounters, isIdle, shortName, type FunctionCounter } from './function-counters'

const percentage = (value: number): string => grouped(value, value < 9.95 && value > 0 ? 1 : 0)

const modes = [
  { id: 'user', colour: '--mode-user' },
  { id: 'system', colour: '--mode-system' },
  { id: 'spin', colour: '--mode-spin' },
  { id: 'interrupt', colour: '--s7' },
  { id: 'wait', colour: '--mode-wait' },
  { id: 'idle', colour: '--mode-idle' },
] as const

/** Where the CPUs spent their cycles, exact: every cycle of every CPU is in one of the modes. */
export function cpuByMode(source: ChartSource, cpus: number): ChartSpec {
  const totals = modes.map((mode) => growth(source, `cycles.${mode.id}`))
  const shares: ReadSeries = (spans) => {
    const cycles = totals.map((total) => total(spans))
    const whole = sumOf(cycles, spans.last.length)
    return cycles.map((part) => percentOf(part, whole))
  }
  return {
    id: 'cpu-by-mode',
    title: 'CPU by mode',
    unit: cpus === 1 ? '% of the CPU' : `% of ${cpus || 'all'} CPUs`,
    help:
      'Share of all CPU cycles, counted exactly: programs, kernel, spinning for a lock, interrupts, ' +
      'idle while a process waits for the disk, and idle.',
    shape: 'stack',
    series: modes.map(({ id, colour }) => ({ id, name: id, colour })),
    end: 100,
    number: percentage,
    headline: ({ values }) => {
      const [user = 0, system = 0, spin = 0, interrupt = 0] = values
      return `${grouped(user + system + spin + interrupt)} % busy`
    },
    read: (range, points) =>
      readBins(source.history, binRows(source.history, range, points), range, shares, true),
  }
}

/** A procedure with less of what was not idle is not named: it would read 0.0 %. */
const leastNamed = 0.0005
const slots = ['--s6', '--s4', '--s2', '--s3', '--s5', '--s1'] as const
const busy = ['user', 'system', 'spin', 'interrupt'] as const

/**
 * The procedures that spend most cycles themselves, as a share of the cycles that were not idle. Who is shown is
 * decided by the window as a whole and kept steady, each with its colour.
 */
export function cpuByFunction(source: ChartSource): ChartSpec {
  const whole = busy.map((mode) => growth(source, `cycles.${mode}`))
  let shown: (FunctionCounter | undefined)[] = slots.map(() => undefined)
  let counters: FunctionCounter[] = []
  let from: readonly unknown[] | undefined

  function known(): FunctionCounter[] {
    const all = source.counters()
    if (all !== from) {
      from = all
      counters = functionCounters(all).filter((counter) => !isIdle(counter))
      shown = slots.map(() => undefined)
    }
    return counters
  }

  const shares: ReadSeries = (spans) => {
    const { length } = spans.last
    const cycles = sumOf(
      whole.map((mode) => mode(spans)),
      length,
    )
    const named = shown.map((counter) => {
      if (!counter) return new Float64Array(length).fill(NaN)
      return percentOf(ofColumn(source.history, counter.column, spans, binGrowth), cycles)
    })
    const rest = sumOf(named, length).map((share) => Math.max(0, 100 - share))
    return [...named, rest]
  }

  return {
    id: 'cpu-by-function',
    title: 'CPU by function',
    unit: '% of busy',
    help:
      'The procedures that spend most cycles themselves over the window, as a share of all cycles ' +
      'that are not idle, counted exactly. The rest is other.',
    shape: 'stack',
    get series() {
      return [
        ...slots.map((colour, slot) => {
          const counter = shown[slot]
          return { id: `slot-${slot}`, name: counter ? shortName(counter) : '', colour }
        }),
        { id: 'other', name: 'other', colour: '--line-strong' },
      ]
    },
    end: 100,
    number: (value) => (Number.isNaN(value) ? '' : percentage(value)),
    headline: ({ values }) => {
      const named = values.slice(0, slots.length)
      const largest = Math.max(...named.filter((value) => !Number.isNaN(value)))
      const first = shown[named.indexOf(largest)]
      return first ? `${shortName(first)} ${percentage(largest)}` : ''
    },
    read: (range, points) => {
      const { history } = source
      const bins = binRows(history, range, points)
      const before = bins.before[0] ?? 0
      const last = bins.last.at(-1) ?? -1
      const sizes = new Map(
        known().map((counter) => [counter, binGrowth(history, counter.column, before, last) || 0]),
      )
      const all = [...sizes.values()].reduce((sum, size) => sum + size, 0)
      for (const [counter, size] of sizes) if (size < all * leastNamed) sizes.delete(counter)
      shown = steadyTop(shown, sizes, slots.length)
      return readBins(history, bins, range, shares, true)
    },
  }
}
