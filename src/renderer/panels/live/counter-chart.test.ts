import { describe, expect, it } from 'vitest'
import type { CounterSpec } from '../../../sim/observe/counters'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { counterCharts } from './counter-chart'

const counters: readonly CounterSpec[] = [
  { id: 'memory.free', unit: 'kB', kind: 'gauge', help: 'Free memory.' },
  { id: 'interrupts', unit: '1', kind: 'monotonic', help: 'Interrupts.' },
]

/** Two samples: 2 MB and 7 interrupts at second 1, 4 MB and 10 at second 2. */
function charts(...ids: string[]) {
  const history = new SampleHistory()
  const values = Float64Array.from([2048, 7, 4096, 10])
  history.append({
    rows: 2,
    columns: 2,
    time: Float64Array.from([1, 2]),
    merged: Uint32Array.from([1, 1]),
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  const column = (id: string): number => counters.findIndex((spec) => spec.id === id)
  const source = {
    history,
    column,
    counters: () => counters,
    rounds: () => [],
    machine: { cpus: 1, clockMHz: 450 },
    settings: {},
  }
  return counterCharts(source, ids)
}

describe('the chart of a counter', () => {
  it('shows a gauge as it stands, sizes in MB', () => {
    const [chart] = charts('memory.free')
    const { newest } = chart!.read({ from: 0, to: 2 }, 100)
    expect([chart!.unit, newest?.values]).toEqual(['MB', [4]])
    expect(chart!.headline(newest!)).toBe('4 MB')
  })

  it('shows a total as its growth per simulated second', () => {
    const [chart] = charts('interrupts')
    const { newest } = chart!.read({ from: 0, to: 2 }, 100)
    expect([chart!.unit, newest?.values]).toEqual(['/s', [3]])
  })

  it('is there for counters that the run has, in the order in which they were asked for', () => {
    const ids = charts('interrupts', 'of.another.run', 'memory.free').map(({ id }) => id)
    expect(ids).toEqual(['counter.interrupts', 'counter.memory.free'])
  })
})
