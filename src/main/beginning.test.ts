import { describe, expect, it } from 'vitest'
import { firstRun, wordsOf, type BeginningWords } from './beginning'
import { syntheticCatalogue as catalogue } from './runs/synthetic-catalogue.test-support'

const begin = (words: BeginningWords, environment: NodeJS.ProcessEnv = {}) =>
  firstRun(catalogue, { scenario: 'synthetic', ...words }, wordsOf(environment))
const complaint = (words: BeginningWords): string => {
  const begun = begin(words)
  return begun.ok ? 'none' : begun.error.message
}

describe('the first run', () => {
  it('is at ten times real time with seed 1 unless told otherwise', () => {
    expect(begin({})).toEqual({
      ok: true,
      value: {
        request: { scenario: 'synthetic', seed: 1, parameters: {} },
        pace: 10,
        paused: false,
        memoryLimitMb: undefined,
      },
    })
  })

  it('is what words say, and the environment where there are none', () => {
    for (const [word, pace] of [
      ['0.25', 0.25],
      ['1', 1],
      ['100x', 100],
      ['max', 'max'],
    ] as const) {
      expect(begin({ pace: word })).toMatchObject({ value: { pace } })
    }
    const environment = {
      SOAKSCOPE_SEED: '5',
      SOAKSCOPE_PACE: 'max',
      SOAKSCOPE_PAUSED: '1',
      SOAKSCOPE_MEMORY_MB: '64',
    }
    expect(begin({ seed: '9' }, environment)).toMatchObject({
      value: { request: { seed: 9 }, pace: 'max', paused: true, memoryLimitMb: 64 },
    })
    expect(firstRun(catalogue, {}, { scenario: 'synthetic' }).ok).toBe(true)
  })

  it('may be a demonstration, with another seed if one is given', () => {
    const run = { scenario: 'synthetic', seed: 7, parameters: { 'load.size': 2 } }
    const request = { ...run, timeline: [{ at: 1, action: 'reboot' }] }
    const shown = { id: 'show', title: '', about: '', request, forSeconds: undefined }
    const more = { ...catalogue, demonstrations: [shown] }
    expect(firstRun(more, { scenario: 'show' }, {})).toMatchObject({ value: { request } })
    expect(firstRun(more, { scenario: 'show', seed: '9' }, {})).toMatchObject({
      value: { request: { ...request, seed: 9 } },
    })
  })

  it('is refused by the name of the word that is wrong', () => {
    expect(complaint({ scenario: 'nosuch' })).toMatch(/^scenario: there is no scenario "nosuch"/)
    expect(complaint({ seed: '-1' })).toMatch(/^seed: "-1" is not a seed; write a whole number/)
    expect(complaint({ pace: '3' })).toBe('pace: one of 0.25, 1, 10, 100, max, not "3"')
    expect(complaint({ memory: '8' })).toBe('memory: a whole number of MB from 16, not "8"')
  })
})
