import { describe, expect, it, vi } from 'vitest'
import type { Frame, Replaced } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import { useLiveStore } from './live'
import { facts, frameOf, freshStores, hostWith } from './live.test-support'
import { useMessagesStore } from './messages'

freshStores()

describe('the line of the live store to its host', () => {
  it('holds frames back that arrive before the history does', async () => {
    let answer: (result: Result<Frame>) => void = () => undefined
    const host = hostWith({ history: () => new Promise((resolve) => (answer = resolve)) })
    const live = useLiveStore()
    const connected = live.connect(host.api)
    await vi.advanceTimersByTimeAsync(0)
    host.send(frameOf([4, 5]))
    expect(live.history.rows).toBe(0)
    answer(success(frameOf([1, 2, 3])))
    await connected
    expect(live.history.rows).toBe(5)
    expect(live.status?.now).toBe(5)
  })

  it('fetches everything again when a lost connection comes back', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    host.connection(false)
    expect(live.connected).toBe(false)
    host.connection(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(live.connected).toBe(true)
    expect(live.history.rows).toBe(3)
  })

  it('asks once when the connection opens for the first time', async () => {
    let asked = 0
    const host = hostWith({
      history: () => {
        asked++
        return Promise.resolve(success(frameOf([1, 2, 3])))
      },
    })
    const live = useLiveStore()
    const connecting = live.connect(host.api)
    host.connection(true)
    await connecting
    expect(asked).toBe(1)
    expect(live.loaded).toBe(true)
  })

  it('waits, without a message, for a host that cannot be reached yet', async () => {
    const lost = failure('connection-lost', 'the connection was lost')
    let answer: Result<Frame> = lost
    const host = hostWith({ history: () => Promise.resolve(answer) })
    const live = useLiveStore()
    await live.connect(host.api)
    expect(live.connected).toBe(false)
    expect(live.loaded).toBe(false)
    expect(useMessagesStore().messages).toEqual([])
    answer = success(frameOf([1, 2, 3]))
    host.connection(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(live.loaded).toBe(true)
    expect(live.history.rows).toBe(3)
  })

  it('says which run took the place of which, and who began it', async () => {
    const live = useLiveStore()
    const messages = useMessagesStore()
    const host = hostWith()
    await live.connect(host.api)
    const replaced = { title: 'Apache', seed: 3, by: 'another page', others: 1 } as const
    const said = (run: number, more: Partial<Replaced>): readonly string[] => {
      for (const { id } of messages.messages) messages.dismiss(id)
      host.send(frameOf([1], { run }, { replaced: { ...replaced, ...more } }))
      return messages.messages.map(({ text }) => text)
    }
    expect(said(2, {})).toEqual([
      'Another page began SDET with seed 7; it took the place of Apache with seed 3',
    ])
    expect(said(3, { by: 'this page', others: 0 })).toEqual([])
    expect(said(4, { by: 'this page' })).toEqual([
      'SDET with seed 7 took the place of Apache with seed 3, which another page watched too',
    ])
  })

  it('says nothing of a frame that was ahead of the first history', async () => {
    const found = frameOf([1, 2], {}, { facts })
    const host = hostWith({ history: () => Promise.resolve(success(found)) })
    const connecting = useLiveStore().connect(host.api)
    host.send(frameOf([3], {}, { facts }))
    await connecting
    expect(useMessagesStore().messages).toEqual([])
  })

  it('says that another run was begun while it had no connection', async () => {
    let found = frameOf([1, 2, 3], {}, { facts })
    const host = hostWith({ history: () => Promise.resolve(success(found)) })
    const live = useLiveStore()
    await live.connect(host.api)
    host.connection(false)
    host.connection(false, 'started-anew')
    expect([live.connected, live.away]).toEqual([false, 'started-anew'])
    found = frameOf([1], { seed: 9 }, { facts })
    host.connection(true)
    // It may be ahead of the history.
    host.send(found)
    await vi.advanceTimersByTimeAsync(0)
    expect([live.connected, live.away]).toEqual([true, undefined])
    expect(useMessagesStore().messages.map(({ text }) => text)).toEqual([
      'SDET with seed 9 was begun while this page had no connection',
    ])
  })
})
