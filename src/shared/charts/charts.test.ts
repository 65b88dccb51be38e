import { describe, expect, it } from 'vitest'
import type { Round } from '../frame'
import type { CounterKind, CounterSpec } from '../../sim/observe/counters'
import type { Parameters } from '../../sim/parameters/parameters'
import { procedureColour } from './procedure-colours'
import { SampleHistory } from './sample-history'
import { chartOf } from './chart-definition'
import type { ChartMachine, ChartSource } from './chart-source'
import { cpuByFunction, cpuByMode, inOrder } from './cpu-charts'
import { liveCharts } from './live-charts'
import { roundAt, roundSteps, roundsChart, roundsIn } from './rounds-chart'
import { filesAndDescriptors, serverCharts } from './server-charts'
import { blockReadsAndWrites, diskQueue, memoryByUse, runnableAndBlocked } from './system-charts'
import { timeOfAYield, yieldsCounter, yieldsPerSecond } from './yield-charts'

const { acceptWakeUps } = serverCharts({ suffix: '', name: '' })

/** A history from the values of each counter at seconds 1, 2, …; missing ones stay 0. */
function sourceOf(
  values: Record<string, number[]>,
  rounds: Round[] = [],
  units: Record<string, string> = {},
  machine: ChartMachine = { cpus: 4, clockMHz: 450 },
): ChartSource {
  const ids = Object.keys(values)
  const rows = Math.max(...Object.values(values).map((list) => list.length))
  const block = new Float64Array(rows * ids.length)
  ids.forEach((id, column) => {
    values[id]?.forEach((value, row) => (block[row * ids.length + column] = value))
  })
  const history = new SampleHistory()
  history.append({
    rows,
    columns: ids.length,
    time: Float64Array.from({ length: rows }, (_, i) => i + 1),
    merged: new Uint32Array(rows).fill(1),
    last: block,
    min: block,
    max: block,
    mean: block,
  })
  const counters = ids.map((id): CounterSpec => ({
    id,
    unit: units[id] ?? '1',
    kind: 'gauge' satisfies CounterKind,
    help: '',
  }))
  return {
    history,
    column: (id) => {
      const index = ids.indexOf(id)
      return index < 0 ? undefined : index
    },
    counters: () => counters,
    rounds: () => rounds,
    machine,
    settings: {},
  }
}
const range = { from: 0, to: 30 }

describe('the Live view', () => {
  /** Ids of the charts of a run that has these counters. */
  const charts = (...counters: string[]): string[] => chartsWith({}, ...counters)
  const chartsWith = (settings: Parameters, ...counters: string[]): string[] => {
    const source = sourceOf(Object.fromEntries(counters.map((id) => [id, [1]])), [], {
      'yield.completed': 'yields',
      ...(counters.includes('work.round') ? {} : { 'work.completed': 'yields' }),
    })
    return liveCharts({ ...source, settings }).map(({ id }) => id)
  }
  const sdet = ['cpu-by-mode', 'processes', 'memory', 'cpu-by-function', 'blocks', 'rounds']

  it('has charts for what the run does, and none that would stay empty', () => {
    expect(charts('work.round')).toEqual([...sdet, 'interrupts', 'disk'])
    expect(charts('work.completed')).toEqual([
      ...['cpu-by-mode', 'processes', 'yields', 'cpu-by-function', 'time-of-a-yield', 'interrupts'],
    ])
    expect(charts('accept.woken')).not.toContain('rounds')
    expect(charts('accept.woken')).not.toContain('disk')
  })

  it('has those of a proxy, and first what a small screen shows', () => {
    expect(charts('proxy.coldOpen')).toEqual([
      ...['cpu-by-mode', 'proxy-requests', 'proxy-response'],
      ...['cpu-by-function', 'proxy-connections', 'descriptors-scanned'],
      ...['select-calls', 'poll-events', 'files', 'interrupts', 'processes', 'memory'],
    ])
    expect(charts('work.round')).not.toContain('proxy-requests')
    const beside = charts('work.round', 'proxy.coldOpen')
    expect(beside.filter((id) => id === 'processes')).toHaveLength(1)
    expect(beside.slice(0, 2)).toEqual(['cpu-by-mode', 'processes'])
  })

  it('has RT signals where a proxy waits with them', () => {
    const events = (kind: string) => chartsWith({ 'proxy.events': kind }, 'proxy.coldOpen')
    expect(events('rt-signals')).toContain('rt-signals')
    expect(events('poll')).not.toContain('rt-signals')
    expect(chartsWith({ 'proxy.events': 'rt-signals' }, 'work.round')).not.toContain('rt-signals')
  })

  it('has those of each of two web servers, and tells them apart', () => {
    const both = charts('accept.woken', 'accept2.woken')
    expect(both).toEqual(expect.arrayContaining(['requests', 'requests2', 'wake-ups2']))
    expect(charts('accept2.woken')).not.toContain('requests')
    const { requests } = serverCharts({ suffix: '2', name: 'second server' })
    expect(requests.title).toBe('Requests, second server')
    expect(requests.series.map(({ value }) => value.counters)).toEqual([
      ['load2.completed'],
      ['load2.failed'],
    ])
  })

  it('has those of every workload where several run side by side', () => {
    const beside = charts('work.round', 'accept.woken', 'yield.completed')
    expect(beside).toEqual(expect.arrayContaining([...sdet, 'requests', 'connections', 'yields']))
    expect(beside).not.toContain('time-of-a-yield')
    expect(new Set(beside).size).toBe(beside.length)
    expect(charts('accept.woken', 'sdet.completed')).toEqual(
      expect.arrayContaining(['requests', 'scripts', 'disk']),
    )
  })
})

