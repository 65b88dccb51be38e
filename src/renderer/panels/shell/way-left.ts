/** A way through simulated time, and how fast it is gone. */
export interface Way {
  readonly now: number
  readonly until: number
  /** Simulated per wall seconds; 0 while that is not known. */
  readonly speed: number
}

/** Wall seconds that are left, in steps that can be read; undefined while nobody knows. */
export function wayLeft({ now, until, speed }: Way): number | undefined {
  if (!(speed > 0)) return undefined
  const seconds = Math.max(0, until - now) / speed
  const step = seconds > 600 ? 60 : seconds > 60 ? 10 : 1
  return Math.max(1, Math.ceil(seconds / step) * step)
}
