import { describe, expect, it } from 'vitest'
import type { ChartSpec } from '../../shared/charts/chart-spec'
import { alarmWordsFor, heightOf, readableSeries, thresholdLines, valueAt } from './thresholds'
import { soonest } from './use-forecasts'

const reads = (counter: string, kind: 'level' | 'rate', scale = 1) => ({
  counter,
  kind,
  scale,
  recent: () => [],
})
const series = (id: string, of?: ReturnType<typeof reads>) => ({
  id,
  name: id,
  colour: '--s1',
  ...(of && { reads: of }),
})
type Charted = Pick<ChartSpec, 'shape' | 'series' | 'end'>
const lines: Charted = {
  shape: 'lines',
  series: [series('woken', reads('accept.woken', 'rate')), series('made of two')],
}
const memory: Charted = {
  shape: 'stack',
  end: 'peak',
  series: [
    series('kernel', reads('memory.kernel', 'level', 1 / 1024)),
    series('cached', reads('memory.cached', 'level', 1 / 1024)),
    series('free', reads('memory.free', 'level', 1 / 1024)),
  ],
}

describe('a threshold on a chart', () => {
  it('stands where its counter has that value, in a stack at its foot or from its top', () => {
    expect(readableSeries(lines)).toEqual([0])
    expect(readableSeries(memory)).toEqual([0, 2])
    expect(heightOf(memory, 2, 10_240, 512)).toBe(502)
    expect(valueAt(memory, 2, 502, 512)).toBe(10_000)
    expect(valueAt(lines, 0, 41.3, 100)).toBe(41)
  })

  it('becomes an alarm on the side on which the line is not', () => {
    expect(alarmWordsFor(lines, 0, 50, 20)).toBe('accept.woken/s > 50 for 10s notify')
    expect(alarmWordsFor(memory, 2, 10_000, 300)).toBe('memory.free < 10000 for 10s notify')
  })

  it('is drawn of each alarm of the run that is of one of its lines', () => {
    const alarm = (words: string, ringing = false) => ({ words, since: undefined, ringing })
    const alarms = [
      alarm('memory.free < 10240 for 10s notify', true),
      alarm('memory.cached < 5'),
      alarm('accept.woken/s > 50'),
    ]
    expect(thresholdLines(memory, alarms, 512)).toEqual([
      { height: 502, words: 'memory.free < 10240 for 10s notify', state: 'ringing' },
    ])
    expect(thresholdLines(lines, alarms, 100)).toMatchObject([{ height: 50, state: 'set' }])
  })
})

describe('what a chart tells of the near future', () => {
  const falling = (from: number) => () =>
    Array.from({ length: 61 }, (_, i) => ({ at: 5 * i, value: from - i }))
  const trend = { words: 'memory is gone', target: 0, of: 'What is free', unit: 'MB' }
  const spec = { series: [], unit: 'MB', trends: [{ ...trend, recent: falling(168) }] }

  it('is the first thing that a steady line comes to, with what it was computed from', () => {
    const told = soonest(spec, [])
    expect(told?.words).toBe('memory is gone in about 9 min')
    expect(told?.basis).toMatch(
      /^What is free falls by 12 MB a minute: the median slope of 61 points from 00:00:00 to 00:05:00;/,
    )
    const free = { ...reads('memory.free', 'level', 1 / 1024), recent: falling(80) }
    const withAlarm = { ...spec, series: [{ ...series('free'), reads: free }] }
    const alarm = { words: 'memory.free < 10240', ringing: false }
    expect(soonest(withAlarm, [alarm])?.words).toBe('memory.free < 10240 in about 50 s')
    expect(soonest(withAlarm, [{ ...alarm, ringing: true }])?.words).toBe(told?.words)
  })

  it('is nothing where nothing is steady', () => {
    expect(soonest({ series: [], unit: '', trends: [] }, [])).toBeUndefined()
  })
})