describe('yields', () => {
  const source = sourceOf(
    {
      'work.completed': [1000, 3000, 3000],
      'cycles.user': [7e5, 21e5, 22e5],
      'cycles.system': [7e6, 21e6, 22e6],
      'cycles.spin': [14e6, 42e6, 44e6],
    },
    [],
    { 'work.completed': 'yields' },
    { cpus: 8, clockMHz: 700 },
  )

  it('take the CPU time of each mode, which is not known while there are none', () => {
    const chart = chartOf(source, timeOfAYield('work.completed'))
    const at = (seconds: number) => chart.read({ from: 0, to: 30 }, 240).at(seconds)?.values
    expect(at(2)).toEqual([1, 10, 20])
    expect(at(3)).toEqual([NaN, NaN, NaN])
  })

  it('are counted by the second, of whichever workload they are', () => {
    const chart = chartOf(source, yieldsPerSecond(yieldsCounter(source) ?? ''))
    expect(chart.read({ from: 0, to: 2 }, 240).newest?.values).toEqual([2000])
    expect(yieldsCounter(sourceOf({ 'work.completed': [1] }))).toBeUndefined()
  })
})

describe('CPU by mode', () => {
  const source = sourceOf({
    'cycles.user': [600, 1200],
    'cycles.system': [200, 400],
    'cycles.spin': [50, 100],
    'cycles.interrupt': [50, 100],
    'cycles.wait': [60, 120],
    'cycles.idle': [40, 80],
  })
  const chart = chartOf(source, cpuByMode)

  it('shows shares of all cycles, which make 100 %', () => {
    const newest = chart.read(range, 240).newest
    expect(newest?.values).toEqual([60, 20, 5, 5, 6, 4])
    expect(chart.read(range, 240).peak).toBeCloseTo(100, 9)
  })

  it('says how busy the CPUs are, waiting for the disk not counted', () => {
    const newest = chart.read(range, 240).newest
    expect(newest && chart.headline(newest)).toBe('90 % busy')
    expect(chart.unit).toBe('% of 4 CPUs')
  })
})

describe('CPU by function', () => {
  const source = sourceOf({
    'cycles.user': [500, 1000],
    'cycles.system': [500, 1000],
    'cycles.idle': [9000, 18_000],
    'function.cc1.main': [400, 800],
    'function.vmlinux.schedule': [100, 200],
    'function.vmlinux.find_buffer': [300, 600],
    'function.idle.idle': [9000, 18_000],
  })

  it('names nobody whose share would read 0.0', () => {
    const chart = chartOf(
      sourceOf({
        'cycles.user': [100_000],
        'function.cc1.main': [99_990],
        'function.vmlinux.schedule': [10],
      }),
      cpuByFunction,
    )
    chart.read(range, 240)
    expect(chart.series.map(({ name }) => name).filter(Boolean)).toEqual(['cc1', 'other'])
  })

  it('shows who is largest by name, in per cent of what was not idle, and the rest as other', () => {
    const chart = chartOf(source, cpuByFunction)
    const newest = chart.read(range, 240).newest
    const named = chart.series.map((series, i) => [series.name, newest?.values[i]])
    expect(named).toEqual([
      ['cc1', 40],
      ['find_buffer', 30],
      ['schedule', 10],
      ['other', 20],
    ])
    expect(newest && chart.headline(newest)).toBe('cc1 40')
  })

  it('has nothing left over in a file that does not say how busy it was', () => {
    const chart = chartOf(sourceOf({ rides: [1, 2] }), cpuByFunction)
    const { newest } = chart.read(range, 240)
    expect([...(newest?.values ?? [])].filter((value) => !Number.isNaN(value))).toEqual([])
  })
})

