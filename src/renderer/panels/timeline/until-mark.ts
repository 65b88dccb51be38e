import { instantWithMs } from '../../format/clock'
import type { RunUntil } from '../../../shared/frame'

/** What a run goes on until, in words: `until 00:12:31`, `until processes.blocked > 64`. */
export const untilText = (until: RunUntil): string =>
  `until ${until.kind === 'time' ? instantWithMs(until.seconds) : until.text}`

/** How far ahead the strip reaches for a pause: that much longer than the run has been. */
const reach = 3

/**
 * Where the pause to come stands in a strip that reaches so far: at its edge when it lies beyond,
 * or nobody knows where.
 */
export interface UntilMark {
  readonly at: number
  readonly text: string
}

/**
 * How far the strip has to reach so that the pause to come is on it; 0 when it would take too much
 * of it.
 */
export const untilReach = (until: RunUntil | undefined, newest: number): number =>
  until?.kind === 'time' && until.seconds <= reach * newest ? until.seconds : 0

export function untilMark(until: RunUntil | undefined, end: number): UntilMark | undefined {
  if (until === undefined) return undefined
  const at = until.kind === 'time' ? until.seconds : Infinity
  const text = untilText(until)
  return at <= end ? { at, text } : { at: end, text: `${text} →` }
}
