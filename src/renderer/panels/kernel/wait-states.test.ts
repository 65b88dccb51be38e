import { describe, expect, it } from 'vitest'
import type { WaitQueueEntry, WaitQueueSnapshot } from '../../../sim/observe/structures'
import { contrast, parseColour } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import {
  describeQueue,
  describeWaiting,
  forNothing,
  ruleWords,
  waitColours,
  waitState,
  waitTotals,
} from './wait-states'

const themes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dark: {
    '--panel': '#12161c',
    '--line-strong': '#34404d',
    '--s2': '#f2b84b',
    '--s4': '#5fd39a',
    '--s5': '#ff7a66',
  },
  light: {
    '--panel': '#ffffff',
    '--line-strong': '#b9c4cf',
    '--s2': '#b26a00',
    '--s4': '#1f8a55',
    '--s5': '#c9402c',
  },
}
const themeOf = (name: string): ChartTheme => ({
  colour: (property) => themes[name]?.[property] ?? '#000',
  words: '',
  numbers: '',
})

const entry = (part: Partial<WaitQueueEntry> = {}): WaitQueueEntry => ({
  pid: 402,
  command: 'httpd',
  asleep: true,
  exclusive: false,
  woken: 0,
  wokenForNothing: 0,
  last: 'none',
  ...part,
})
const queueOf = (part: Partial<WaitQueueSnapshot>): WaitQueueSnapshot => ({
  kind: 'wait-queue',
  of: 'listening socket, port 80',
  wakeup: 'all',
  entries: [],
  wakeUps: 0,
  madeRunnable: 0,
  foundConnection: 0,
  backToSleep: 0,
  ...part,
})

describe('processes on a wait queue', () => {
  it('are awake or asleep, and asleep with what their last wake-up brought', () => {
    expect(waitState(entry())).toBe('fresh')
    expect(waitState(entry({ last: 'back to sleep' }))).toBe('nothing')
    expect(waitState(entry({ last: 'got a connection' }))).toBe('connection')
    expect(waitState(entry({ asleep: false, last: 'running' }))).toBe('awake')
    expect(waitState(entry({ asleep: false }))).toBe('awake')
  })

  it('are awake until they sleep again, whatever they found', () => {
    expect(waitState(entry({ asleep: false, last: 'back to sleep' }))).toBe('awake')
    expect(waitState(entry({ asleep: false, last: 'got a connection' }))).toBe('awake')
  })

  it('are counted by state, each in one', () => {
    const entries = [
      entry({ exclusive: true }),
      entry({ last: 'back to sleep' }),
      entry({ asleep: false, last: 'running' }),
      entry({ last: 'got a connection', exclusive: true }),
    ]
    const { byState, asleep, exclusive } = waitTotals(entries)
    expect(byState).toEqual({ awake: 1, nothing: 1, connection: 1, fresh: 1 })
    expect([asleep, exclusive]).toEqual([3, 2])
    // What the legend calls asleep is what the line below calls asleep.
    expect(byState.nothing + byState.connection + byState.fresh).toBe(asleep)
  })

  it.each(['dark', 'light'])('stand out from asleep ones when they are awake: %s', (name) => {
    const { fill, sign } = waitColours(themeOf(name))
    const of = (colour: string) => parseColour(colour)
    expect(contrast(of(fill.awake), of(fill.fresh))).toBeGreaterThan(2)
    expect(contrast(of(fill.connection), of(fill.fresh))).toBeGreaterThan(2)
    expect(contrast(of(sign.nothing ?? ''), of(fill.nothing))).toBeGreaterThan(2)
    expect(contrast(of(sign.connection ?? ''), of(fill.connection))).toBeGreaterThan(3)
  })

  it('are told by pid, command and wake-ups', () => {
    const entries = [
      entry({ woken: 1204, wokenForNothing: 1203, last: 'back to sleep', exclusive: true }),
      entry({ pid: 403 }),
      entry({ pid: 404, asleep: false, woken: 1, last: 'running' }),
    ]
    const queue = queueOf({ entries })
    expect(describeWaiting(queue, 0)).toBe(
      'pid 402 httpd · woken 1,204 times, 1,203 for nothing · asleep · exclusive · ' +
        'its last wake-up was for nothing · 1 of 3',
    )
    expect(describeWaiting(queue, 1)).toBe('pid 403 httpd · not woken yet · asleep · 2 of 3')
    expect(describeWaiting(queue, 2)).toBe(
      'pid 404 httpd · woken once, 0 for nothing · woken or running · 3 of 3',
    )
    expect(describeWaiting(queue, 3)).toBe('')
    expect(describeWaiting(queue, -1)).toBe('')
  })
})

describe('a wait queue', () => {
  it('tells how many a wake_up makes runnable once there has been one', () => {
    const entries = [entry(), entry({ exclusive: true, asleep: false })]
    expect(describeQueue(queueOf({ entries }))).toBe('1 of 2 asleep, 1 exclusive')
    expect(describeQueue(queueOf({ entries, wakeUps: 30, madeRunnable: 45 }))).toBe(
      '1 of 2 asleep, 1 exclusive · a wake_up makes 1.5 runnable',
    )
  })

  it('tells the share of wake-ups for nothing only when there were any', () => {
    expect(forNothing(queueOf({}))).toBe('0')
    expect(forNothing(queueOf({ foundConnection: 3, backToSleep: 2997 }))).toBe('2,997 = 99.9 %')
  })

  it('has words for each wake-up rule, and none for one that it does not know', () => {
    const known = ['all', 'exclusive', 'one', 'one-fifo'].map(ruleWords)
    expect(new Set(known).size).toBe(4)
    expect(known).not.toContain('')
    expect(ruleWords('two')).toBe('')
  })
})