describe('the colours of functions', () => {
  const counter = (image: string, procedure: string, column: number) => ({
    image,
    procedure,
    column,
    id: `function.${image}.${procedure}`,
  })
  const schedule = counter('vmlinux', 'schedule', 0)
  const cc1 = counter('/usr/lib/cc1', 'main', 1)
  const httpd = counter('/usr/sbin/httpd', 'main', 2)

  it('and the order of their bands do not hang on who came first', () => {
    const orders = [
      [schedule, cc1, httpd],
      [httpd, schedule, cc1],
      [cc1, httpd, schedule],
    ].map((shown) => inOrder(shown).map(({ id }) => id))
    expect(orders).toEqual([orders[0], orders[0], orders[0]])
    expect(orders[0]).toEqual([cc1.id, httpd.id, schedule.id])
  })

  it('are those of the procedures, whatever else is shown', () => {
    const of = (values: Record<string, number[]>) => {
      const chart = chartOf(sourceOf({ 'cycles.user': [1000], ...values }), cpuByFunction)
      chart.read(range, 240)
      return new Map(chart.series.map(({ name, colour }) => [name, colour]))
    }
    const one = of({ 'function./usr/lib/cc1.main': [500], 'function.vmlinux.schedule': [100] })
    const other = of({
      'function.vmlinux.schedule': [900],
      'function.vmlinux.getblk': [800],
      'function./usr/lib/cc1.main': [10],
    })
    expect(one.get('cc1')).toMatch(/^--p\d+$/)
    expect(one.get('cc1')).toBe(other.get('cc1'))
    expect(one.get('schedule')).toBe(other.get('schedule'))
    expect(one.get('schedule')).not.toBe(one.get('cc1'))
  })

  it('never stand beside themselves', () => {
    // Two that wear one colour.
    const twins = [counter('vmlinux', 'sys_fork', 0), counter('/bin/cat', 'main', 1)]
    const colours = inOrder([...twins, schedule]).map((one) =>
      procedureColour(one.image, one.procedure),
    )
    expect(new Set(colours).size).toBe(2)
    expect(colours[0]).not.toBe(colours[1])
    expect(colours[1]).not.toBe(colours[2])
  })
})

describe('what a chart means', () => {
  it('is said of each series in the words of the registry, with what is healthy', () => {
    const source = sourceOf({ 'processes.runnable': [1], 'processes.blocked': [2] })
    const help = { 'processes.runnable': 'Running ones included.', 'processes.blocked': 'Asleep.' }
    const told = {
      ...source,
      counters: () =>
        source.counters().map((spec) => ({ ...spec, help: help[spec.id as keyof typeof help] })),
    }
    expect(chartOf(told, runnableAndBlocked).meanings).toEqual([
      'blocked: Asleep. 0–2 is healthy.',
      'runnable: Running ones included. Up to 4 nobody waits; a load that keeps all CPUs busy has more.',
    ])
  })
})

describe('memory by use', () => {
  it('parts the buffers of vmstat into live and orphaned ones', () => {
    const chart = chartOf(
      sourceOf({
        'memory.kernel': [2048],
        'memory.processes': [4096],
        'memory.cached': [1024],
        'memory.buffers': [10_240],
        'memory.orphaned': [8192],
        'memory.free': [3072],
      }),
      memoryByUse,
    )
    const newest = chart.read(range, 240).newest
    expect(newest?.values).toEqual([2, 4, 1, 2, 8, 3])
    expect(newest && chart.headline(newest)).toBe('orphaned 8')
  })
})

