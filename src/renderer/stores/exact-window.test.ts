import { expect, it, vi } from 'vitest'
import type { ApiCalls } from '../../shared/api'
import type { PastRequest, PastState } from '../../shared/recorded-parts'
import { failure, success } from '../../shared/result'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { useExactWindowStore } from './exact-window'
import { useLiveStore } from './live'
import { frameOf, freshStores, hostWith } from './live.test-support'
import { usePastStore } from './past'

freshStores()

const window = { from: 2, to: 4 }
const profile = { fromSeconds: 2, toSeconds: 4, stacks: [] } as unknown as ProfileSnapshot

/** A host that executes the run again, and is there when it is looked at for the second time. */
async function begun(answers: Partial<ApiCalls> = {}) {
  const asked: PastRequest[] = []
  let looks = 0
  const state = (at: number, changes: Partial<PastState> = {}): PastState => {
    return { at, now: at / 2, speed: 1, isThere: false, equal: 0, failed: undefined, ...changes }
  }
  const forgetPast = vi.fn(() => Promise.resolve(success(null)))
  const host = hostWith({
    showPast: (request) => {
      asked.push(request)
      looks = 0
      return Promise.resolve(success(state(request.at)))
    },
    pastState: () => Promise.resolve(success(state(4, { isThere: ++looks > 1 }))),
    pastProfile: () => Promise.resolve(success(profile)),
    forgetPast,
    ...answers,
  })
  const live = useLiveStore()
  await live.connect(host.api)
  host.send(frameOf([1, 2, 3, 4, 5]))
  live.brush = window
  const exact = useExactWindowStore()
  await exact.begin(window)
  return { asked, forgetPast, live, exact, state }
}

it('has the profile of exactly a window once the run was executed again', async () => {
  const { asked, exact } = await begun()
  expect(asked).toEqual([{ at: 4, profileFrom: 2 }])
  expect(exact.isOnItsWay).toBe(true)
  expect(exact.profileOf(window)).toBeUndefined()
  await vi.advanceTimersByTimeAsync(250)
  expect(exact.isOnItsWay).toBe(true)
  await vi.advanceTimersByTimeAsync(250)
  expect(exact.isOnItsWay).toBe(false)
  expect(exact.profileOf({ ...window })).toEqual(profile)
  expect(exact.profileOf({ from: 2, to: 5 })).toBeUndefined()
})

it('is let go with its window', async () => {
  const { live, exact, forgetPast } = await begun()
  live.brush = { from: 1, to: 4 }
  await vi.advanceTimersByTimeAsync(600)
  expect(forgetPast).toHaveBeenCalledOnce()
  expect([exact.window, exact.isOnItsWay, exact.profile]).toEqual([undefined, false, undefined])
})

it('says why it does not come, and comes to nothing where it is refused', async () => {
  const failed = 'it is another run than was recorded'
  const { exact, state } = await begun({
    pastState: () => Promise.resolve(success(state(4, { failed }))),
  })
  await vi.advanceTimersByTimeAsync(600)
  expect([exact.state?.failed, exact.profile]).toEqual([failed, undefined])
  await exact.forget()
  expect(exact.isOnItsWay).toBe(false)
})

it('comes to nothing where the host refuses it', async () => {
  const { exact } = await begun({
    showPast: () => Promise.resolve(failure('out-of-range', 'it has come to 3 s')),
  })
  expect([exact.window, exact.isOnItsWay]).toEqual([undefined, false])
})

it('goes when a past moment of the kernel is wanted, and takes the place of one', async () => {
  const { exact, live } = await begun()
  const past = usePastStore()
  live.at = 3
  await vi.advanceTimersByTimeAsync(0)
  await past.begin()
  await vi.advanceTimersByTimeAsync(0)
  expect(exact.window).toBeUndefined()
  await exact.begin(window)
  expect(past.state).toBeUndefined()
  expect(exact.isOnItsWay).toBe(true)
})
