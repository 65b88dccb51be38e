/**
 * Simulated time. An instant (`SimTime`) and a length of time (`Duration`) are different
 * types over the same unit, integer nanoseconds. Safe integers reach about 104 days.
 */
declare const instantBrand: unique symbol
declare const durationBrand: unique symbol

/** An instant: nanoseconds since the simulated machine was created. */
export type SimTime = number & { readonly [instantBrand]: true; readonly unit?: 'ns' }
/** A length of simulated time in nanoseconds. */
export type Duration = number & { readonly [durationBrand]: true; readonly unit?: 'ns' }

/** The instant at which every run begins. */
export const startOfTime = 0 as SimTime

/** @param value nanoseconds; rounded to an integer. @throws RangeError unless finite and ≥ 0. */
export function nanoseconds(value: number): Duration {
  if (!(value >= 0) || value > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`a duration is between 0 and 2^53 ns, not ${value}`)
  }
  return Math.round(value) as Duration
}
/** @param value microseconds. @throws RangeError as `nanoseconds`. */
export const microseconds = (value: number): Duration => nanoseconds(value * 1e3)
/** @param value milliseconds. @throws RangeError as `nanoseconds`. */
export const milliseconds = (value: number): Duration => nanoseconds(value * 1e6)
/** @param value seconds. @throws RangeError as `nanoseconds`. */
export const seconds = (value: number): Duration => nanoseconds(value * 1e9)

/** The instant `nanos` nanoseconds after the start. @throws RangeError as `nanoseconds`. */
export const instant = (nanos: number): SimTime => nanoseconds(nanos) as number as SimTime
/** The instant `duration` after `time`. */
export const after = (time: SimTime, duration: Duration): SimTime => (time + duration) as SimTime
/** Time from `earlier` to `later`. @throws RangeError when `later` lies before `earlier`. */
export const between = (earlier: SimTime, later: SimTime): Duration => nanoseconds(later - earlier)
/** A duration or an instant in seconds, for display and rates. */
export const inSeconds = (time: SimTime | Duration): number => time / 1e9
