/** The same random draws as the other programs make: see peers/draws.hpp. */
import type { Duration } from '../../src/sim/units/time'

/** @param mean ns. @param seed not 0. @param jitter a mask of low bits. */
export function draws(mean: number, seed: number, jitter: number): () => Duration {
  const quantiles = new Float64Array(1024)
  for (let index = 0; index < 1024; index++) {
    quantiles[index] = Math.round(-Math.log(1 - (index + 0.5) / 1024) * mean)
  }
  const state = new Int32Array([seed])
  return () => {
    let word = state[0]!
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    state[0] = word
    return (quantiles[word >>> 22]! + (word & jitter)) as Duration
  }
}
