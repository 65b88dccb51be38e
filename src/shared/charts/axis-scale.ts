/**
 * Ends for a value axis that begins at 0: round, steady, and halved or quartered without odd
 * digits.
 */

const mantissas = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10]

/** The smallest round number that is at least `value`; 1 when there is nothing to show. */
export function niceCeiling(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const mantissa = mantissas.find((m) => m * power >= value * (1 - 1e-9)) ?? 10
  return mantissa * power
}

/**
 * The axis end for a new peak, given the one in use. It rises at once, so that nothing is cut off,
 * and falls only when the peak has left more than half of the axis empty, so that a fluctuating
 * line does not make it jump.
 */
export function steadyCeiling(inUse: number, peak: number, least = 0): number {
  // What fills its least end, 100 % say, is not given room for more.
  const wanted = niceCeiling(peak <= least * 1.001 ? least : peak * 1.02)
  return wanted > inUse || wanted < inUse * 0.55 ? wanted : inUse
}

/** Where the axis is labelled: 0, the middle and the end; quarters as well when there is room. */
export function valueTicks(end: number, heightPx: number): number[] {
  const parts = heightPx >= 150 ? 4 : 2
  return Array.from({ length: parts + 1 }, (_, i) => (end * i) / parts)
}
