import { computed, type WritableComputedRef } from 'vue'
import { useScreenStore, type Overlay } from '../../stores/screen'

/** Whether one overlay is open; closing it leaves another that has opened meanwhile alone. */
export function useOverlay(which: Overlay): WritableComputedRef<boolean> {
  const screen = useScreenStore()
  return computed({
    get: () => screen.overlay === which,
    set: (open) => screen.setOverlay(which, open),
  })
}
