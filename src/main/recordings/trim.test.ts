import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { valueOf } from '../api/tested-host.test-support'
import { statisticsOf } from '../runs/window-statistics'
import type { Recording } from './recording'
import { opened, RecordedRun, someFolder } from './recording.test-support'
import { trimRecording } from './trim'

const timeline = [
  { at: 20, action: 'fault:leak=0.5' },
  { at: 400, action: 'set:load.size=8' },
  { at: 900, action: 'fault:leak=0' },
]
async function recorded(seconds: number, limitBytes?: number): Promise<Recording> {
  // Every flush looks at how much there is.
  let now = 0
  const wall = (): number => (now += 20_000)
  const folder = join(someFolder(), 'run')
  const run = await RecordedRun.begin(folder, { timeline }, limitBytes ? { limitBytes, wall } : {})
  run.to(seconds, limitBytes ? 600 : 7)
  run.recorder.stands({ state: 'ended', reason: '', seconds, events: 1, digest: 'd' })
  run.recorder.close()
  return opened(folder)
}

it('a part has the totals, the statistics and the profile of the range that it was', async () => {
  const whole = await recorded(1200)
  const folder = join(whole.folder, '..', 'part')
  const window = { from: 333.4, to: 777 }
  const became = valueOf(await trimRecording(whole, window, folder))
  expect(became).toEqual({ from: 333, to: 777 })
  const part = await opened(folder)
  const { counters } = whole.run
  const of = (recording: Recording) => statisticsOf(recording, counters, became)
  const statistics = valueOf(await of(part))
  expect(statistics).toEqual(valueOf(await of(whole)))
  expect(statistics.samples).toBe(444)
  expect(statistics.counters.some(({ total = 0 }) => total > 0)).toBe(true)
  expect(await part.profileBetween(became)).toEqual(await whole.profileBetween(became))
  expect(part.missing).toEqual([])
  expect(part.seconds).toBe(777)
  // Rows of whole tens of seconds are those of the run, where they lie in the part.
  const tens = ({ rows }: Recording['logs']['tiers'][number]) => rows
  expect(part.logs.tiers.map(tens)).toEqual([43, 6, 0])
  expect(part.rounds).toEqual(
    whole.rounds.filter(
      ({ startSeconds, seconds }) => startSeconds + seconds >= 333 && startSeconds + seconds <= 777,
    ),
  )
})

it('a part can be run: what was done before it is in it, and the digests up to its end', async () => {
  const whole = await recorded(1200)
  const folder = join(whole.folder, '..', 'part')
  valueOf(await trimRecording(whole, { from: 500, to: 800 }, folder))
  const part = await opened(folder)
  expect(part.actions).toEqual(timeline.slice(0, 2))
  expect(part.toCome).toEqual(timeline.slice(2))
  expect(part.digests).toEqual(whole.digests.filter(({ at }) => at <= 800))
  expect(part.digests.length).toBeGreaterThan(5)
  const { part: of, state, actions } = part.run
  expect(of).toEqual({ recording: 'run', from: 500, to: 800 })
  expect([state, actions]).toEqual(['ended', 2])
})

it('a part of what is kept in rows of seconds only begins and ends with such rows', async () => {
  const whole = await recorded(7800, 100_000)
  // The window lies where there are no rows of single seconds any more.
  expect(whole.wholeAfter).toBeGreaterThan(2345)
  const folder = join(whole.folder, '..', 'part')
  const became = valueOf(await trimRecording(whole, { from: 1234, to: 2345 }, folder))
  expect(became).toEqual({ from: 1230, to: 2340 })
  const part = await opened(folder)
  const { counters } = whole.run
  const of = (recording: Recording) => statisticsOf(recording, counters, became)
  expect(valueOf(await of(part))).toEqual(valueOf(await of(whole)))
})

it('a part without a sample is refused, and leaves nothing', async () => {
  const whole = await recorded(100)
  const beside = join(whole.folder, '..')
  const refused = await trimRecording(whole, { from: 300, to: 400 }, join(beside, 'part'))
  expect(refused).toMatchObject({ ok: false, error: { code: 'out-of-range' } })
  expect(existsSync(join(beside, 'part'))).toBe(false)
  expect(readdirSync(beside)).toEqual(['run'])
})
