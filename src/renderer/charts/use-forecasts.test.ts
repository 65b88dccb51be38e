import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import type { ChartSpec } from '../../shared/charts/chart-spec'
import { useLiveStore } from '../stores/live'
import { freshStores } from '../stores/live.test-support'
import { useForecasts } from './use-forecasts'

freshStores()
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('what came last is looked at, though nothing follows it; of the past nothing is told', async () => {
  const live = useLiveStore()
  /** A line that falls by 1 MB a second to 0 at `gone`. */
  let gone = 900
  const points = Array.from({ length: 30 }, (_, i) => i * 10)
  const recent = () => points.map((at) => ({ at, value: gone - at }))
  const trend = { words: 'memory is gone', target: 0, of: 'What is free', unit: 'MB', recent }
  const spec = { series: [], trends: [trend], unit: 'MB' } as unknown as ChartSpec
  const scope = effectScope()
  const told = scope.run(() =>
    useForecasts(
      () => spec,
      () => true,
    ),
  )
  expect(told?.value?.words).toBe('memory is gone in about 10 min')
  gone = 450
  for (const tick of [1, 2]) {
    live.tick = tick
    await nextTick()
    vi.advanceTimersByTime(100)
  }
  vi.advanceTimersByTime(2000)
  expect(told?.value?.words).toBe('memory is gone in about 2 min 30 s')
  live.at = 5
  await nextTick()
  expect(told?.value).toBeUndefined()
  scope.stop()
})
