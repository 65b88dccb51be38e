import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import { structureKinds } from '../observe/structures'
import type { SimTime } from '../units/time'
import {
  at,
  countersOf,
  outcomeAfter,
  outcomeOf,
  read,
  runFor,
  smallServer,
} from './simulated-server.test-support'

describe('a run', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    const first = outcomeAfter(2)
    expect(outcomeAfter(2)).toEqual(first)
    expect(outcomeAfter(2, 2)).not.toEqual(first)
  })

  it.each([1, 2])('does not depend on how it is sliced (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'slices')
    const server = smallServer()
    while (server.now < at(2)) {
      const until = Math.min(at(2), server.now + random.between(1, 30_000_000)) as SimTime
      while (!server.advance(until, random.between(1, 2000)));
      expect(server.now).toBe(until)
    }
    expect(outcomeOf(server)).toEqual(outcomeAfter(2))
  })

  it.each([1, 2])('does not depend on who looks, and when (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'looks')
    const server = smallServer({ parameters: { 'kernel.bforget': 'orphan' } })
    while (server.now < at(2)) {
      server.advance(Math.min(at(2), server.now + random.between(1, 10_000_000)) as SimTime)
      const look = random.below(structureKinds.length + 3)
      const kind = structureKinds[look]
      if (kind !== undefined) server.snapshot(kind)
      else if (look === structureKinds.length) server.refreshCounters()
      else if (look === structureKinds.length + 1) server.profile()
      else server.work()
    }
    const unwatched = outcomeAfter(2, 1, { 'kernel.bforget': 'orphan' }) as { profile: unknown }
    expect(outcomeOf(server)).toMatchObject({ ...unwatched, profile: expect.anything() as unknown })
  })

  it('does not depend on how often it is sampled', () => {
    const server = smallServer({ sampleEvery: 0.0371 })
    const instants: number[] = []
    server.onSample = (instant) => instants.push(instant)
    server.advance(at(1))
    expect(instants).toEqual(Array.from({ length: 26 }, (_, index) => (index + 1) * 37_100_000))
    const unsampled = smallServer()
    unsampled.advance(at(1))
    expect([server.digest(), countersOf(server)]).toEqual([
      unsampled.digest(),
      countersOf(unsampled),
    ])
  })

  it('goes on by one event, one tick or one sample', () => {
    const server = smallServer({ sampleEvery: 0.25 })
    server.advance(at(0.013))
    server.step('tick')
    expect(server.now).toBe(at(0.02))
    server.step('tick')
    expect(server.now).toBe(at(0.03))
    server.step('sample')
    expect(server.now).toBe(at(0.25))
    for (let events = 0; events < 200; events++) {
      const before = server.events
      server.step('event')
      expect(server.events).toBe(before + 1)
    }
    const straight = smallServer()
    straight.advance(server.now, server.events)
    expect(server.digest()).toBe(straight.digest())
  })

  it('stays sound, and its scripts succeed', () => {
    const server = smallServer({ parameters: { 'sdet.scripts': 8 } })
    for (let instant = 0; instant < 6; instant++) {
      runFor(server, 0.617)
      expect(wrongWith(server['kernel'])).toEqual([])
    }
    expect(server.work()).toMatchObject({ failed: 0 })
    expect(server.work().completed).toBeGreaterThanOrEqual(8)
  })
})

describe('work', () => {
  it('adds up: every script of every round has completed', () => {
    const server = smallServer()
    server.advance(at(6))
    const { unit, offered, completed, failed, rounds, perSecond, latencyMs } = server.work()
    expect(unit).toBe('scripts')
    expect(failed).toBe(0)
    expect(rounds.length).toBeGreaterThan(3)
    expect(rounds.map(({ number }) => number)).toEqual(rounds.map((_, index) => index + 1))
    expect(offered).toBe(4 * (rounds.length + 1))
    expect(completed).toBeGreaterThanOrEqual(4 * rounds.length)
    expect(completed).toBeLessThan(offered)
    expect(perSecond).toBeCloseTo(completed / 6, 9)
    for (const [index, round] of rounds.entries()) {
      expect(round.perHour).toBeCloseTo((4 / round.seconds) * 3600, 6)
      const next = rounds[index + 1]
      if (next) expect(next.startSeconds).toBeCloseTo(round.startSeconds + round.seconds, 1)
    }
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p90)
    expect(latencyMs.p90).toBeLessThanOrEqual(latencyMs.p99)
    expect(latencyMs.p99).toBeLessThanOrEqual(latencyMs.max)
    const longest = Math.max(...rounds.map(({ seconds }) => seconds))
    expect(latencyMs.max / 1000).toBeLessThanOrEqual(longest)
    expect(read(server, 'work.completed')).toBe(completed)
    expect(read(server, 'work.round')).toBe(rounds.length + 1)
    expect(read(server, 'work.perHour')).toBe(rounds[rounds.length - 1]?.perHour)
    expect(read(server, 'work.roundSeconds')).toBe(rounds[rounds.length - 1]?.seconds)
  })

  it('starts again after warm-up, without a trace in the run', () => {
    const server = smallServer()
    server.advance(at(3))
    const total = server.work().completed
    server.resetStatistics()
    expect(server.work()).toMatchObject({ completed: 0, offered: 0, rounds: [] })
    expect(server.profile().stacks).toEqual([])
    server.advance(at(6))
    const { fromSeconds, toSeconds, stacks } = server.profile()
    expect([fromSeconds, toSeconds]).toEqual([3, 6])
    const cycles = stacks.flatMap((stack) => stack.cycles).reduce((sum, value) => sum + value, 0)
    expect(cycles / (4 * 3 * 450e6)).toBeCloseTo(1, 2)
    expect(server.work().perSecond).toBeCloseTo(server.work().completed / 3, 9)
    const straight = smallServer()
    straight.advance(at(6))
    expect(server.work().completed + total).toBe(straight.work().completed)
    expect([server.digest(), countersOf(server)]).toEqual([straight.digest(), countersOf(straight)])
  })
})
