/** Six ways in which events are scheduled ahead, in whole ns: what a queue has to stand. */
import type { RandomStream } from './random'

export type Increment = (random: RandomStream) => number

const hour = 3.6e12

export const increments: Readonly<Record<string, Increment>> = {
  exponential: (random) => Math.round(random.exponential(1e6)),
  uniform: (random) => random.below(2_000_000),
  bimodal: (random) => (random.chance(0.9) ? random.below(1000) : 1e8 + random.below(1000)),
  // Pareto with shape 1.1: the mean is ruled by a few that are enormous.
  'heavy tail': (random) => Math.min(hour, Math.floor(1000 * (1 - random.uniform()) ** (-1 / 1.1))),
  ties: (random) => random.below(3) * 1000,
  'mixed scales from 1 ns to 1 h': (random) => Math.round(hour ** random.uniform()),
}
