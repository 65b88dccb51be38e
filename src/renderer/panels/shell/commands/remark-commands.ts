import { parseAlarm } from '../../../../sim/observe/alarms'
import { instantText } from '../../../format/clock'
import type { Command, Question } from '../../../stores/commands'
import { useLiveStore } from '../../../stores/live'
import { useScreenStore } from '../../../stores/screen'
import { alarmQuestion } from './alarm-question'

/** Longest note: an action has at most 200 characters. */
const noteMax = 180

/** What is said of a run, and what is to be told of it. */
export function remarkCommands(): Command[] {
  const live = useLiveStore()
  const goes = live.phase === 'running' || live.phase === 'paused'
  const enabled = goes && !live.recorded
  const screen = useScreenStore()
  const at = live.crosshair
  const note: Question = {
    label: at === undefined ? 'A note at this instant' : `A note at ${instantText(at)}`,
    hint: `one line of up to ${noteMax} characters`,
    initial: '',
    answer(words) {
      const text = words.trim()
      if (text === '' || text.length > noteMax) {
        return `a note has 1 to ${noteMax} characters, not ${text.length}`
      }
      // The present instant is the run's to say: it has gone on since.
      void live.act({ kind: 'note', text, ...(at !== undefined && { at }) })
      return undefined
    },
  }
  const alarm = alarmQuestion()
  return [
    {
      id: 'note.add',
      title: at === undefined ? 'Note at this instant…' : `Note at ${instantText(at)}…`,
      words: 'comment annotate remark mark write',
      group: 'Timeline',
      key: 'A',
      detail:
        'At the crosshair, where there is one. It stands on the timeline and in the recording.',
      enabled,
      run: () => screen.ask(note),
      ask: note,
    },
    {
      id: 'alarm.set',
      title: 'Set an alarm…',
      words: 'threshold watch notify limit warn pause condition',
      group: 'Timeline',
      key: 'Shift+A',
      detail: 'When a condition has held for a while: mark the timeline, notify, or pause the run.',
      enabled,
      run: () => screen.ask(alarm),
      ask: alarm,
    },
    ...live.alarms.map(({ words, ringing }): Command => ({
      id: `alarm.remove.${words}`,
      title: `Take the alarm back: ${words}`,
      words: 'threshold remove delete clear',
      group: 'Timeline',
      detail: ringing ? 'It rings now.' : 'Its condition does not hold for long enough now.',
      enabled,
      run() {
        const alarm = parseAlarm(words)
        if (typeof alarm !== 'string')
          void live.act({ kind: 'no-alarm', condition: alarm.condition })
      },
    })),
  ]
}
