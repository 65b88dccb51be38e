import { expect, it } from 'vitest'
import { createServer, inSeconds, instant } from '../../sim/index'
import type { Batch } from './protocol'
import { RunLoop } from './run-loop'
import { plainly } from './run-loop.test-support'
import { slowPace } from './slow-motion'

/** A herd that is small enough for a test, on a wall clock that the test moves. */
function loopOf(scenario: 'web' | 'sdet', parameters = {}) {
  const server = createServer({ scenario, seed: 3, parameters })
  if (typeof server === 'string') throw new Error(server)
  const clock = { ms: 0 }
  const batches: Batch[] = []
  const loop = new RunLoop(server, {
    ...plainly,
    pace: 10,
    wall: () => (clock.ms += 0.01),
    emit: (batch) => batches.push(batch),
  })
  const runWall = (ms: number, until = (): boolean => false): void => {
    for (const end = clock.ms + ms; clock.ms < end && !until();) clock.ms += loop.slice() ?? ms
  }
  const newest = () => {
    const status = batches.at(-1)?.status
    if (!status) throw new Error('no batch was sent')
    return status
  }
  return { server, clock, loop, runWall, newest }
}
const herd = { 'httpd.processes': 40, 'load.connections': 0, 'load.rate': 20 }

it('the pace drops when a connection comes, returns when all that it woke sleep, and the run is the same', () => {
  const { server, clock, loop, runWall, newest } = loopOf('web', herd)
  runWall(300)
  expect(loop.request({ call: 'slowMotion', on: true }).ok).toBe(true)
  expect(newest().slow).toEqual({ of: 'connection', since: undefined })
  runWall(5000, () => newest().slow?.since !== undefined)
  const began = { now: inSeconds(server.now), wall: clock.ms }
  expect(newest().slow?.since).toBeCloseTo(began.now, 3)
  runWall(1000)
  expect(inSeconds(server.now) - began.now).toBeLessThan(1.1 * slowPace)
  expect(newest().pace, 'what was chosen stays chosen').toBe(10)

  runWall(60_000, () => newest().slow === undefined)
  expect(newest().slow).toBeUndefined()
  expect(clock.ms - began.wall, 'it takes seconds').toBeGreaterThan(1000)
  expect(inSeconds(server.now) - began.now, 'of milliseconds').toBeLessThan(0.04)
  expect(server.tracer.progress.phase).toBe('off')
  const over = inSeconds(server.now)
  runWall(1000)
  expect(inSeconds(server.now) - over).toBeGreaterThan(9)

  loop.request({ call: 'pause' })
  const plain = createServer({ scenario: 'web', seed: 3, parameters: herd })
  if (typeof plain === 'string') throw new Error(plain)
  plain.advance(instant(server.now))
  expect(server.digest()).toBe(plain.digest())
})

it('where nothing listens it is around the next wake-up, and is taken back by its key or a pace', () => {
  const { server, loop, runWall, newest } = loopOf('sdet')
  runWall(200)
  loop.request({ call: 'slowMotion', on: true })
  expect(newest().slow?.of).toBe('wake-up')
  runWall(5000, () => newest().slow?.since !== undefined)
  const since = newest().slow?.since ?? NaN
  runWall(20_000, () => newest().slow === undefined)
  expect(inSeconds(server.now) - since).toBeCloseTo(0.005, 3)

  loop.request({ call: 'slowMotion', on: true })
  loop.request({ call: 'slowMotion', on: false })
  expect(newest().slow).toBeUndefined()
  loop.request({ call: 'slowMotion', on: true })
  loop.request({ call: 'pace', pace: 1 })
  expect(newest()).toMatchObject({ slow: undefined, pace: 1 })
})

it('a trace that is being taken is not given up for it, and takes its place when asked for', () => {
  const { loop, newest } = loopOf('web', { ...herd, 'load.rate': 0.01 })
  const order = { reason: 'connection', milliseconds: 10 } as const
  loop.request({ call: 'trace', order })
  const refused = loop.request({ call: 'slowMotion', on: true })
  expect(refused.ok ? '' : refused.error.message).toContain('a trace is being taken')
  loop.request({ call: 'forgetTrace' })
  expect(loop.request({ call: 'slowMotion', on: true }).ok).toBe(true)
  loop.request({ call: 'trace', order })
  loop.flush()
  expect(newest().slow).toBeUndefined()
})
