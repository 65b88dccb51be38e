import { describe, expect, it, vi } from 'vitest'
import { failure, success } from '../../shared/result'
import { useLiveStore } from './live'
import { frameOf, freshStores, hostWith } from './live.test-support'
import { useMessagesStore } from './messages'

freshStores()

describe('what the live store asks of its host', () => {
  it('sends actions in the words of the command line', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    await live.act({ kind: 'fault', id: 'slow-disk', intensity: 0.5 })
    await live.act({ kind: 'reboot' })
    await live.pace('max')
    expect(host.calls).toEqual(['act "fault:slow-disk=0.5"', 'act "reboot"', 'pace "max"'])
  })

  it('shows a failure as one line, and counts it when it comes again', async () => {
    const refusal = failure('out-of-range', 'sdet.scripts is 1 to 1024, not 9000')
    const live = useLiveStore()
    const host = hostWith({ act: () => Promise.resolve(refusal) })
    await live.connect(host.api)
    expect(await live.act({ kind: 'set', path: 'sdet.scripts', value: '9000' })).toBe(false)
    await live.act({ kind: 'set', path: 'sdet.scripts', value: '9000' })
    const messages = useMessagesStore()
    expect(messages.messages).toHaveLength(1)
    expect(messages.messages[0]).toMatchObject({
      kind: 'error',
      text: 'sdet.scripts is 1 to 1024, not 9000',
      times: 2,
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(messages.messages).toEqual([])
  })

  it('survives a host that does not answer', async () => {
    const live = useLiveStore()
    const host = hostWith({ pause: () => Promise.reject(new Error('connection closed')) })
    await live.connect(host.api)
    expect(await live.pause()).toBe(false)
    expect(useMessagesStore().messages[0]?.text).toContain('connection closed')
  })

  it('does not ask a run that died for its structures', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    expect(await live.snapshot('run-queue')).toBeUndefined()
    expect(useMessagesStore().messages).toHaveLength(1)
    host.send(frameOf([4], { phase: 'died', reason: 'out of memory' }))
    expect(await live.profile()).toBeUndefined()
    expect(await live.snapshot('disk-queue')).toBeUndefined()
    expect(useMessagesStore().messages[0]?.times).toBe(1)
    expect(live.reason).toBe('out of memory')
  })

  it('tells of a file that takes long to write until it is there', async () => {
    let isWritten: () => void = () => undefined
    const live = useLiveStore()
    const written = { kind: 'written', path: '/a/b.csv', bytes: 2048 } as const
    const host = hostWith({
      save: () => new Promise((done) => (isWritten = () => done(success(written)))),
    })
    await live.connect(host.api)
    const messages = useMessagesStore()
    const texts = (): string[] => messages.messages.map(({ text }) => text)
    const saving = live.save('csv')
    expect(texts()).toEqual([])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(texts()).toEqual(['Writing the file (csv)…'])
    isWritten()
    await saving
    expect(texts()).toEqual(['Saved /a/b.csv (2.0 kB)'])
    // What is there at once needs no word before.
    const quick = live.save('csv')
    isWritten()
    await quick
    await vi.advanceTimersByTimeAsync(1_000)
    expect(texts()).toEqual(['Saved /a/b.csv (2.0 kB)'])
  })

  it('tells how much of a file is there, and calls it off', async () => {
    let end: () => void = () => undefined
    let calledOff = 0
    const live = useLiveStore()
    const host = hostWith({
      save: () => new Promise((done) => (end = () => done(success({ kind: 'cancelled' })))),
      saveState: () => Promise.resolve(success({ files: 1, bytes: 3 * 2 ** 20 })),
      cancelSave: () => {
        calledOff++
        return Promise.resolve(success(null))
      },
    })
    await live.connect(host.api)
    const messages = useMessagesStore()
    const saving = live.save('csv')
    await vi.advanceTimersByTimeAsync(2000)
    expect(messages.messages[0]).toMatchObject({ kind: 'busy', soFar: '3.0 MB' })
    messages.messages[0]?.cancel?.()
    expect(calledOff).toBe(1)
    end()
    await saving
    await vi.advanceTimersByTimeAsync(2000)
    expect(messages.messages).toEqual([])
  })

  it('saves the brushed window; the run as JSON is whole', async () => {
    const live = useLiveStore()
    const saved: unknown[][] = []
    const host = hostWith({
      save: (...args) => {
        saved.push(args)
        return Promise.resolve(success({ kind: 'cancelled' as const }))
      },
    })
    await live.connect(host.api)
    await live.save('pprof')
    live.brush = { from: 3, to: 5 }
    for (const kind of ['pprof', 'csv', 'json'] as const) await live.save(kind)
    const window = { from: 3, to: 5 }
    expect(saved).toEqual([['pprof'], ['pprof', window], ['csv', window], ['json']])
  })
})
