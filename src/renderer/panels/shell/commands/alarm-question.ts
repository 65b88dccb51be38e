import { parseAlarm } from '../../../../sim/observe/alarms'
import type { Question } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'

/** An alarm: which condition, for how long, and what then. */
export function alarmQuestion(initial = 'memory.free < 4000 for 10s notify'): Question {
  const live = useLiveStore()
  return {
    label: 'Alarm: a counter, or its rate with /s, and what then',
    hint: '<counter> < <value> [for <time>] [mark|notify|pause]',
    initial,
    answer(words) {
      const alarm = parseAlarm(words)
      if (typeof alarm === 'string') return alarm
      const id = alarm.condition.counter.replace(/\/s$/, '')
      if (live.column(id) === undefined) return `there is no counter ${id}`
      void live.act({ kind: 'alarm', alarm })
      return undefined
    },
  }
}
