import { describe, expect, it } from 'vitest'
import { bySamples, timeView } from './time-view'

describe('a window that is brushed', () => {
  it.each([
    ['goes from sample to sample', { from: 2.905, to: 8.715 }, { from: 3, to: 9 }],
    ['keeps whole seconds', { from: 3, to: 9 }, { from: 3, to: 9 }],
    ['is a second at least', { from: 4.1, to: 4.2 }, { from: 4, to: 5 }],
    ['ends where it ended, however short', { from: 19.9, to: 20 }, { from: 19, to: 20 }],
    ['is a second where it has no length', { from: 20, to: 20 }, { from: 19, to: 20 }],
    ['begins at the start', { from: 0, to: 0 }, { from: 0, to: 1 }],
  ])('%s', (_, brushed, kept) => {
    expect(bySamples(brushed)).toEqual(kept)
  })

  it('is what profiles are of and charts show', () => {
    const { shared } = timeView(() => 20)
    shared.brush.value = { from: 2.905, to: 8.715 }
    expect(shared.brush.value).toEqual({ from: 3, to: 9 })
    expect(shared.profileWindow()).toEqual({ from: 3, to: 9 })
    expect(shared.visibleRange()).toEqual({ from: 3, to: 9 })
    shared.brush.value = undefined
    expect(shared.profileWindow()).toBeUndefined()
  })
})
