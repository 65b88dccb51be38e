import { describe, expect, it } from 'vitest'
import { RankChanges } from './rank-changes'

describe('marks of rank', () => {
  it('tell how many places a row has risen or fallen', () => {
    const changes = new RankChanges(3000)
    changes.update(['a', 'b', 'c'], 0)
    changes.update(['c', 'a', 'b'], 1000)
    expect(['a', 'b', 'c'].map((key) => changes.placesOf(key))).toEqual([-1, -1, 2])
  })

  it('are not set for newcomers, nor when nothing moved', () => {
    const changes = new RankChanges(3000)
    changes.update(['a'], 0)
    changes.update(['a', 'b'], 1000)
    expect([changes.placesOf('a'), changes.placesOf('b')]).toEqual([0, 0])
  })

  it('fade after their time', () => {
    const changes = new RankChanges(3000)
    changes.update(['a', 'b'], 0)
    changes.update(['b', 'a'], 1000)
    changes.update(['b', 'a'], 3900)
    expect(changes.placesOf('b')).toBe(1)
    changes.update(['b', 'a'], 4000)
    expect(changes.placesOf('b')).toBe(0)
  })

  it('start afresh after a reset', () => {
    const changes = new RankChanges(3000)
    changes.update(['a', 'b'], 0)
    changes.reset()
    changes.update(['b', 'a'], 10)
    expect(changes.placesOf('b')).toBe(0)
  })
})
