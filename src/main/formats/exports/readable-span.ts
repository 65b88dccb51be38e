/** From when to when, in simulated seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** At most milliseconds: what people read need not be more exact. */
export const tidySeconds = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** `12 s to 15.5 s`. */
export const readableSpan = ({ from, to }: Span): string =>
  `${tidySeconds(from)} s to ${tidySeconds(to)} s`
