import { readdirSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { someFolder } from '../recordings/recording.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import { testedHost, valueOf } from './tested-host.test-support'

const host = testedHost(bundledWorker('synthetic-worker.test-support.ts'))

const timeline = [
  { at: 100, action: 'caption:the first' },
  { at: 100, action: 'fault:leak=0.5' },
  { at: 200, action: 'caption:the second' },
]
async function demonstration() {
  const folder = someFolder()
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 7, parameters: {}, timeline }))
  const status = async () => valueOf(await api.status())
  const reaches = (check: (now: Awaited<ReturnType<typeof status>>) => void) =>
    vi.waitFor(async () => check(await status()), 20_000)
  return { api, folder, status, reaches }
}

it('a chapter that was made ready takes the place at once; an earlier one is made again', async () => {
  const { api, status, reaches } = await demonstration()
  valueOf(await api.pause())
  const title = 'the second'
  valueOf(await api.goToChapter({ at: 200, title, isWanted: false }))
  await reaches(({ ahead, aside }) => {
    expect(ahead).toEqual({ at: 200, isThere: true })
    expect(aside, 'nobody is told of what nobody wants yet').toBeUndefined()
  })
  valueOf(await api.goToChapter({ at: 200, title, isWanted: true }))
  const there = await status()
  expect(there).toMatchObject({ run: 2, now: 200, phase: 'paused' })
  expect(there.actions.map(({ action }) => action)).toEqual(timeline.map(({ action }) => action))

  valueOf(await api.goToChapter({ at: 100, title: 'the first', isWanted: true }))
  await reaches(({ now }) => expect(now).toBe(100))
  const back = await status()
  expect(back.toCome.map(({ at }) => at)).toEqual([200])
  // On from there it is the same run.
  valueOf(await api.pace('max'))
  valueOf(await api.runUntil({ kind: 'time', seconds: 200 }))
  await reaches(({ phase, now }) => expect([phase, now]).toEqual(['paused', 200]))
  expect((await status()).digest).toBe(there.digest)
})

it('a chapter that nobody wanted is called off alone, and one that is wanted is not', async () => {
  const { api, folder, reaches } = await demonstration()
  valueOf(await api.pause())
  valueOf(await api.goToChapter({ at: 200, title: 'x', isWanted: false }))
  await reaches(({ ahead }) => expect(ahead?.isThere).toBe(true))
  expect(valueOf(await api.forgetChapter()).ahead).toBeUndefined()
  expect(readdirSync(folder)).toHaveLength(1)
  // One that is wanted goes on, be it said in the same breath.
  const going = api.goToChapter({ at: 100, title: 'x', isWanted: true })
  const forgotten = api.forgetChapter()
  expect([(await going).ok, (await forgotten).ok]).toEqual([true, true])
  await reaches(({ run, now }) => expect([run, now]).toEqual([3, 100]))
})

it('a run that goes on does so from the chapter; what nobody wanted leaves no recording', async () => {
  const { api, folder, reaches } = await demonstration()
  valueOf(await api.goToChapter({ at: 200, title: 'x', isWanted: false }))
  await reaches(({ ahead }) => expect(ahead?.isThere).toBe(true))
  expect(readdirSync(folder)).toHaveLength(2)
  valueOf(await api.cancelAside())
  expect(readdirSync(folder)).toHaveLength(1)
  valueOf(await api.goToChapter({ at: 100, title: 'x', isWanted: true }))
  await reaches(({ run, now, phase }) => {
    expect([run, phase]).toEqual([3, 'running'])
    expect(now).toBeGreaterThan(100)
  })
  expect(readdirSync(folder)).toHaveLength(2)
})
