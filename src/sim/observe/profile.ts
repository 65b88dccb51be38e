/** What a profile looks like from outside: cycles (and samples) by call stack and CPU. */

export interface ProfileFrame {
  /** Procedure as the profiler names it: `schedule`, `ext2_find_entry`, `main`. */
  readonly procedure: string
  /** Image it belongs to: `vmlinux`, `/usr/lib/cc1`, `idle`. */
  readonly image: string
}

export interface ProfileStack {
  /** Index into `frames`, root first. */
  readonly frames: readonly number[]
  /** Cycles that were spent with this stack on each CPU. */
  readonly cycles: readonly number[]
  /** Samples that the DCPI sampler took with this stack on each CPU; all 0 while it is off. */
  readonly samples: readonly number[]
  /**
   * Those of its cycles, on all CPUs, that the sampler could see: spent while it was on, and not in
   * its own handler. Left out where it never was.
   */
  readonly whileSampling?: number
  /** Times that it was entered; left out of a stack that is not counted, an interrupt's. */
  readonly calls?: number
  /**
   * Microseconds that processes were in it, in the order of `spendings`; left out where they were
   * in it for none, or nobody kept them.
   */
  readonly times?: readonly number[]
}

/**
 * What was charged to each call stack, by its node in the tree: running totals, or what a window
 * added to them.
 */
export interface ProfileTotals {
  /** Nodes from 0 to here; arrays may be longer. */
  readonly nodes: number
  /** By CPU, then by node. */
  readonly cycles: readonly Float64Array[]
  readonly samples: readonly Float64Array[]
  /** Cycles on all CPUs that the sampler could see, by node. */
  readonly whileSampling: Float64Array
  /** Times that each node was entered; left out where nobody counted. */
  readonly calls?: Float64Array
  /** In the order of `spendings`, by node; may be shorter than the others. */
  readonly times?: readonly Float64Array[]
}

/** A node of the tree of call stacks. */
export interface CallStack extends ProfileFrame {
  /** The stack that called it; 0 is the empty one. */
  readonly parent: number
}

/** Mean period of the sampler, in cycles. */
export const meanSamplingPeriod = (61_440 + 65_536) / 2

/** A part of a run, and what was charged in it. */
export interface ProfileWindow {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly totals: ProfileTotals
}

export interface ProfileSnapshot {
  readonly clockMHz: number
  readonly cpus: number
  /** From when to when the cycles were collected, in simulated seconds. */
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly frames: readonly ProfileFrame[]
  readonly stacks: readonly ProfileStack[]
  /** Mean sampling period in cycles, 0 while the sampler has never been on. */
  readonly meanPeriod: number
}

export interface ProfileRow {
  readonly image: string
  readonly procedure: string
  readonly cycles: number
  readonly samples: number
  /** Share of all CPU cycles, idle included. */
  readonly share: number
}

/**
 * Folds a profile to one row per procedure and image: cycles spent in the procedure itself.
 * Sorted by cycles, largest first; equal ones by name, so that the order is always the same.
 */
export function foldByProcedure(profile: ProfileSnapshot): ProfileRow[] {
  const cycles = new Float64Array(profile.frames.length)
  const samples = new Float64Array(profile.frames.length)
  let total = 0
  for (const stack of profile.stacks) {
    const leaf = stack.frames[stack.frames.length - 1]
    if (leaf === undefined) continue
    for (let cpu = 0; cpu < profile.cpus; cpu++) {
      const spent = stack.cycles[cpu] ?? 0
      cycles[leaf] = (cycles[leaf] ?? 0) + spent
      samples[leaf] = (samples[leaf] ?? 0) + (stack.samples[cpu] ?? 0)
      total += spent
    }
  }
  return profile.frames
    .map((frame, index) => ({
      image: frame.image,
      procedure: frame.procedure,
      cycles: cycles[index] ?? 0,
      samples: samples[index] ?? 0,
      share: total > 0 ? (cycles[index] ?? 0) / total : 0,
    }))
    .filter((row) => row.cycles > 0 || row.samples > 0)
    .sort(
      (a, b) => b.cycles - a.cycles || compareText(a.image + a.procedure, b.image + b.procedure),
    )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
