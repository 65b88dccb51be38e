import { describe, expect, it } from 'vitest'
import { EventMix } from './event-mix'

const segment = (procedure: string) => ({ kind: 'segment end', procedure })
const tick = { kind: 'tick', procedure: undefined }

describe('the mix of events', () => {
  it('tells the share of each kind, largest first, and leaves out the rare ones', () => {
    const mix = new EventMix()
    for (let look = 0; look < 600; look++) mix.note(look, look % 3 === 0 ? tick : segment('main'))
    for (const rare of ['a', 'b', 'c', 'd']) mix.note(600, segment(rare))
    const [first, second, ...rest] = mix.shares
    expect(first).toMatchObject({ kind: 'segment end', procedure: 'main' })
    expect(first?.share).toBeCloseTo(400 / 604, 9)
    expect(second).toMatchObject({ kind: 'tick', procedure: undefined, share: 200 / 604 })
    expect(rest.length).toBe(2)
  })

  it('says nothing from a few looks, or when there is no event', () => {
    const mix = new EventMix()
    for (let look = 0; look < 49; look++) mix.note(0, tick)
    for (let look = 0; look < 49; look++) mix.note(0, undefined)
    expect(mix.shares).toEqual([])
    mix.note(0, tick)
    expect(mix.shares).toEqual([{ ...tick, share: 1 }])
    mix.restart()
    expect(mix.shares).toEqual([])
  })

  it('forgets what lies back', () => {
    const mix = new EventMix()
    for (let look = 0; look < 1000; look++) mix.note(look, tick)
    for (let look = 0; look < 1000; look++) mix.note(1000 + look * 5, segment('main'))
    expect(mix.shares).toEqual([{ ...segment('main'), share: 1 }])
  })
})
