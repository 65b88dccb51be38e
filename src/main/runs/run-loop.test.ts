import { describe, expect, it } from 'vitest'
import { createServer, inSeconds, instant } from '../../sim/index'
import type { RunRequest } from './protocol'
import { RunLoop } from './run-loop'
import { loopOf, plainly } from './run-loop.test-support'

const message = (result: ReturnType<RunLoop['request']>): string =>
  result.ok ? 'done' : `${result.error.code}: ${result.error.message}`

describe('pace', () => {
  it.each([0.25, 1, 10, 100] as const)('%s× follows the wall clock', (pace) => {
    const { server, runWall, newest } = loopOf({ pace })
    runWall(4000)
    expect(inSeconds(server.now)).toBeGreaterThan(4 * pace * 0.97)
    expect(inSeconds(server.now)).toBeLessThanOrEqual(4 * pace * 1.03)
    expect(newest().speed).toBeCloseTo(pace, 1)
    expect(newest().eventsPerSecond).toBeGreaterThan(pace * 900)
  })

  it('max does not wait', () => {
    const { loop, server } = loopOf({ pace: 'max' })
    expect(loop.slice()).toBe(0)
    expect(server.events).toBeGreaterThan(1000)
  })

  it('lets go of what a stalled host missed, instead of racing after it', () => {
    const { server, clock, runWall } = loopOf({ pace: 1 })
    runWall(100)
    clock.ms += 60_000
    runWall(1000)
    expect(inSeconds(server.now)).toBeLessThan(1.5)
  })

  it('can be changed at any time and counts from there', () => {
    const { server, runWall, ask } = loopOf({ pace: 1 })
    runWall(1000)
    const before = inSeconds(server.now)
    ask({ call: 'pace', pace: 100 })
    runWall(1000)
    expect(inSeconds(server.now) - before).toBeGreaterThan(95)
    expect(inSeconds(server.now) - before).toBeLessThan(105)
  })

  it('sends 4 batches a wall second, and every sample once', () => {
    const { batches, runWall } = loopOf({ pace: 100 })
    runWall(2000)
    expect(batches.length).toBeLessThanOrEqual(9)
    const times = batches.flatMap((batch) => [...batch.time])
    expect(times).toEqual(Array.from({ length: times.length }, (_, index) => index + 1))
    expect(times.length).toBeGreaterThanOrEqual(175)
    expect(batches.flatMap((batch) => batch.rounds).length).toBe(Math.floor(times.length / 10))
  })
})

describe('slices', () => {
  it('never change the run', () => {
    const digests = [1, 10, 100, 'max'].map((pace) => {
      const { server, runWall, ask } = loopOf({ pace: pace as 1 })
      ask({ call: 'runUntil', until: { kind: 'time', seconds: 30 } })
      runWall(60_000)
      return [server.digest(), server.events, inSeconds(server.now)].join()
    })
    expect(new Set(digests).size).toBe(1)
  })
})

