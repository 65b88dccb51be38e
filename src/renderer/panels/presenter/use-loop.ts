import { computed, watch, type ComputedRef } from 'vue'
import type { Demonstration } from '../../../shared/api'
import { useLiveStore } from '../../stores/live'

/** While one presents, a demonstration that is over begins anew: an audience sees it again. */
export function useLoop(
  presenting: () => boolean,
  demonstration: ComputedRef<Demonstration | undefined>,
): void {
  const live = useLiveStore()
  const over = computed(() => {
    const end = demonstration.value?.forSeconds
    const isOver = end !== undefined && (live.status?.now ?? 0) >= end
    // Who looks at what is past is not torn away from it.
    return presenting() && !live.recorded && live.at === undefined && isOver
  })
  watch(over, (is) => {
    if (is && demonstration.value) void live.start(demonstration.value.request)
  })
}
