import type { TimeRange } from '../../stores/live'

/** What a drag on the timeline changes: a new window, one edge of it, or where it lies. */
export type BrushGrip = 'new' | 'from' | 'to' | 'whole'

/** What lies under the pointer at `at`; edges reach `reach` seconds to both sides. */
export function gripAt(brush: TimeRange | undefined, at: number, reach: number): BrushGrip {
  if (!brush) return 'new'
  if (Math.abs(at - brush.from) <= reach) return 'from'
  if (Math.abs(at - brush.to) <= reach) return 'to'
  return at > brush.from && at < brush.to ? 'whole' : 'new'
}

/**
 * The window after a drag from `start` to `at`, within 0 and `end`.
 * @param before the window when the drag began; the drag's own ends when there was none.
 */
export function dragBrush(
  grip: BrushGrip,
  before: TimeRange | undefined,
  start: number,
  at: number,
  end: number,
): TimeRange {
  const clamp = (seconds: number): number => Math.min(Math.max(seconds, 0), end)
  if (!before || grip === 'new') return ordered(clamp(start), clamp(at))
  if (grip === 'from') return ordered(clamp(at), before.to)
  if (grip === 'to') return ordered(before.from, clamp(at))
  const shift = Math.min(Math.max(at - start, -before.from), end - before.to)
  return { from: before.from + shift, to: before.to + shift }
}

const ordered = (a: number, b: number): TimeRange => ({ from: Math.min(a, b), to: Math.max(a, b) })