describe('pause and step', () => {
  it('stands still while paused, and goes on from there', () => {
    const { server, clock, runWall, ask, newest, loop } = loopOf()
    runWall(1000)
    ask({ call: 'pause' })
    expect(newest()).toMatchObject({ phase: 'paused', speed: 0, eventsPerSecond: 0 })
    const stopped = server.now
    clock.ms += 5000
    expect(loop.slice()).toBeUndefined()
    expect(server.now).toBe(stopped)
    ask({ call: 'resume' })
    runWall(1000)
    expect(newest().phase).toBe('running')
    expect(inSeconds(server.now) - inSeconds(stopped)).toBeLessThan(1.1)
  })

  it('stands still at the end of an instant, so that whoever runs to it has the same run', () => {
    const [server, plain] = [1, 2].map(() => {
      const made = createServer({ scenario: 'sdet', seed: 7, parameters: {} })
      if (typeof made === 'string') throw new Error(made)
      return made
    })
    if (!server || !plain) throw new Error('no servers')
    let ms = 0
    const loop = new RunLoop(server, {
      ...plainly,
      pace: 'max',
      // Every look at the clock ends a slice, after 100 events.
      wall: () => (ms += 10),
      emit: () => undefined,
    })
    for (let pause = 1; pause <= 100; pause += 1) {
      loop.slice()
      loop.request({ call: 'pause' })
      plain.advance(server.now)
      expect([pause, server.digest()]).toEqual([pause, plain.digest()])
      loop.request({ call: 'resume' })
    }
  })

  it('steps an event, a tick and a sample, and sends what came of it', () => {
    const { server, batches, ask } = loopOf({ paused: true })
    ask({ call: 'step', step: 'event' })
    expect([server.events, inSeconds(server.now)]).toEqual([1, 0.001])
    ask({ call: 'step', step: 'tick' })
    expect(inSeconds(server.now)).toBe(0.01)
    ask({ call: 'step', step: 'sample' })
    expect(inSeconds(server.now)).toBe(1)
    expect([...(batches.at(-1)?.time ?? [])]).toEqual([1])
  })

  it('refuses to step a run that is not paused', () => {
    const { ask } = loopOf()
    expect(message(ask({ call: 'step', step: 'tick' }))).toBe(
      'refused: a run is stepped while it is paused; pause it first',
    )
  })
})

describe('run until', () => {
  it('pauses exactly at the instant, and says so', () => {
    const { server, runWall, ask, newest } = loopOf({ paused: true, pace: 'max' })
    ask({ call: 'runUntil', until: { kind: 'time', seconds: 12.345 } })
    runWall(10_000)
    expect(inSeconds(server.now)).toBe(12.345)
    expect(newest()).toMatchObject({ phase: 'paused', reason: 'paused: reached 00:00:12.345' })
  })

  it('pauses at the first sample that meets a condition', () => {
    const { server, runWall, ask, newest } = loopOf({ paused: true, pace: 'max' })
    ask({ call: 'runUntil', until: { kind: 'condition', text: 'interrupts >= 7500' } })
    runWall(10_000)
    expect(inSeconds(server.now)).toBe(8)
    expect(newest().reason).toBe('paused: interrupts >= 7500 at 00:00:08')
  })

  it('tells its goal until it is there, over pauses and steps by hand', () => {
    const { server, runWall, ask, newest } = loopOf({ pace: 'max' })
    const until = { kind: 'time', seconds: 5 } as const
    ask({ call: 'runUntil', until })
    ask({ call: 'pause' })
    expect(newest()).toMatchObject({ phase: 'paused', until })
    ask({ call: 'step', step: 'sample' })
    ask({ call: 'resume' })
    expect(newest()).toMatchObject({ phase: 'running', until })
    runWall(100)
    expect(inSeconds(server.now)).toBe(5)
    expect(newest()).toMatchObject({ phase: 'paused', until: undefined })
  })

  it('is there also when a step by hand comes to the goal', () => {
    const goals = [
      [{ kind: 'time', seconds: 0.5 }, 'paused: reached 00:00:01'],
      [{ kind: 'condition', text: 'interrupts > 900' }, 'paused: interrupts > 900 at 00:00:01'],
    ] as const
    for (const [until, reason] of goals) {
      const { ask, newest } = loopOf()
      ask({ call: 'runUntil', until })
      ask({ call: 'pause' })
      ask({ call: 'step', step: 'sample' })
      expect(newest()).toMatchObject({ phase: 'paused', until: undefined, reason })
    }
  })

  it('can be taken back, and the run goes on', () => {
    for (const until of [
      { kind: 'time', seconds: 5 },
      { kind: 'condition', text: ' interrupts >= 5000 ' },
    ] as const) {
      const { server, runWall, ask, newest } = loopOf({ pace: 'max' })
      ask({ call: 'runUntil', until })
      expect(newest().until).toEqual(
        until.kind === 'time' ? until : { kind: 'condition', text: 'interrupts >= 5000' },
      )
      ask({ call: 'cancelUntil' })
      expect(newest()).toMatchObject({ phase: 'running', until: undefined })
      runWall(100)
      expect(inSeconds(server.now)).toBeGreaterThan(6)
    }
  })

  it('names every time in whole milliseconds', () => {
    const { runWall, ask, newest } = loopOf({ pace: 'max' })
    ask({ call: 'runUntil', until: { kind: 'time', seconds: 1.00717013 } })
    runWall(100)
    expect(newest().reason).toBe('paused: reached 00:00:01.007')
    expect(message(ask({ call: 'runUntil', until: { kind: 'time', seconds: 1.00017013 } }))).toBe(
      'out-of-range: 00:00:01 is over; it is 00:00:01.007 now, name a later time',
    )
  })

  it('refuses the past, an unknown counter and what is not a condition', () => {
    const { runWall, ask } = loopOf()
    runWall(2000)
    const until = (text: string): RunRequest => ({
      call: 'runUntil',
      until: { kind: 'condition', text },
    })
    expect(message(ask({ call: 'runUntil', until: { kind: 'time', seconds: 1 } }))).toContain(
      'out-of-range: 00:00:01 is over; it is 00:00:0',
    )
    expect(message(ask(until('nosuch > 1')))).toContain(
      'unknown-counter: there is no counter nosuch',
    )
    expect(message(ask(until('interrupts')))).toContain('bad-argument')
  })
})

