import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api, ApiCalls, Away } from '../../shared/api'
import type { Frame, Mark, Replaced, Round, RunStatus, RunFacts } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'

function statusAt(now: number, changes: Partial<RunStatus> = {}): RunStatus {
  return {
    run: 1,
    phase: 'running',
    scenario: 'sdet',
    title: 'SDET',
    seed: 7,
    parameters: { 'sdet.scripts': 128 },
    pace: 10,
    now,
    events: now * 1000,
    digest: '0123456789abcdef',
    eventsPerSecond: 1000,
    speed: 10,
    faults: {},
    fixes: [],
    actions: [],
    toCome: [],
    eventMix: [],
    until: undefined,
    keptBytes: 0,
    reason: '',
    ...changes,
  }
}

function frameOf(
  times: readonly number[],
  changes: Partial<RunStatus> = {},
  more: Partial<Frame> = {},
): Frame {
  const values = Float64Array.from(times)
  return {
    sequence: 0,
    facts: undefined,
    status: statusAt(times.at(-1) ?? 0, changes),
    samples: {
      rows: times.length,
      columns: 1,
      time: values,
      merged: new Uint32Array(times.length).fill(1),
      last: values,
      min: values,
      max: values,
      mean: values,
    },
    marks: [],
    rounds: [],
    ...more,
  }
}

const facts: RunFacts = {
  scenario: 'sdet',
  title: 'SDET',
  summary: 'a machine',
  seed: 1,
  structures: [],
  counters: [{ id: 'memory.free', unit: 'kB', kind: 'gauge', help: 'Free memory.' }],
}

/** A host whose answers a test decides; it records the calls it got. */
function hostWith(answers: Partial<ApiCalls> = {}) {
  const calls: string[] = []
  let send: (frame: Frame) => void = () => undefined
  let connect: (connected: boolean, away?: Away) => void = () => undefined
  const answered =
    (name: string) =>
    (argument?: unknown): Promise<Result<RunStatus>> => {
      calls.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`)
      return Promise.resolve(success(statusAt(0)))
    }
  const api: Api = {
    shell: 'web',
    onFrame: (receive) => {
      send = receive
      return () => (send = () => undefined)
    },
    setHidden: (hidden) => void calls.push(`hidden ${hidden}`),
    onConnection: (receive) => {
      connect = receive
      return () => undefined
    },
    catalogue: () =>
      Promise.resolve(
        success({
          version: '1',
          demonstrations: [],
          disturbances: [],
          scenarios: [
            {
              id: 'sdet',
              title: 'SDET',
              summary: '',
              citation: '',
              workloads: [],
              structures: [],
              parameters: [],
              counters: [],
            },
          ],
        }),
      ),
    status: answered('status'),
    start: answered('start'),
    openScenario: answered('openScenario'),
    runAgain: answered('runAgain'),
    pace: answered('pace'),
    pause: answered('pause'),
    resume: answered('resume'),
    step: answered('step'),
    runUntil: answered('runUntil'),
    cancelUntil: answered('cancelUntil'),
    act: answered('act'),
    clearFaults: answered('clearFaults'),
    snapshot: () => Promise.resolve(failure('no-run', 'there is no run')),
    profile: () => Promise.resolve(failure('no-run', 'there is no run')),
    save: () => Promise.resolve(success({ kind: 'cancelled' as const })),
    history: () => Promise.resolve(success(frameOf([1, 2, 3], {}, { facts }))),
    ...answers,
  }
  return {
    api,
    calls,
    send: (frame: Frame) => send(frame),
    connection: (now: boolean, away?: Away) => connect(now, away),
  }
}

const mark = (at: number, text: string): Mark => ({ at, kind: 'fault', text })
const round = (number: number): Round => ({
  number,
  startSeconds: number * 100,
  seconds: 100,
  perHour: 4000,
})

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
})
afterEach(() => {
  useLiveStore().disconnect()
  vi.useRealTimers()
})

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

  it('asks for the profile of the brushed window, and saves it; other files are of the whole run', async () => {
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
    for (const kind of ['pprof', 'collapsed', 'csv'] as const) await live.save(kind)
    const window = { from: 3, to: 5 }
    expect(saved).toEqual([['pprof'], ['pprof', window], ['collapsed', window], ['csv']])
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
