import { expect, it } from 'vitest'
import type { OpenedAbout } from '../../../shared/api'
import { recordingFaults } from './recording-faults'

const whole: OpenedAbout = {
  name: 'a',
  model: '1.0.0',
  hasOtherModel: false,
  state: 'ended',
  writer: undefined,
  seconds: 100,
  wholeAfter: 0,
  missing: [],
  origin: undefined,
  part: undefined,
}
const words = (about: Partial<OpenedAbout>) =>
  recordingFaults({ ...whole, ...about }).map((fault) => fault.words)

it('says what is wrong with a recording, and nothing of one that is whole', () => {
  expect(words({})).toEqual([])
  expect(words({ hasOtherModel: true, model: '0.9.0' })).toEqual(['made by version 0.9.0'])
  expect(words({ state: 'recording' })).toEqual(['cut off'])
  expect(words({ state: 'recording', writer: 'this run' })).toEqual(['still being recorded'])
  expect(words({ missing: ['a tail'] })).toEqual(['1 part is missing'])
  expect(words({ wholeAfter: 60 })).toEqual(['in tiers up to 00:01:00'])
})

it('an imported file is said to be one, with what it lacks and what is to be known', () => {
  const imported = {
    file: 'a.csv',
    format: 'a CSV of counters',
    begins: false,
    hasSamples: true,
    hasProfile: false,
    hasSeed: false,
    notes: ['its end is missing'],
  }
  const [fault] = recordingFaults({ ...whole, imported })
  expect(fault?.words).toBe('numbers only')
  expect(fault?.more).toMatch(/profile is not in it\.\nIt is no run: .*\nIts end is missing\.$/s)
})
