import { expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { Mark } from '../../../shared/frame'
import { freshStores } from '../../stores/live.test-support'
import { readableMs, useCaption } from './use-caption'

freshStores()

const said = (at: number, text: string): Mark => ({ at, kind: 'caption', text: `caption:${text}` })

it('a caption goes when it was there long enough to be read, and stays while it is held', async () => {
  const run = shallowRef(1)
  const caption = shallowRef<Mark | undefined>(said(5, 'Every connection wakes a thousand'))
  const held = shallowRef(false)
  const scope = effectScope()
  const shown = scope.run(() =>
    useCaption(
      () => run.value,
      () => caption.value,
      () => held.value,
    ),
  )
  const words = () => shown?.words.value
  const enough = readableMs('Every connection wakes a thousand')
  vi.advanceTimersByTime(enough - 1)
  expect(words()).toBe('Every connection wakes a thousand')
  vi.advanceTimersByTime(1)
  expect(words()).toBeUndefined()

  caption.value = said(9, 'Now one')
  await nextTick()
  expect(words()).toBe('Now one')
  held.value = true
  await nextTick()
  vi.advanceTimersByTime(600_000)
  expect(words(), 'the run stands still').toBe('Now one')
  held.value = false
  await nextTick()
  vi.advanceTimersByTime(readableMs('Now one'))
  expect(words()).toBeUndefined()

  // The same words of the next run are said again.
  run.value = 2
  await nextTick()
  expect(words()).toBe('Now one')
  shown?.close()
  expect(words()).toBeUndefined()
  scope.stop()
})

it('a longer caption has more time', () => {
  expect(readableMs('x'.repeat(120))).toBeGreaterThan(readableMs('x') + 9000)
})
