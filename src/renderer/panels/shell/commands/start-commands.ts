import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'

/** Runs that begin with one choice: demonstrations, and the scenarios as they come. */
export function startCommands(): Command[] {
  const live = useLiveStore()
  const { demonstrations = [], scenarios = [] } = live.catalogue ?? {}
  return [
    ...demonstrations.map(({ id, title, about, request }): Command => ({
      id: `demonstration.${id}`,
      title: `Demonstration: ${title}`,
      words: `${id} demo example tour start run`,
      group: 'Demonstrations',
      detail: about,
      endsRun: true,
      run: () => void live.start(request),
    })),
    ...scenarios.map(({ id, title, summary }): Command => ({
      id: `scenario.${id}`,
      title: `New run of ${id}: ${title}`,
      words: 'start restart scenario',
      group: 'Run',
      detail: summary,
      endsRun: true,
      onlyFound: true,
      run: () => void live.start({ scenario: id, seed: live.status?.seed ?? 1, parameters: {} }),
    })),
  ]
}
