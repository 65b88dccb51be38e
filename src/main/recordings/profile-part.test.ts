import { existsSync, mkdirSync, readdirSync, copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ProfileSnapshot } from '../../sim/index'
import { hasty, opened, RecordedRun, someFolder } from './recording.test-support'
import type { Recording } from './recording'
import { trimRecording } from './trim'

const partFile = 'profile-part.tail.arrows'

async function profileOf(recording: Recording, from = 0, to = recording.seconds) {
  const profile = await recording.profileBetween({ from, to })
  if (!profile.ok) throw new Error(profile.error.message)
  return profile.value
}
/** Cycles by stack and CPU, whatever the stacks are numbered. */
const cyclesOf = ({ stacks, frames }: ProfileSnapshot): [string, readonly number[]][] =>
  stacks
    .map(({ frames: of, cycles }): [string, readonly number[]] => [
      of.map((frame) => frames[frame]?.procedure).join(';'),
      cycles,
    ])
    .sort()

/** A run that ended at these seconds, and its own profile. */
async function ended(seconds: number, folder = someFolder()) {
  const run = await RecordedRun.begin(folder, {}, hasty())
  run.to(seconds)
  run.end()
  return { folder, own: cyclesOf(run.server.profile()) }
}

/** Goes on with what is in a folder. */
async function continued(folder: string, seconds: number) {
  const { run, digests } = await opened(folder)
  const again = await RecordedRun.begin(folder, {}, hasty(), { run, digests })
  again.to(seconds, 3)
  again.end()
  expect(again.recorder.stopped).toBe('closed')
  return cyclesOf(again.server.profile())
}

describe('the last part of the profile of a recording', () => {
  it.each([0.4, 2.5, 30, 30.4, 36.875])(
    'is there when the run ends after %d s: the profile of all of it is that of the run',
    async (seconds) => {
      const { folder, own } = await ended(seconds)
      const recording = await opened(folder)
      expect(recording.missing).toEqual([])
      const profile = await profileOf(recording)
      expect([profile.fromSeconds, profile.toSeconds]).toEqual([0, seconds])
      expect(cyclesOf(profile)).toEqual(own)
    },
  )

  it('is a window of its own, and leaves those before it as they were', async () => {
    const recording = await opened((await ended(32.5)).folder)
    const spanOf = async (from: number, to: number) => {
      const { fromSeconds, toSeconds } = await profileOf(recording, from, to)
      return [fromSeconds, toSeconds]
    }
    expect(await spanOf(31, 32)).toEqual([30, 32.5])
    expect(await spanOf(28, 31)).toEqual([20, 30])
    expect(await spanOf(9, 20)).toEqual([10, 20])
    expect(await spanOf(12, 18)).toEqual([10, 20])
    const whole = await opened((await ended(90)).folder)
    expect(await profileOf(recording, 10, 30)).toEqual(await profileOf(whole, 10, 30))
  })

  it.each([
    [32.5, 47.25],
    [32.5, 40],
    [32.5, 34],
    [2.5, 7],
    [2.5, 100.25],
  ])('is counted once by a recording of %d s that goes on to %d s', async (before, after) => {
    const { folder } = await ended(before)
    const own = await continued(folder, after)
    const { folder: once } = await ended(after)
    const [a, b] = [await opened(folder), await opened(once)]
    expect(a.missing).toEqual([])
    expect(cyclesOf(await profileOf(a))).toEqual(own)
    expect(await profileOf(a)).toEqual(await profileOf(b))
    expect(existsSync(join(folder, partFile))).toBe(after % 10 !== 0)
  })

  it('stays when the run that is made again ends before it', async () => {
    const { folder, own } = await ended(32.5)
    await continued(folder, 31.5)
    expect(cyclesOf(await profileOf(await opened(folder)))).toEqual(own)
  })

  it('is passed over where a killed program had written more already', async () => {
    const { folder } = await ended(32.5)
    const { run, digests } = await opened(folder)
    const again = await RecordedRun.begin(folder, {}, hasty(), { run, digests })
    again.to(61, 3)
    // What is on disk at that moment, with the part that another one left beside it.
    const killed = join(someFolder(), 'killed')
    mkdirSync(killed)
    for (const name of readdirSync(folder)) {
      if (name !== 'writer') copyFileSync(join(folder, name), join(killed, name))
    }
    const { folder: earlier } = await ended(32.5)
    copyFileSync(join(earlier, partFile), join(killed, partFile))
    again.end()
    const cut = await profileOf(await opened(killed))
    expect([cut.fromSeconds, cut.toSeconds]).toEqual([0, 60])
    const own = await continued(killed, 75.5)
    expect(cyclesOf(await profileOf(await opened(killed)))).toEqual(own)
  })

  it('belongs to a part of a recording that goes to the end', async () => {
    const whole = await opened((await ended(62.5)).folder)
    const folder = join(someFolder(), 'part')
    const became = await trimRecording(whole, { from: 20, to: 62.5 }, folder)
    expect(became).toMatchObject({ value: { from: 20, to: 62 } })
    const part = await opened(folder)
    expect(await profileOf(part, 20)).toEqual(await profileOf(whole, 20))
    expect((await profileOf(part, 20)).toSeconds).toBe(62.5)
    const before = join(someFolder(), 'before')
    await trimRecording(whole, { from: 20, to: 55 }, before)
    expect(existsSync(join(before, partFile))).toBe(false)
  })

  it('that is damaged is said to be missing, and the rest is read', async () => {
    const { folder } = await ended(32.5)
    rmSync(join(folder, partFile))
    expect((await profileOf(await opened(folder))).toSeconds).toBe(30)
    copyFileSync(join(folder, 'events-000000000.arrows'), join(folder, partFile))
    const odd = await opened(folder)
    expect(odd.missing).toEqual([`${partFile} does not begin as a log of this recording`])
    expect((await profileOf(odd)).toSeconds).toBe(30)
  })
})
