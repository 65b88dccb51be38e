/** Slow motion in the words of the pace control. */
import type { SlowStatus } from '../../../shared/frame'

export interface SlowWords {
  readonly isOn: boolean
  /** It has begun, and the pace is a thousandth. */
  readonly goes: boolean
  /** What is seen: how far it is from what it is about. */
  readonly text: string
  /** What is read aloud. */
  readonly name: string
  readonly title: string
}

/** @param now simulated seconds */
export function slowWords(slow: SlowStatus | undefined, now: number): SlowWords {
  if (!slow) {
    const title = 'Slow motion around the next connection, or the next wake-up where none can come'
    return { isOn: false, goes: false, text: 'slow', name: 'slow motion', title }
  }
  const { of, since } = slow
  if (since === undefined) {
    const title = `Slow motion waits for the next ${of}; take it back`
    return { isOn: true, goes: false, text: 'waits', name: title, title }
  }
  const text = `+${Math.max(0, (now - since) * 1000).toFixed(2)} ms`
  const title = `Slow motion, a thousandth of real time, since the ${of} came; end it`
  return { isOn: true, goes: true, text, name: title, title }
}
