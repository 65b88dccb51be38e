import { useLiveStore } from '../../stores/live'
import { useScreenStore } from '../../stores/screen'

/** Asks for a scenario file and begins its run; the dialog of a new run is then done with. */
export function useOpenScenario(): () => Promise<void> {
  const live = useLiveStore()
  const screen = useScreenStore()
  return async () => {
    if (await live.openScenario()) screen.setOverlay('new-run', false)
  }
}
