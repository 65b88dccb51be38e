import { describe, expect, it } from 'vitest'
import type { Demonstration } from '../../../shared/api'
import { captionAt, captionText, demonstrationOf, isNear, nextAction } from './showing'

const timeline = [
  { at: 0, action: 'caption:It begins' },
  { at: 60, action: 'fix:wake-one=on' },
]
const shown: Demonstration = {
  id: 'one',
  title: 'One',
  about: 'About it',
  forSeconds: 90,
  request: { scenario: 'web', seed: 7, parameters: {}, timeline },
}

describe('what a run shows', () => {
  const run = { scenario: 'web', seed: 7, actions: [timeline[0]!], toCome: [timeline[1]!] }

  it('is the demonstration whose timeline it has done or will do, and no other', () => {
    expect(demonstrationOf([shown], run)).toBe(shown)
    expect(demonstrationOf([shown], { ...run, seed: 8 })).toBeUndefined()
    expect(demonstrationOf([shown], { ...run, toCome: [] })).toBeUndefined()
  })

  it('is said by its newest caption, also at an instant that is over', () => {
    const marks = [
      { at: 0, kind: 'caption' as const, text: 'caption:It begins' },
      { at: 9, kind: 'note' as const, text: 'note:x' },
      { at: 60, kind: 'caption' as const, text: 'caption:5 httpds' },
    ]
    expect(captionAt(marks, 59)?.at).toBe(0)
    expect(captionText(captionAt(marks, 70)!)).toBe('5 httpds')
    expect(captionAt([], 70)).toBeUndefined()
  })

  it('announces what is done next, but neither captions nor alarms', () => {
    const toCome = [{ at: 20, action: 'alarm:memory.free < 5' }, ...timeline]
    expect(nextAction(toCome, 50)).toEqual({ words: 'fix wake-one', inSeconds: 10 })
    expect(nextAction([timeline[0]!], 50)).toBeUndefined()
  })

  it('is announced when there is just time to read it, whatever the pace', () => {
    const next = { words: 'fix wake-one', inSeconds: 60 }
    expect(isNear(next, 1)).toBe(false)
    expect(isNear({ ...next, inSeconds: 10 }, 1)).toBe(true)
    expect(isNear(next, 10)).toBe(true)
    expect(isNear(next, 'max')).toBe(false)
    expect(isNear(next, undefined)).toBe(false)
  })
})
