import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import type { ApiCalls } from '../../shared/api'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import { eventsAt, Past } from '../runs/past'
import { WorkerRun } from '../runs/worker-run'
import { catalogue } from './catalogue'
import { testedHost, valueOf } from './tested-host.test-support'

const synthetic = bundledWorker('synthetic-worker.test-support.ts')
const host = testedHost(synthetic)
const real = bundledWorker('worker.ts')
let past: Past | undefined
afterEach(async () => {
  await past?.forget()
  past = undefined
})

/** By stack, of all CPUs. */
function cyclesOf({ frames, stacks }: ProfileSnapshot): Map<string, number> {
  const name = (of: number): string => `${frames[of]?.image} ${frames[of]?.procedure}`
  return new Map(
    stacks
      .map(
        (stack) =>
          [
            stack.frames.map(name).join(';'),
            stack.cycles.reduce((sum, cycles) => sum + cycles, 0),
          ] as const,
      )
      .filter(([, cycles]) => cycles > 0),
  )
}
const request = { scenario: 'synthetic', seed: 5, parameters: {} }
/** The run, standing still at this simulated second. */
async function runTo(api: ApiCalls, seconds: number, pace = false): Promise<void> {
  valueOf(await api.runUntil({ kind: 'time', seconds }))
  // After that: on a busy machine the run would have come too far.
  if (pace) valueOf(await api.pace('max'))
  await vi.waitFor(async () => expect(valueOf(await api.status()).phase).toBe('paused'), 20_000)
}
const isThere = (api: ApiCalls) =>
  vi.waitFor(async () => {
    const state = valueOf(await api.pastState())
    expect(state.isThere).toBe(true)
    return state
  }, 20_000)

it('shows the kernel of a past moment as it was, and moments after it', async () => {
  const api = host.open(someFolder(), { workerPath: real(), catalogue: catalogue() })
  const parameters = { 'sdet.scripts': 2 }
  valueOf(await api.start({ scenario: 'sdet', seed: 3, parameters }))
  const then: unknown[] = []
  for (const [index, at] of [2.5, 5].entries()) {
    await runTo(api, at, index === 0)
    then.push(valueOf(await api.snapshot('buffer-cache')))
  }
  expect(then[0]).not.toEqual(then[1])
  await runTo(api, 6)
  const now = valueOf(await api.status())
  expect(valueOf(await api.offerPast({ at: 2.5 }))).toMatchObject({ digests: 0 })
  for (const [index, at] of [2.5, 5].entries()) {
    valueOf(await api.showPast({ at }))
    const state = await isThere(api)
    expect(state).toMatchObject({ at, now: at, equal: 0, failed: undefined })
    expect(valueOf(await api.pastSnapshot('buffer-cache'))).toEqual(then[index])
  }
  expect(valueOf(await api.status()), 'the run was left alone').toMatchObject({
    now: now.now,
    digest: now.digest,
  })
  expect(valueOf(await api.forgetPast())).toBeNull()
  expect(await api.pastSnapshot('buffer-cache')).toMatchObject({ error: { code: 'refused' } })
  expect(await api.offerPast({ at: 7 })).toMatchObject({ error: { code: 'out-of-range' } })
})

it('gives the profile of exactly the window that is asked for', async () => {
  const api = host.open(someFolder(), { workerPath: real(), catalogue: catalogue() })
  const parameters = { 'sdet.scripts': 2 }
  const [from, to] = [2.345, 3.001]
  valueOf(await api.start({ scenario: 'sdet', seed: 3, parameters }))
  await runTo(api, from, true)
  const before = cyclesOf(valueOf(await api.profile()))
  await runTo(api, to)
  const after = cyclesOf(valueOf(await api.profile()))
  await runTo(api, 5)
  expect(await api.pastProfile()).toMatchObject({ error: { code: 'refused' } })
  valueOf(await api.showPast({ at: to, profileFrom: from }))
  await isThere(api)
  const profile = valueOf(await api.pastProfile())
  expect(profile).toMatchObject({ fromSeconds: from, toSeconds: to })
  const inWindow = cyclesOf(profile)
  expect(inWindow.size).toBeGreaterThan(10)
  for (const [stack, cycles] of inWindow) {
    expect(cycles, stack).toBe(after.get(stack)! - (before.get(stack) ?? 0))
  }
  const sum = (of: Map<string, number>): number => [...of.values()].reduce((a, b) => a + b, 0)
  expect(sum(inWindow)).toBe(sum(after) - sum(before))
})

it('shows the kernel of a recording, held against its digests, and says how long that takes', async () => {
  const folder = someFolder()
  const run = await RecordedRun.begin(join(folder, 'a'), { seed: 5 })
  run.to(300)
  const { events } = run.server
  run.recorder.stands({ state: 'ended', reason: '', seconds: 300, events, digest: 'd' })
  run.recorder.close()
  const api = host.open(folder)
  valueOf(await api.start({ ...request, seed: 1 }))
  await runTo(api, 50, true)
  const offer = valueOf(await api.offerPast({ of: 'a', at: 200 }))
  expect(offer.digests).toBe(3)
  expect(offer.seconds).toBeGreaterThan(0)
  valueOf(await api.showPast({ of: 'a', at: 200 }))
  expect(await isThere(api)).toMatchObject({ equal: 3 })
  valueOf(await api.pastSnapshot('run-queue'))
})

it('ends where a digest differs, with the instant; a later wish takes the place of an earlier', async () => {
  past = new Past((run) => WorkerRun.start(run), { workerPath: synthetic(), memoryLimitMb: 512 })
  const order = { of: 1, request, at: 200, digests: [{ at: 120, events: 1, digest: 'other' }] }
  valueOf(await past.goTo(order))
  await vi.waitFor(() => expect(past?.state?.failed).toBeDefined(), 20_000)
  expect(past.state).toMatchObject({
    isThere: false,
    failed: expect.stringContaining('00:02:00') as string,
  })
  expect(await past.snapshot('run-queue')).toMatchObject({ ok: false })
  await past.goTo({ ...order, at: 5 })
  const [first, second] = [past.goTo(order), past.goTo({ ...order, at: 10, digests: [] })]
  expect(await first).toMatchObject({
    value: { isThere: false, failed: expect.stringContaining('another moment') as string },
  })
  expect(await second).toMatchObject({ ok: true })
})

it('events up to an instant lie between those of the digests around it', () => {
  const known = [
    { at: 60, events: 600 },
    { at: 120, events: 2600 },
  ]
  expect([0, 30, 60, 90, 120, 130].map((at) => eventsAt(known, at))).toEqual([
    0,
    300,
    600,
    1600,
    2600,
    undefined,
  ])
})