describe('rates', () => {
  it('are differences of totals over simulated time', () => {
    const source = sourceOf({ 'blocks.read': [100, 400], 'blocks.written': [50, 60] })
    expect(chartOf(source, blockReadsAndWrites).read(range, 240).newest?.values).toEqual([300, 10])
  })

  it('of refused calls are those of either limit together', () => {
    const source = sourceOf({ 'fd.open': [4, 90], 'fd.emfile': [1, 4], 'fd.enfile': [0, 20] })
    const chart = chartOf(source, filesAndDescriptors)
    const newest = chart.read(range, 240).newest
    expect(newest?.values).toEqual([90, 23])
    expect(newest && chart.headline(newest)).toBe('refused 23/s')
  })

  it('count wake-ups where they end: of those who ran, no more than all ran for nothing', () => {
    // A thousand are woken at the end of one second and look for a connection in the next.
    const source = sourceOf({
      'accept.woken': [1000, 1001],
      'accept.foundConnection': [1, 2],
      'accept.backToSleep': [0, 999],
    })
    const newest = chartOf(source, acceptWakeUps).read(range, 240).newest
    expect(newest?.values).toEqual([1000, 999])
  })

  it('give the busy time of the disk in per cent', () => {
    const source = sourceOf({ 'disk.busy': [0.5e9, 1.25e9], 'disk.queued': [3, 7] })
    const newest = chartOf(source, diskQueue).read(range, 240).newest
    expect(newest?.values).toEqual([75, 7])
  })

  it('are unknown for a counter that the scenario does not have', () => {
    const chart = chartOf(sourceOf({ 'processes.runnable': [3] }), runnableAndBlocked)
    expect(chart.read(range, 240).newest?.values).toEqual([NaN, 3])
  })
})

describe('rounds', () => {
  const rounds: Round[] = [
    { number: 1, startSeconds: 0, seconds: 100, perHour: 4600 },
    { number: 2, startSeconds: 100, seconds: 200, perHour: 2300 },
  ]

  it('are level steps from their start to their end', () => {
    expect([...roundSteps(rounds)]).toEqual([0, 4600, 100, 4600, 100, 2300, 300, 2300])
  })

  it('are found by instant, the last finished one for what comes after', () => {
    expect(roundAt(rounds, 50)?.number).toBe(1)
    expect(roundAt(rounds, 150)?.number).toBe(2)
    expect(roundAt(rounds, 1e6)?.number).toBe(2)
    expect(roundAt([], 5)).toBeUndefined()
  })

  it('belong to a window when they reach into it', () => {
    expect(roundsIn(rounds, { from: 120, to: 150 }).map((r) => r.number)).toEqual([2])
    expect(roundsIn(rounds, { from: 90, to: 110 }).map((r) => r.number)).toEqual([1, 2])
  })

  it('show scripts per hour, the seconds they took, and the number of the newest', () => {
    const chart = chartOf(sourceOf({ 'work.round': [1] }, rounds), roundsChart)
    const reading = chart.read({ from: 0, to: 400 }, 240)
    expect(reading.newest?.values).toEqual([2300])
    expect(reading.newest && chart.headline(reading.newest)).toBe('200.0 s a round')
    expect(chart.series[0]?.name).toBe('round 2')
    expect(chart.namesAt?.({ at: 50, values: [] })).toEqual(['round 1'])
    expect(chart.notes?.({ from: 0, to: 400 }).map((note) => note.text)).toEqual(['100 s', '200 s'])
  })

  it('tell how long the one has taken that is under way', () => {
    const source = sourceOf({ 'work.round': [1, 1, 1] }, [
      { number: 6, startSeconds: 0, seconds: 1, perHour: 4600 },
    ])
    const notes = chartOf(source, roundsChart).notes?.({ from: 0, to: 30 }) ?? []
    expect(notes.at(-1)).toMatchObject({ from: 1, to: 3, text: 'round 7: 2 s so far' })
  })

  it('say that the first one is under way until it has finished', () => {
    const chart = chartOf(sourceOf({ 'work.round': [1] }), roundsChart)
    const reading = chart.read({ from: 0, to: 30 }, 240)
    expect(reading.newest?.values).toEqual([NaN])
    expect(chart.series[0]?.name).toBe('first round')
  })
})
