import { describe, expect, it } from 'vitest'
import { EventMix } from './event-mix'

const segment = (procedure: string) => ({ kind: 'segment end', procedure })
const tick = { kind: 'tick', procedure: undefined }

describe('the mix of events', () => {
  it('tells the share of each kind and of its procedures, largest first', () => {
    const mix = new EventMix()
    for (let look = 0; look < 600; look++) mix.note(look, look % 3 === 0 ? tick : segment('main'))
    for (const rare of ['sys_read', 'sys_read', 'sys_exit', 'do_fork']) {
      mix.note(600, segment(rare))
    }
    expect(mix.shares).toEqual([
      {
        kind: 'segment end',
        share: 404 / 604,
        procedures: [
          { procedure: 'main', share: 400 / 604 },
          { procedure: 'sys_read', share: 2 / 604 },
          { procedure: 'sys_exit', share: 1 / 604 },
        ],
      },
      { kind: 'tick', share: 200 / 604, procedures: [] },
    ])
  })

  it('says nothing from a few looks, or when there is no event', () => {
    const mix = new EventMix()
    for (let look = 0; look < 49; look++) mix.note(0, tick)
    for (let look = 0; look < 49; look++) mix.note(0, undefined)
    expect(mix.shares).toEqual([])
    mix.note(0, tick)
    expect(mix.shares).toEqual([{ kind: 'tick', share: 1, procedures: [] }])
    mix.restart()
    expect(mix.shares).toEqual([])
  })

  it('forgets what lies back', () => {
    const mix = new EventMix()
    for (let look = 0; look < 1000; look++) mix.note(look, tick)
    for (let look = 0; look < 1000; look++) mix.note(1000 + look * 5, segment('main'))
    expect(mix.shares.map(({ kind, share }) => [kind, share])).toEqual([['segment end', 1]])
  })
})
