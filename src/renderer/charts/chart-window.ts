import { createSharedComposable } from '@vueuse/core'
import { storeToRefs } from 'pinia'
import { shallowRef, watch, type ShallowRef } from 'vue'
import { useLiveStore, type TimeRange } from '../stores/live'

export interface ChartWindow extends TimeRange {
  /** The window ends at the newest sample and moves with it. */
  readonly following: boolean
}

/** A run that has just begun is not stretched over the whole width. */
const leastSeconds = 30

/**
 * The window of all charts, fixed for one round of painting so that they agree on what now is. A
 * new object with every tick of the store (at most 4 a second) and when the user chooses another
 * window.
 */
export const useChartWindow: () => ShallowRef<ChartWindow> = createSharedComposable(() => {
  const store = useLiveStore()
  const current = (): ChartWindow => {
    const { from, to } = store.visibleRange()
    store.look({ from, to })
    if (store.brush) return { from, to: Math.max(to, from + 0.001), following: false }
    const end = Math.max(to, from + leastSeconds)
    return { from, to: end, following: end === to && store.at === undefined }
  }
  const range = shallowRef(current())
  const { tick, brush, chartWindow, at, run } = storeToRefs(store)
  watch([tick, brush, chartWindow, at, run], () => {
    range.value = current()
  })
  return range
})
