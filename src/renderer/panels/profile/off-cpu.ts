import type { ProfileFrame, ProfileSnapshot } from '../../../sim/observe/profile'
import { Spends, type SpendsCode } from '../../../sim/observe/stack-times'
import { processOf } from './profile-part'

/** Where processes of a program were without a CPU. */
export interface OffCpuPlace {
  readonly process: string
  readonly spends: Exclude<SpendsCode, 0 | 4>
  /** The call path, its program first; the last one is what they wait in. */
  readonly path: readonly ProfileFrame[]
  readonly seconds: number
  /** Share of the time of all processes of that program, 0–1. */
  readonly share: number
}

/** How a program's processes spent their time; the four add up to it. */
export interface ProcessTime {
  readonly process: string
  readonly seconds: number
  /** Running, runnable, asleep, blocked: seconds. */
  readonly by: readonly [number, number, number, number]
  /** How many there were on average. */
  readonly processes: number
}

export interface OffCpu {
  readonly processes: readonly ProcessTime[]
  /** Most time first. */
  readonly places: readonly OffCpuPlace[]
}

/** Undefined where nobody kept the time of processes: in a recording. */
export function offCpuOf(profile: ProfileSnapshot): OffCpu | undefined {
  const { frames, stacks, fromSeconds, toSeconds } = profile
  if (!stacks.some(({ times }) => times)) return undefined
  const sums = new Map<string, [number, number, number, number]>()
  const found: { process: string; spends: number; path: ProfileFrame[]; seconds: number }[] = []
  for (const stack of stacks) {
    if (!stack.times) continue
    const process = processOf(profile, stack)
    const by = sums.get(process) ?? [0, 0, 0, 0]
    sums.set(process, by)
    stack.times.forEach((microseconds, spends) => {
      const seconds = microseconds / 1e6
      by[spends as 0 | 1 | 2 | 3] += seconds
      if (spends === Spends.running || seconds === 0) return
      const path = stack.frames.flatMap((frame) => frames[frame] ?? [])
      found.push({ process, spends, path, seconds })
    })
  }
  const lives = new Map([...sums].map(([name, by]) => [name, by.reduce((sum, s) => sum + s, 0)]))
  const lived = (process: string): number => lives.get(process) ?? 0
  const length = toSeconds - fromSeconds
  return {
    processes: [...sums]
      .map(([process, by]) => ({
        process,
        by,
        seconds: lived(process),
        processes: length > 0 ? lived(process) / length : 0,
      }))
      .sort((a, b) => b.seconds - a.seconds),
    places: found
      .map((place) => ({
        ...place,
        spends: place.spends as OffCpuPlace['spends'],
        share: place.seconds / lived(place.process),
      }))
      .sort((a, b) => b.seconds - a.seconds),
  }
}
