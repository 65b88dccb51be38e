import type { RunQueueEntry, RunQueueSnapshot } from '../../../sim/observe/structures'
import { niceCeiling } from '../../../shared/charts/axis-scale'

/** Bars side by side, in CSS pixels. */
export interface BarLayout {
  readonly pitch: number
  readonly width: number
}

const pitchMax = 30

export function barLayout(bars: number, room: number): BarLayout {
  const pitch = Math.min(pitchMax, bars > 0 ? room / bars : pitchMax)
  return { pitch, width: pitch - Math.min(3, pitch * 0.25) }
}

/**
 * The end of the goodness axis: an even number, so that its middle is whole, and steady for usual
 * queues.
 */
export function axisEnd(entries: readonly RunQueueEntry[]): number {
  const most = Math.max(0, ...entries.map((entry) => entry.goodness))
  return most <= 40 ? 40 : Math.ceil(niceCeiling(most) / 2) * 2
}

/** By what a process is chosen, in words. */
export const weightOf = (
  { goodness }: Pick<RunQueueEntry, 'goodness'>,
  { priorities }: Pick<RunQueueSnapshot, 'priorities'>,
): string =>
  priorities === undefined ? `goodness ${goodness}` : `priority ${priorities - 1 - goodness}`
