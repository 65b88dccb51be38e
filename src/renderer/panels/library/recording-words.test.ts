import { expect, it } from 'vitest'
import type { RecordedRun, RecordingInfo } from '../../../shared/api'
import { someRecordedRun } from '../../stores/library.test-support'
import { begunAt, standingOf, tagsIn } from './recording-words'

const standing = (
  changes: Partial<RecordedRun> | string,
  writer?: string,
): readonly [string, string] => {
  const info: RecordingInfo = {
    id: 'a',
    bytes: 1,
    writer,
    traces: 0,
    run: typeof changes === 'string' ? changes : { ...someRecordedRun, ...changes },
  }
  const { short, long } = standingOf(info)
  return [short, long]
}

it('how a recording stands follows from its writer before its state', () => {
  expect(standing({ state: 'recording' }, 'this run')[0]).toBe('recording')
  expect(standing({ state: 'recording' }, 'process 7 on a')).toEqual([
    'in use',
    'Being recorded by process 7 on a.',
  ])
  expect(standing({ state: 'recording' })[0]).toBe('cut off')
  expect(standing({ state: 'ended' })[0]).toBe('complete')
  expect(standing({ state: 'died', reason: 'out of memory' })).toEqual([
    'run died',
    'The run ended by itself: out of memory',
  ])
  expect(standing({ state: 'stopped', reason: 'the disk is full' })[1]).toMatch(/disk is full$/)
  expect(standing('not JSON')).toEqual(['damaged', 'not JSON'])
})

it('when it was begun is told by the clock of this machine', () => {
  const here = new Date(2026, 10, 7, 9, 5)
  expect(begunAt(here.toISOString())).toBe('2026-11-07 09:05')
  expect(begunAt('yesterday')).toBe('–')
})

it('tags are the words that were typed, each once, with or without a sign before them', () => {
  expect(tagsIn(' #leak, week;leak  #friday ')).toEqual(['leak', 'week', 'friday'])
  expect(tagsIn(' , ')).toEqual([])
  expect(tagsIn('x'.repeat(60))[0]).toHaveLength(40)
})
