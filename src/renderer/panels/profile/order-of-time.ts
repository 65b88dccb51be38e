import { instantText } from '../../format/clock'
import type { ProfileSnapshot } from '../../../sim/observe/profile'

/** Of a frame that is no procedure but a stretch of time. */
export const noImage = '(instant)'

/** Stretches that a window is cut into, at most. */
const stretchesMax = 24

/**
 * Where to cut a window: at whole seconds where they are kept that finely, and at most into as many
 * as can be told apart.
 *
 * @param every seconds between the instants that are kept
 */
export function stretchesOf(from: number, to: number, every: number): [number, number][] {
  const least = Math.max(every, (to - from) / stretchesMax)
  const length = Math.ceil(least / every) * every
  const stretches: [number, number][] = []
  for (let at = from; at < to; at += length) stretches.push([at, Math.min(to, at + length)])
  return stretches
}

/**
 * Profiles of one stretch after the other as one: each stack begins with its stretch. All of a run
 * number their frames alike; the last one has all of them.
 */
export function inOrderOfTime(profiles: readonly ProfileSnapshot[]): ProfileSnapshot | undefined {
  const last = profiles.at(-1)
  if (!last) return undefined
  const known = last.frames.length
  return {
    ...last,
    fromSeconds: profiles[0]?.fromSeconds ?? last.fromSeconds,
    frames: [
      ...last.frames,
      ...profiles.map(({ fromSeconds }) => ({
        image: noImage,
        procedure: instantText(fromSeconds),
      })),
    ],
    stacks: profiles.flatMap(({ stacks }, stretch) =>
      stacks.map((stack) => ({ ...stack, frames: [known + stretch, ...stack.frames] })),
    ),
  }
}
