import { describe, expect, it, vi } from 'vitest'
import type { Mark, Round } from '../../shared/frame'
import { success } from '../../shared/result'
import { useLiveStore } from './live'
import { frameOf, freshStores, hostWith } from './live.test-support'

const mark = (at: number, text: string): Mark => ({ at, kind: 'fault', text })
const round = (number: number): Round => ({
  number,
  startSeconds: number * 100,
  seconds: 100,
  perHour: 4000,
})

freshStores()

describe('live store', () => {
  it('begins with the history that the host has, then appends frames', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    host.send(frameOf([3, 4]))
    expect(live.history.rows).toBe(4)
    expect(live.status?.now).toBe(4)
    expect(live.column('memory.free')).toBe(0)
    expect(live.column('memory.fred')).toBeUndefined()
  })

  it('tells charts at most four times a second', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    await vi.advanceTimersByTimeAsync(1000)
    const before = live.tick
    for (let i = 0; i < 40; i++) {
      host.send(frameOf([10 + i]))
      await vi.advanceTimersByTimeAsync(25)
    }
    expect(live.tick - before).toBeGreaterThanOrEqual(4)
    expect(live.tick - before).toBeLessThanOrEqual(5)
  })

  it('keeps what was done and what is to come until it is another, also of the same length', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    const one = (at: number) => [{ at, action: 'reboot' }]
    host.send(frameOf([4], { actions: one(1), toCome: one(9) }))
    const { actions, toCome } = live
    host.send(frameOf([5], { actions: one(1), toCome: one(9) }))
    expect([live.actions === actions, live.toCome === toCome]).toEqual([true, true])
    host.send(frameOf([1], { run: 2, actions: one(0), toCome: one(7) }))
    expect([live.actions, live.toCome]).toEqual([one(0), one(7)])
  })

  it('forgets the samples, marks and brush of the run before', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    host.send(frameOf([4], {}, { marks: [mark(4, 'fault:a=1')], rounds: [round(1)] }))
    live.brush = { from: 1, to: 2 }
    host.send(frameOf([1], { run: 2 }))
    expect(live.history.rows).toBe(1)
    expect(live.marks).toEqual([])
    expect(live.rounds).toEqual([])
    expect(live.brush).toBeUndefined()
  })

  it('keeps every mark and round once', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    const marks = [
      mark(4, 'fault:a=1'),
      mark(4, 'fault:b=1'),
      { at: 4, kind: 'round' as const, text: 'round 1' },
    ]
    host.send(frameOf([4], {}, { marks, rounds: [round(1)] }))
    host.send(frameOf([5], {}, { marks, rounds: [round(1), round(2)] }))
    expect(live.marks.map((m) => m.text)).toEqual(['fault:a=1', 'fault:b=1'])
    expect(live.rounds.map((r) => r.number)).toEqual([1, 2])
  })

  it('leaves slices of the status alone while they mean the same', async () => {
    const live = useLiveStore()
    const host = hostWith()
    await live.connect(host.api)
    host.send(frameOf([4], { faults: { a: 1 } }))
    const first = live.faults
    host.send(frameOf([5], { faults: { a: 1 } }))
    expect(live.faults).toBe(first)
    host.send(frameOf([6], { faults: { a: 0.5 } }))
    expect(live.faults).toEqual({ a: 0.5 })
  })

  it('shows the brushed window, or else the last minutes', async () => {
    const live = useLiveStore()
    const host = hostWith({ history: () => Promise.resolve(success(frameOf([100, 2000]))) })
    await live.connect(host.api)
    expect(live.visibleRange()).toEqual({ from: 1400, to: 2000 })
    live.chartWindow = Infinity
    expect(live.visibleRange()).toEqual({ from: 0, to: 2000 })
    live.brush = { from: 5, to: 9 }
    expect(live.visibleRange()).toEqual({ from: 5, to: 9 })
  })

  it('tells charts nothing while nobody can see the page, and all of it when somebody can', async () => {
    const live = useLiveStore()
    const host = hostWith()
    live.setHidden(true)
    await live.connect(host.api)
    expect(host.calls).toEqual(['hidden true'])
    await vi.advanceTimersByTimeAsync(1000)
    const { tick } = live
    host.send(frameOf([4]))
    await vi.advanceTimersByTimeAsync(1000)
    expect([live.tick, live.history.rows]).toEqual([tick, 4])
    live.setHidden(false)
    expect(live.tick).toBe(tick + 1)
    expect(host.calls).toEqual(['hidden true', 'hidden false'])
  })
})
