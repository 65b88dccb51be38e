import { describe, expect, it } from 'vitest'
import { span } from './format/clock'
import {
  holds,
  parseArguments,
  parseCondition,
  parseDuration,
  parsePageMessage,
  parseSeed,
  parseTimedAction,
} from './parse'

const complaint = (call: Parameters<typeof parseArguments>[0], ...args: unknown[]): string => {
  const parsed = parseArguments(call, args)
  if (parsed.ok) throw new Error(`${call} took ${JSON.stringify(args)}`)
  expect(parsed.error.code).toBe('bad-argument')
  expect(parsed.error.message).not.toContain('\n')
  return parsed.error.message
}

describe('arguments of a call', () => {
  it('are taken when they are right', () => {
    const request = { scenario: 'sdet', seed: 7, parameters: { 'sdet.scripts': 64, a: 'b' } }
    expect(parseArguments('start', [request])).toEqual({ ok: true, value: [request] })
    expect(parseArguments('pace', ['max']).ok).toBe(true)
    expect(parseArguments('pace', [0.25]).ok).toBe(true)
    expect(parseArguments('runUntil', [{ kind: 'time', seconds: 60 }]).ok).toBe(true)
    expect(parseArguments('status', []).ok).toBe(true)
    const window = { from: 60, to: 90.5 }
    expect(parseArguments('profile', []).ok).toBe(true)
    expect(parseArguments('profile', [window])).toEqual({ ok: true, value: [window] })
    expect(parseArguments('save', ['pprof', window]).ok).toBe(true)
  })

  it('are refused with what would be right and what came', () => {
    expect(complaint('pace', 3)).toBe('pace is one of 0.25, 1, 10, 100, max, not 3')
    expect(complaint('step', 'year')).toBe('step is one of event, tick, sample, not "year"')
    expect(complaint('start', { scenario: 'sdet', seed: -1, parameters: {} })).toBe(
      'start: seed is a whole number from 0 to 4294967295, not -1',
    )
    expect(complaint('start', { scenario: 7, seed: 1, parameters: {} })).toBe(
      'start: scenario is text, not 7',
    )
    expect(complaint('start', { scenario: 's', seed: 1, parameters: { a: [] } })).toContain(
      'a parameter is a number or a text, not []',
    )
    expect(complaint('start', null)).toContain('{ scenario, seed, parameters }, not null')
    expect(complaint('snapshot', '../../etc')).toContain('buffer-cache')
    expect(complaint('snapshot', 'wait-queue', 'x'.repeat(101))).toContain('a name is short')
    expect(parseArguments('snapshot', ['wait-queue', 'port 80']).ok).toBe(true)
    expect(complaint('save', 'exe')).toContain('vmstat, vmstat-ng, csv')
    expect(complaint('runUntil', { kind: 'never' })).toContain('until is')
    expect(complaint('runUntil', { kind: 'time', seconds: 1e12 })).toContain('104 days')
    expect(complaint('profile', { from: 9, to: 8 })).toContain('does not end before it begins')
    expect(complaint('range', { from: 9, to: 8, rows: 2 })).toContain('does not end before')
    expect(complaint('range', { from: 0, to: 8, rows: 1e9 })).toContain('from 2 to 4096')
    expect(complaint('range', { from: 0, to: 8 })).toContain('rows is a whole number')
    expect(complaint('profile', { from: -1, to: 9 })).toContain('between 0 and 8985600')
    expect(complaint('profile', { from: 0, to: NaN })).toContain('between 0 and 8985600')
    expect(complaint('save', 'pprof', [1, 2])).toContain('a window is { from, to }')
    expect(complaint('trashRecording', '../web')).toContain('by its folder in the library')
    for (const id of ['..', '.', '', '/', 'a/b', 'a\\b']) complaint('trashRecording', id)
    expect(parseArguments('trashRecording', ['..web']).ok).toBe(true)
    expect(complaint('limitRecordings', 5)).toContain('from 1 MB')
    expect(complaint('limitRecordings', 2.5e6 + 0.5)).toContain('whole number of bytes')
    expect(complaint('describeRecording', 'a', { name: 'two\nlines' })).toContain('one line')
    expect(complaint('describeRecording', 'a', { name: 'x'.repeat(201) })).toContain('at most 200')
    expect(complaint('describeRecording', 'a', { kept: 1 })).toContain('true or false, not 1')
    expect(complaint('describeRecording', 'a', { name: undefined })).toContain('is text')
    expect(complaint('describeRecording', 'a', { seed: 1 })).toContain('seed is not known here')
    expect(complaint('act', 'x'.repeat(5000))).toContain('at most 200 characters')
    expect(complaint('act', 'fault:a\nb=1')).toContain('one line of text')
    expect(complaint('openScenario', 7)).toBe('openScenario: a scenario file is text, not 7')
    const start = (timeline: unknown): string =>
      complaint('start', { scenario: 's', seed: 1, parameters: {}, timeline })
    expect(start([{ at: -1, action: 'reboot' }])).toContain('from 0 to 8985600, not -1')
    expect(start([{ at: 1, action: 7 }])).toBe('start: an action is text, not 7')
    expect(start(Array(1001).fill({ at: 1, action: 'reboot' }))).toBe(
      'start: a timeline has at most 1000 actions',
    )
  })

  it('are refused when there are too many, too few or unknown ones', () => {
    expect(complaint('status', 1)).toBe('status: takes fewer arguments')
    expect(complaint('pace')).toContain('pace')
    expect(complaint('start', { scenario: 's', seed: 1, parameters: {}, path: '/etc' })).toBe(
      'start: path is not known here',
    )
  })

  it('are refused however deep they are nested', () => {
    const deep: unknown = JSON.parse('['.repeat(8000) + ']'.repeat(8000))
    expect(complaint('pace', deep)).toBe('pace is one of 0.25, 1, 10, 100, max, not […]')
    expect(complaint('act', { deep })).toBe('act: an action is text, not {…}')
  })
  it('are refused whatever rubbish comes', () => {
    for (const rubbish of [
      null,
      undefined,
      7,
      'x',
      {},
      [[]],
      [Number.NaN],
      [{ kind: {} }],
      [() => 1],
    ]) {
      expect(parseArguments('pace', rubbish).ok).toBe(false)
      expect(parseArguments('start', rubbish).ok).toBe(false)
      expect(parseArguments('runUntil', rubbish).ok).toBe(false)
    }
  })
})

