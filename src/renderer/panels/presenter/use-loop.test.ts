import { expect, it } from 'vitest'
import { computed, effectScope, nextTick, shallowRef } from 'vue'
import type { Demonstration } from '../../../shared/api'
import { success } from '../../../shared/result'
import { useLiveStore } from '../../stores/live'
import { facts, frameOf, freshStores, hostWith } from '../../stores/live.test-support'
import { demonstrationOf } from './showing'
import { useLoop } from './use-loop'

freshStores()

const timeline = [{ at: 5, action: 'fault:orphaned-buffers=1' }]
const shown: Demonstration = {
  id: 'one',
  title: 'One',
  about: 'About it',
  forSeconds: 10,
  request: { scenario: 'sdet', seed: 7, parameters: {}, timeline },
}

it('begins a demonstration anew each time it is over, but only for an audience', async () => {
  const live = useLiveStore()
  let run = 1
  const begun: unknown[] = []
  const host = hostWith({
    start: (request) => {
      begun.push(request)
      const frame = frameOf([0], { run: ++run, actions: [], toCome: timeline }, { facts })
      host.send(frame)
      return Promise.resolve(success(frame.status))
    },
  })
  await live.connect(host.api)
  const presenting = shallowRef(false)
  const scope = effectScope()
  scope.run(() => {
    const demonstration = computed(() => {
      const { actions, toCome } = live
      return demonstrationOf([shown], { scenario: 'sdet', seed: 7, actions, toCome })
    })
    useLoop(() => presenting.value, demonstration)
  })
  const goesTo = async (at: number): Promise<void> => {
    host.send(
      frameOf([at], { run, actions: at >= 5 ? timeline : [], toCome: at < 5 ? timeline : [] }),
    )
    await nextTick()
  }
  await goesTo(11)
  expect(begun, 'nobody presents').toEqual([])
  presenting.value = true
  await nextTick()
  expect(begun).toEqual([shown.request])
  expect(live.run).toBe(2)
  for (const at of [3, 9.9]) await goesTo(at)
  expect(begun).toHaveLength(1)
  await goesTo(10)
  expect(begun, 'it turns over again and again').toHaveLength(2)
  await goesTo(4)
  live.at = 2
  await goesTo(12)
  expect(begun, 'nobody is torn away from what is past').toHaveLength(2)
  live.at = undefined
  await nextTick()
  expect(begun).toHaveLength(3)
  expect(live.run).toBe(4)
  scope.stop()
})
