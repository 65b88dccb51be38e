import type { ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import { kernelImages } from '../../../shared/profile/kernel-images'

/** Of which CPU and which processes a profile is shown. */
export interface ProfilePart {
  /** −1 for all of them. */
  readonly cpu: number
  /** A program's image or a daemon's name; empty for all of them. */
  readonly process: string
}

/**
 * On whose behalf a stack runs: its program, a daemon of the kernel, or an interrupt, which is
 * nobody's and goes by its own name.
 */
export function processOf({ frames }: ProfileSnapshot, stack: ProfileStack): string {
  const { image, procedure } = frames[stack.frames[0] ?? -1] ?? { image: '', procedure: '' }
  return kernelImages.includes(image) || image === 'idle' ? procedure : image
}

/** All of them, most cycles first. */
export function processesIn(profile: ProfileSnapshot): string[] {
  const cycles = new Map<string, number>()
  for (const stack of profile.stacks) {
    const name = processOf(profile, stack)
    const spent = stack.cycles.reduce((sum, value) => sum + value, 0)
    cycles.set(name, (cycles.get(name) ?? 0) + spent)
  }
  return [...cycles].sort((a, b) => b[1] - a[1]).map(([name]) => name)
}

/** What of a profile is of one CPU, or of one program. It is the profile itself for all of both. */
export function partOf(profile: ProfileSnapshot, { cpu, process }: ProfilePart): ProfileSnapshot {
  if (cpu < 0 && process === '') return profile
  const stacks = profile.stacks.flatMap((stack) => {
    if (process !== '' && processOf(profile, stack) !== process) return []
    if (cpu < 0) return [stack]
    const only = (values: readonly number[]): number[] =>
      values.map((value, of) => (of === cpu ? value : 0))
    const { frames, cycles, samples } = stack
    // Calls, and cycles that the sampler could see, are kept of all CPUs together.
    const part = { frames, cycles: only(cycles), samples: only(samples) }
    return part.cycles[cpu] === 0 && part.samples[cpu] === 0 ? [] : [part]
  })
  return { ...profile, stacks }
}
