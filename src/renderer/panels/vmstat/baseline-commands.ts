import { useBaselineStore } from '../../stores/baseline'
import { useCommands } from '../../stores/commands'
import { useLiveStore } from '../../stores/live'

/** What the run is measured against can be set from every view, not only where vmstat is shown. */
export function useBaselineCommands(): void {
  const live = useLiveStore()
  const baselines = useBaselineStore()
  useCommands(() => [
    {
      id: 'baseline.here',
      title: 'Baseline here',
      group: 'View',
      key: 'B',
      detail:
        'Tints vmstat by its distance from the brushed window, the crosshair, or what the run does now.',
      enabled: live.run !== undefined,
      run: baselines.setHere,
    },
    {
      id: 'baseline.found',
      title: 'Baseline that the run found by itself',
      group: 'View',
      key: 'Shift+B',
      detail: 'The second round, or the time after warm-up; before anything was done to the run.',
      enabled: baselines.chosen !== undefined,
      run: baselines.setFound,
    },
  ])
}
