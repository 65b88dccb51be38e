import { describe, expect, it } from 'vitest'
import { steadyTop } from './steady-top'

const sizes = (entries: Record<string, number>) => new Map(Object.entries(entries))

describe('the few that are shown by name', () => {
  it('are the largest, largest first, to begin with', () => {
    expect(steadyTop([], sizes({ a: 1, b: 5, c: 3 }), 2)).toEqual(['b', 'c'])
  })

  it('keep their slots while their order changes', () => {
    expect(steadyTop(['b', 'c'], sizes({ a: 1, b: 4, c: 9 }), 2)).toEqual(['b', 'c'])
  })

  it('stay when a newcomer is only a little larger', () => {
    expect(steadyTop(['b', 'c'], sizes({ a: 5, b: 9, c: 4.5 }), 2)).toEqual(['b', 'c'])
  })

  it('give the weakest slot to a newcomer that is clearly larger', () => {
    expect(steadyTop(['b', 'c'], sizes({ a: 8, b: 9, c: 4 }), 2)).toEqual(['b', 'a'])
  })

  it('leave when they have vanished', () => {
    expect(steadyTop(['b', 'c'], sizes({ a: 1, c: 4 }), 2)).toEqual(['a', 'c'])
    expect(steadyTop(['b', 'c'], sizes({ c: 4 }), 2)).toEqual([undefined, 'c'])
  })
})
