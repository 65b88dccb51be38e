import { describe, expect, it } from 'vitest'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { SampleHistory } from '../../stores/sample-history'
import type { FunctionCounter } from '../live/function-counters'
import { cyclesIn, matchesFilter, samplingSpans, sortRows, tableRows } from './profile-rows'

const counters: FunctionCounter[] = [
  { column: 0, id: '', image: 'vmlinux', procedure: 'schedule' },
  { column: 1, id: '', image: '/usr/lib/cc1', procedure: 'main' },
  { column: 2, id: '', image: '/usr/lib/cc1', procedure: 'yyparse' },
  { column: 3, id: '', image: 'idle', procedure: 'idle' },
]
/** Totals that grow by 10, 40, 20 and 30 cycles a second, for 100 seconds. */
function history(): SampleHistory {
  const kept = new SampleHistory()
  const rows = 100
  const perSecond = [10, 40, 20, 30]
  const values = Float64Array.from({ length: rows * 4 }, (_, i) => {
    return (perSecond[i % 4] ?? 0) * (Math.floor(i / 4) + 1)
  })
  kept.append({
    rows,
    columns: 4,
    time: Float64Array.from({ length: rows }, (_, i) => i + 1),
    merged: new Uint32Array(rows).fill(1),
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  return kept
}
const profile: ProfileSnapshot = {
  clockMHz: 450,
  cpus: 2,
  fromSeconds: 0,
  toSeconds: 100,
  meanPeriod: 63_488,
  frames: [
    { image: 'vmlinux', procedure: 'schedule' },
    { image: '/usr/lib/cc1', procedure: 'main' },
  ],
  stacks: [
    { frames: [1, 0], cycles: [5, 5], samples: [3, 1] },
    { frames: [1], cycles: [40, 0], samples: [6, 0] },
  ],
}

describe('cycles of a window', () => {
  it('are exact differences of the totals', () => {
    expect([...cyclesIn(history(), counters, [{ from: 20, to: 30 }])]).toEqual([100, 400, 200, 300])
  })

  it('count from the start of the run when the window does', () => {
    expect([...cyclesIn(history(), counters, [{ from: 0, to: 100 }])]).toEqual([
      1000, 4000, 2000, 3000,
    ])
  })

  it('are summed over several spans', () => {
    const spans = [
      { from: 0, to: 10 },
      { from: 90, to: 100 },
    ]
    expect(cyclesIn(history(), counters, spans)[0]).toBe(200)
  })

  it('are none before the first sample', () => {
    expect([...cyclesIn(new SampleHistory(), counters, [{ from: 0, to: 5 }])]).toEqual([0, 0, 0, 0])
  })
})

describe('the table', () => {
  const window = Float64Array.of(100, 400, 200, 300)

  it('has most cycles first, with shares of all cycles, idle included, that add up', () => {
    const rows = tableRows({ counters, window, sampling: undefined }, 'procedure')
    expect(rows.map((row) => [row.procedure, row.share, row.cumulative])).toEqual([
      ['main', 0.4, 0.4],
      ['idle', 0.3, 0.7],
      ['yyparse', 0.2, 0.9],
      ['schedule', 0.1, 1],
    ])
    expect(rows.every((row) => row.sampled === undefined)).toBe(true)
  })

  it('adds the procedures of an image up', () => {
    const rows = tableRows({ counters, window, sampling: undefined }, 'image')
    expect(rows.map((row) => [row.image, row.cycles])).toEqual([
      ['/usr/lib/cc1', 600],
      ['idle', 300],
      ['vmlinux', 100],
    ])
  })

  it('puts what the sampler saw beside what was so in the same time', () => {
    const sampling = { cycles: Float64Array.of(20, 80, 0, 0), profile }
    const rows = tableRows({ counters, window, sampling }, 'procedure')
    const schedule = rows.find((row) => row.procedure === 'schedule')
    expect(schedule?.sampled).toEqual({ samples: 4, share: 0.4, exact: 0.2 })
    const samples = rows.reduce((total, row) => total + (row.sampled?.samples ?? 0), 0)
    expect(samples).toBe(10)
  })

  it('leaves out what spent nothing', () => {
    const none = Float64Array.of(0, 5, 0, 0)
    const rows = tableRows({ counters, window: none, sampling: undefined }, 'procedure')
    expect(rows.map((row) => row.procedure)).toEqual(['main'])
  })

  it('is sorted by any column, names from A on and numbers largest first', () => {
    const rows = tableRows({ counters, window, sampling: undefined }, 'procedure')
    const names = (column: Parameters<typeof sortRows>[1], reversed = false) =>
      sortRows(rows, column, reversed).map((row) => row.procedure)
    expect(names('procedure')).toEqual(['idle', 'main', 'schedule', 'yyparse'])
    expect(names('cycles', true)).toEqual(['schedule', 'yyparse', 'idle', 'main'])
    expect(names('image')).toEqual(['main', 'yyparse', 'idle', 'schedule'])
  })

  it('is filtered by words in procedure and image', () => {
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, 'VM buf')).toBe(true)
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, 'cc1')).toBe(false)
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, '')).toBe(true)
  })
})

describe('when the sampler was on', () => {
  const on = { at: 20, action: 'set:profiler.sampling=on' }
  const off = { at: 50, action: 'set:profiler.sampling=off' }

  it('follows from the action log', () => {
    expect(samplingSpans([on], true, 80)).toEqual([{ from: 20, to: 80 }])
    expect(samplingSpans([on, off], false, 80)).toEqual([{ from: 20, to: 50 }])
    expect(samplingSpans([off, { ...on, at: 60 }], true, 80)).toEqual([
      { from: 0, to: 50 },
      { from: 60, to: 80 },
    ])
  })

  it('is the whole run when it was on from the start', () => {
    expect(samplingSpans([], true, 80)).toEqual([{ from: 0, to: 80 }])
    expect(samplingSpans([], false, 80)).toEqual([])
  })

  it('ignores other actions', () => {
    expect(samplingSpans([{ at: 5, action: 'reboot' }, on], true, 30)).toEqual([
      { from: 20, to: 30 },
    ])
  })
})
