import type { Command } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useScreenStore } from '../../../stores/screen'

/**
 * A chart of each counter that the run has, added to those of the Live view, or taken away again.
 */
export function counterCommands(): Command[] {
  const live = useLiveStore()
  const screen = useScreenStore()
  return live.counters.map(({ id, help }): Command => {
    const on = screen.addedCounters.includes(id)
    return {
      id: `counter.${id}`,
      title: on ? `Take away the chart of ${id}` : `Show counter ${id}`,
      words: 'chart graph plot column hide remove',
      group: 'Counters',
      detail: help,
      onlyFound: !on,
      on,
      run: () => screen.toggleCounter(id),
    }
  })
}