describe('messages of a page', () => {
  it('are taken when they are right', () => {
    const call = { kind: 'call', id: 1, call: 'pace', args: ['max'] }
    expect(parsePageMessage(JSON.stringify(call))).toEqual({ ok: true, value: call })
    expect(parsePageMessage('{"kind":"watch"}').ok).toBe(true)
  })
  it('are refused when they are not JSON, not a message, or name a call that does not exist', () => {
    for (const rubbish of [
      '',
      '{',
      'null',
      '[]',
      '{"kind":"watch","more":1}',
      '{"kind":"call","id":1,"call":"__proto__","args":[]}',
      '{"kind":"call","id":1,"call":"constructor","args":[]}',
      '{"kind":"acknowledge","sequence":"x"}',
    ]) {
      const parsed = parsePageMessage(rubbish)
      expect(parsed.ok).toBe(false)
      if (!parsed.ok) expect(parsed.error.message).not.toContain('\n')
    }
  })
})

describe('durations', () => {
  it('take ms, s, m, h and d', () => {
    expect(['250ms', '90s', '10m', '1.5h', '2d'].map(parseDuration)).toEqual([
      0.25, 90, 600, 5400, 172_800,
    ])
  })
  it('take what screens write', () => {
    const written = [487, 5400, 187_200, 0.25, 37.2].map(span)
    expect(written).toEqual(['8 min 7 s', '1 h 30 min', '2 d 4 h', '250 ms', '37.2 s'])
    expect(written.map(parseDuration)).toEqual([487, 5400, 187_200, 0.25, 37.2])
    expect(['4m5s', '1h30m', '00:08:07', '2 d 03:00:00'].map(parseDuration)).toEqual([
      245, 5400, 487, 183_600,
    ])
  })
  it('without a known unit, negative or too long are refused', () => {
    for (const wrong of ['10', '10x', '-5s', '', 's', '1e3s', '1 h 5', '10mn']) {
      expect(parseDuration(wrong)).toMatch(
        /is not a duration; write a number with ms, s, m, h or d/,
      )
    }
    expect(parseDuration('10')).toContain('such as 10s')
    expect(parseDuration('0')).toContain('such as 10m')
    expect(parseDuration('105d')).toContain('at most 104d')
  })
})

describe('seeds', () => {
  it('are whole numbers of 32 bits', () => {
    expect(['0', '42', '4294967295'].map(parseSeed)).toEqual([0, 42, 4_294_967_295])
    for (const wrong of ['-1', '1.5', 'x', '', '4294967296', '99999999999999']) {
      expect(parseSeed(wrong)).toContain('whole number from 0 to 4294967295')
    }
  })
})

describe('conditions', () => {
  it('compare a counter with a number', () => {
    expect(parseCondition('processes.blocked > 64')).toEqual({
      counter: 'processes.blocked',
      comparison: '>',
      value: 64,
    })
    expect(parseCondition('memory.free<=1e4')).toMatchObject({ comparison: '<=', value: 10_000 })
    expect(parseCondition('a == 5')).toMatchObject({ comparison: '=' })
  })
  it('of another form are refused', () => {
    for (const wrong of ['', 'processes.blocked', '> 5', 'a > b', 'a ! 5', 'a > 5 and b > 6']) {
      expect(parseCondition(wrong)).toContain('write <counter> > <value>')
    }
  })
  it('hold or do not', () => {
    const met = (words: string, value: number): boolean => {
      const condition = parseCondition(words)
      if (typeof condition === 'string') throw new Error(condition)
      return holds(condition, value)
    }
    expect([met('a > 5', 5), met('a > 5', 6), met('a >= 5', 5)]).toEqual([false, true, true])
    expect([met('a < 5', 5), met('a <= 5', 5), met('a = 5', 5)]).toEqual([false, true, true])
  })
})

describe('timed actions', () => {
  it('are a duration and an action', () => {
    expect(parseTimedAction('10m fault:orphaned-buffers=0.5')).toEqual({
      seconds: 600,
      action: { kind: 'fault', id: 'orphaned-buffers', intensity: 0.5 },
    })
  })
  it('say which half is wrong', () => {
    expect(parseTimedAction('reboot')).toContain('not a time and an action')
    expect(parseTimedAction('10q reboot')).toContain('not a duration')
    expect(parseTimedAction('10m explode')).toContain('is not understood')
  })
})
