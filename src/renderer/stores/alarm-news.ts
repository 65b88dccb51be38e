import type { Mark } from '../../shared/frame'
import { instantWithMs } from '../../shared/instant-text'

/**
 * What is said of alarms that notify. One that only marks says nothing, and one that pauses gives
 * the reason of the pause.
 */
export function alarmNews(marks: readonly Mark[]): string[] {
  return marks
    .filter(({ kind, text }) => kind === 'rang' && text.endsWith(' notify'))
    .map(({ at, text }) => `Alarm at ${instantWithMs(at)}: ${text.replace(/ notify$/, '')}`)
}
