import { procedureColour } from './procedure-colours'
import { readBins, type ReadSeries } from './read-bins'
import { steadyTop } from './steady-top'
import { binGrowth, binRows } from './time-bins'
import { grouped } from '../format/number'
import { percentage, type CounterChart, type OwnChart, type OwnDrawing } from './chart-definition'
import { growth, ofColumn, percentOf, sumOf, type ChartSource } from './chart-source'
import { functionCounters, isIdle, shortName, type FunctionCounter } from './function-counters'

const modes = [
  { id: 'user', colour: '--mode-user' },
  { id: 'system', colour: '--mode-system' },
  { id: 'spin', colour: '--mode-spin' },
  { id: 'interrupt', colour: '--s7' },
  { id: 'wait', colour: '--mode-wait' },
  { id: 'idle', colour: '--mode-idle' },
] as const

/** Where the CPUs spent their cycles, exact: every cycle of every CPU is in one of the modes. */
export const cpuByMode: CounterChart = {
  id: 'cpu-by-mode',
  title: 'CPU by mode',
  unit: ({ cpus }) => (cpus === 1 ? '% of the CPU' : `% of ${cpus || 'all'} CPUs`),
  help:
    'Share of all CPU cycles, counted exactly: programs, kernel, spinning for a lock, interrupts, ' +
    'idle while a process waits for the disk, and idle.',
  shape: 'stack',
  series: modes.map(({ id, colour }) => ({
    id,
    name: id,
    colour,
    value: growth(`cycles.${id}`),
  })),
  together: (cycles) => {
    const whole = sumOf(cycles, cycles[0]?.length ?? 0)
    return cycles.map((part) => percentOf(part, whole))
  },
  end: 100,
  number: percentage,
  headline: (_, { values }) => {
    const [user = 0, system = 0, spin = 0, interrupt = 0] = values
    return `${grouped(user + system + spin + interrupt)} % busy`
  },
}

/** A procedure with less of what was not idle is not named: it would read 0.0 %. */
const leastNamed = 0.0005
const slots = 6
const busy = ['user', 'system', 'spin', 'interrupt'].map((mode) => growth(`cycles.${mode}`))

const colourOf = ({ image, procedure }: FunctionCounter): string =>
  procedureColour(image, procedure)

/**
 * The order of the bands: programs below the kernel, each from A to Z, so that it is the same
 * whoever came first; but no two neighbours in one colour.
 */
export function inOrder(shown: readonly FunctionCounter[]): FunctionCounter[] {
  const key = (one: FunctionCounter): string =>
    `${one.image === 'vmlinux' ? 1 : 0} ${shortName(one)} ${one.id}`
  const order = [...shown].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  for (let i = 1; i < order.length; i++) {
    const before = colourOf(order[i - 1]!)
    if (colourOf(order[i]!) !== before) continue
    const other = order.findIndex((one, k) => k > i && colourOf(one) !== before)
    if (other > 0) [order[i], order[other]] = [order[other]!, order[i]!]
  }
  return order
}

/** Reads whichever counters of procedures are the largest. */
function drawFunctions(source: ChartSource): OwnDrawing {
  const whole = busy.map((mode) => mode.from(source))
  /** Who is shown is decided by the window as a whole and kept steady. */
  let held: (FunctionCounter | undefined)[] = []
  let shown: FunctionCounter[] = []
  let counters: FunctionCounter[] = []
  let from: readonly unknown[] | undefined

  function known(): FunctionCounter[] {
    const all = source.counters()
    if (all !== from) {
      from = all
      counters = functionCounters(all).filter((counter) => !isIdle(counter))
      held = []
    }
    return counters
  }

  const shares: ReadSeries = (spans) => {
    const { length } = spans.last
    const cycles = sumOf(
      whole.map((mode) => mode(spans)),
      length,
    )
    const named = shown.map((counter) =>
      percentOf(ofColumn(source.history, counter.column, spans, binGrowth), cycles),
    )
    // Nothing is left of what is not known, as in a file without these counters.
    const rest = sumOf(named, length).map((share, k) =>
      (cycles[k] ?? 0) > 0 ? Math.max(0, 100 - share) : NaN,
    )
    return [...named, rest]
  }

  return {
    get series() {
      return [
        ...shown.map((counter) => ({
          id: counter.id,
          name: shortName(counter),
          colour: colourOf(counter),
        })),
        { id: 'other', name: 'other', colour: '--line-strong' },
      ]
    },
    headline: ({ values }) => {
      const named = values.slice(0, shown.length)
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
      held = steadyTop(held, sizes, slots)
      shown = inOrder(held.filter((counter) => counter !== undefined))
      return readBins(history, bins, range, shares, true)
    },
  }
}

export const cpuByFunction: OwnChart = {
  id: 'cpu-by-function',
  title: 'CPU by function',
  unit: '% of busy',
  help:
    'The procedures that spend most cycles themselves over the window, as a share of all cycles ' +
    'that are not idle, counted exactly. The rest is other. A procedure has the same colour here, in the ' +
    'profile and in the flame graph.',
  shape: 'stack',
  end: 100,
  number: (value) => (Number.isNaN(value) ? '' : percentage(value)),
  draw: drawFunctions,
}
