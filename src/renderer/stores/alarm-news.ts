import type { Mark } from '../../shared/frame'
import { instantWithMs } from '../../shared/instant-text'

/**
 * What is said of an alarm that notifies. One that only marks says nothing, and one that pauses
 * gives the reason of the pause.
 */
export function alarmNews({ kind, at, text }: Mark): string | undefined {
  if (kind !== 'rang' || !text.endsWith(' notify')) return undefined
  return `Alarm at ${instantWithMs(at)}: ${text.replace(/ notify$/, '')}`
}