describe('actions', () => {
  it('are carried out, logged and shown', () => {
    const { ask, newest, batches } = loopOf()
    expect(message(ask({ call: 'act', action: 'fault:leak=0.5' }))).toBe('done')
    expect(newest().faults).toEqual({ leak: 0.5 })
    expect(newest().actions).toEqual([{ at: 0, action: 'fault:leak=0.5' }])
    expect(batches.at(-1)?.marks).toEqual([{ at: 0, kind: 'fault', text: 'fault:leak=0.5' }])
    ask({ call: 'clearFaults' })
    expect(newest().faults).toEqual({})
  })

  it('are refused with the reason of the server or of the grammar', () => {
    const { ask } = loopOf()
    expect(message(ask({ call: 'act', action: 'fault:nosuch=1' }))).toBe(
      'refused: there is no fault nosuch',
    )
    expect(message(ask({ call: 'act', action: 'explode' }))).toContain('unknown-action')
  })

  it('give the same run when they are repeated from the log', () => {
    const first = loopOf({ pace: 10 })
    first.runWall(1234)
    first.ask({ call: 'act', action: 'fault:leak=1' })
    first.runWall(777)
    first.ask({ call: 'act', action: 'fault:leak=0' })
    first.runWall(500)
    first.ask({ call: 'pause' })
    const untilSeconds = inSeconds(first.server.now)
    const timeline = first.server.actions
    const again = loopOf({ paused: true, timeline, repeatUntil: untilSeconds })
    expect(message(again.ask({ call: 'act', action: 'reboot' }))).toContain('being repeated')
    for (let slices = 0; slices < 10_000 && again.loop.slice() !== undefined; slices++);
    expect(again.server.now).toBe(instant(untilSeconds * 1e9))
    expect(again.server.digest()).toBe(first.server.digest())
    expect(again.server.actions).toEqual(first.server.actions)
    expect(again.newest()).toMatchObject({ phase: 'paused', reason: '' })
  })

  it('go on until what they were to go on until', () => {
    const until = { kind: 'time', seconds: 7 } as const
    const again = loopOf({ pace: 'max', repeatUntil: 3, until })
    again.loop.flush()
    expect(again.newest()).toMatchObject({ now: 0, until })
    for (let slices = 0; slices < 10_000 && again.loop.slice() !== undefined; slices++);
    expect(again.newest()).toMatchObject({ phase: 'paused', now: 7 })
    expect(again.newest().until).toBeUndefined()
  })
})

