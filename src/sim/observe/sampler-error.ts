/**
 * How far what the sampler reports is from what really ran. A sample falls every mean period of
 * cycles, wherever it falls; so of n samples a procedure with share p of the cycles is expected to
 * have n·p, with a standard error of √(n·p·(1−p)) if each falls for itself. They do not: a period
 * varies by 3 %, so what runs for long gets its samples almost evenly. `bench --only sampler` has
 * the error by batches beside this one, which is the larger of the two or equal to it.
 * The sampler's own handler is not among the cycles: it never samples itself.
 */
import type { ProfileSnapshot } from './profile'

export interface SamplerError {
  readonly image: string
  readonly procedure: string
  /** Samples that its cycles should have had, and those that it has. */
  readonly expected: number
  readonly samples: number
  /** What lies between them, in standard errors of the sampler. */
  readonly standardErrors: number
}

/**
 * Of the procedures with the most cycles while the sampler was on, largest first.
 *
 * @param most how many. Empty when no sample was taken.
 */
export function samplerErrors(profile: ProfileSnapshot, most: number): SamplerError[] {
  const cycles = new Float64Array(profile.frames.length)
  const samples = new Float64Array(profile.frames.length)
  for (const stack of profile.stacks) {
    const leaf = stack.frames.at(-1)
    if (leaf === undefined) continue
    cycles[leaf]! += stack.whileSampling ?? 0
    for (const taken of stack.samples) samples[leaf]! += taken
  }
  const all = samples.reduce((sum, taken) => sum + taken, 0)
  const total = cycles.reduce((sum, spent) => sum + spent, 0)
  if (all === 0 || total === 0) return []
  return [...cycles.keys()]
    .sort((a, b) => cycles[b]! - cycles[a]!)
    .slice(0, most)
    .map((frame) => {
      const share = cycles[frame]! / total
      const expected = all * share
      const error = Math.sqrt(expected * (1 - share))
      const { image, procedure } = profile.frames[frame]!
      const off = samples[frame]! - expected
      return {
        image,
        procedure,
        expected,
        samples: samples[frame]!,
        standardErrors: error > 0 ? off / error : off === 0 ? 0 : Infinity,
      }
    })
}
