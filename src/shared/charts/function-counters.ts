import type { CounterSpec } from '../../sim/observe/counters'

/** A counter of cycles that one procedure spent itself: `function.<image>.<procedure>`. */
export interface FunctionCounter {
  readonly column: number
  readonly id: string
  readonly image: string
  readonly procedure: string
}

const prefix = 'function.'

/**
 * The counters of procedures among all counters. An image's name has no dot; `schedule.text.lock`
 * has two.
 */
export function functionCounters(counters: readonly CounterSpec[]): FunctionCounter[] {
  return counters.flatMap(({ id }, column) => {
    if (!id.startsWith(prefix)) return []
    const dot = id.indexOf('.', prefix.length)
    if (dot < 0) return []
    return [{ column, id, image: id.slice(prefix.length, dot), procedure: id.slice(dot + 1) }]
  })
}

export const isIdle = ({ image }: { readonly image: string }): boolean => image === 'idle'

/** `/usr/lib/cc1` → `cc1`: what a person calls an image. */
export const imageName = (image: string): string => image.slice(image.lastIndexOf('/') + 1)

/**
 * How a procedure is named where there is little room: by itself, or by its program where it is
 * only `main`.
 */
export function shortName({ image, procedure }: { image: string; procedure: string }): string {
  return procedure === 'main' ? imageName(image) : procedure
}