describe('a timeline', () => {
  const timeline = [
    { at: 0, action: 'set:load.size=5' },
    { at: 2.0005, action: 'fault:leak=1' },
    { at: 5, action: 'fault:leak=0.5' },
    { at: 5, action: 'reboot' },
    { at: 9, action: 'fault:leak=0' },
  ]
  const to = (seconds: number): RunRequest => ({
    call: 'runUntil',
    until: { kind: 'time', seconds },
  })
  const come = (loop: RunLoop): void => {
    for (let slices = 0; slices < 100_000 && loop.slice() !== undefined; slices++);
  }
  /** The same actions by hand, each while the run stands at its instant. */
  function byHand() {
    const { loop, ask, server, newest } = loopOf({ pace: 'max', paused: true })
    for (const { at, action } of timeline) {
      if (at > inSeconds(server.now)) {
        ask(to(at))
        come(loop)
      }
      expect(message(ask({ call: 'act', action }))).toBe('done')
    }
    ask(to(12))
    come(loop)
    return { server, newest }
  }

  it('is done at its instants at any pace, as if by hand', () => {
    const hand = byHand()
    for (const pace of [1, 10, 100, 'max'] as const) {
      const { server, runWall, ask, newest } = loopOf({ pace, timeline })
      ask(to(12))
      runWall(20_000)
      expect(server.actions).toEqual(timeline)
      expect([server.digest(), server.events]).toEqual([hand.server.digest(), hand.server.events])
      expect(newest()).toMatchObject({ phase: 'paused', now: 12, toCome: [], faults: {} })
    }
  })

  it('tells what is still to come', () => {
    const { loop, ask, newest } = loopOf({ pace: 'max', paused: true, timeline })
    loop.flush()
    expect(newest().toCome).toEqual(timeline)
    ask(to(5))
    come(loop)
    expect(newest()).toMatchObject({ now: 5, toCome: timeline.slice(4), faults: { leak: 0.5 } })
  })

  it('is done on the way of steps, and when a condition stops the run at its instant', () => {
    const { server, loop, ask } = loopOf({ pace: 'max', paused: true, timeline })
    const end = byHand().server
    for (let events = 0; events < 2003; events++) ask({ call: 'step', step: 'event' })
    expect(server.actions).toEqual(timeline.slice(0, 2))
    ask({ call: 'step', step: 'tick' })
    ask({ call: 'runUntil', until: { kind: 'condition', text: 'interrupts >= 5000' } })
    come(loop)
    expect(inSeconds(server.now)).toBe(5)
    while (inSeconds(server.now) < 12) ask({ call: 'step', step: 'sample' })
    expect(server.actions).toEqual(timeline)
    expect([server.digest(), inSeconds(server.now)]).toEqual([end.digest(), 12])
  })

  it('comes before what is done by hand at the same instant, and clear all after both', () => {
    const { server, loop, ask, newest } = loopOf({ pace: 'max', paused: true, timeline })
    ask({ call: 'act', action: 'reboot' })
    expect(server.actions).toEqual([timeline[0], { at: 0, action: 'reboot' }])
    ask(to(5))
    come(loop)
    ask({ call: 'clearFaults' })
    expect(server.actions.at(-1)).toEqual({ at: 5, action: 'fault:leak=0' })
    expect(newest().faults).toEqual({})
  })

  it('goes on after the run was repeated', () => {
    const first = loopOf({ pace: 'max', paused: true, timeline })
    first.ask(to(3))
    come(first.loop)
    first.ask({ call: 'act', action: 'set:load.size=7' })
    const { actions, toCome, now } = first.newest()
    const again = loopOf({ paused: true, timeline: [...actions, ...toCome], repeatUntil: now })
    come(again.loop)
    expect(again.newest()).toMatchObject({ phase: 'paused', now: 3, actions, toCome })
    expect(again.newest().until).toBeUndefined()
    expect(again.server.digest()).toBe(first.server.digest())
    for (const { ask, loop } of [first, again]) {
      ask(to(12))
      come(loop)
    }
    expect(again.server.digest()).toBe(first.server.digest())
    expect(again.server.actions).toEqual(first.server.actions)
    expect(again.server.actions.length).toBe(6)
  })

  it('with an action that the server refuses ends the run with its instant and the reason', () => {
    const { loop } = loopOf({ timeline: [{ at: 0, action: 'fault:nosuch=1' }] })
    expect(() => loop.slice()).toThrow(
      'fault:nosuch=1 at 00:00:00 was refused: there is no fault nosuch',
    )
  })
})
