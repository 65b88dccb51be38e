import { digitalUnixNames } from '../../../sim/kernel/digital-unix-names'
import type { ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import { imageName } from '../../../shared/charts/function-counters'

import { processOf } from './profile-part'

export type Grouping = 'procedure' | 'image' | 'process'

/**
 * A row of the table, in the order of dcpiprof: samples, cycles, %, cumulative %, procedure, image.
 */
export interface TableRow {
  readonly key: string
  readonly procedure: string
  readonly image: string
  /** Cycles spent in the procedure itself over the window, exact. */
  readonly cycles: number
  /** Share of all CPU cycles of the window, idle included, 0–1. */
  readonly share: number
  /** Share of this row and all with more cycles, 0–1. */
  readonly cumulative: number
  readonly sampled: SampledRow | undefined
}

/** What the sampler saw of a row while it was on, beside what was so. */
export interface SampledRow {
  readonly samples: number
  /** Share of all samples, 0–1. */
  readonly share: number
  /**
   * Share of all cycles that the sampler could see, 0–1; undefined of one CPU, for which they are
   * not kept apart.
   */
  readonly exact: number | undefined
  /** Standard error of `share`: by the binomial law, which is the most that was measured. */
  readonly error: number
  /** Cycles that its samples have cost, in the sampler's own handler. */
  readonly cost: number
}

/** The rows, most cycles first; equal ones by name, so that the order is always the same. */
export function tableRows(profile: ProfileSnapshot, grouping: Grouping): TableRow[] {
  const groups = new Map<string, Group>()
  const groupOf = (stack: ProfileStack): Group | undefined => {
    const leaf = profile.frames[stack.frames.at(-1) ?? -1]
    if (!leaf) return undefined
    const procedure = grouping === 'procedure' ? leaf.procedure : ''
    const image = grouping === 'process' ? processOf(profile, stack) : leaf.image
    const key = grouping === 'procedure' ? `${image}\n${procedure}` : image
    const known = groups.get(key)
    if (known) return known
    const group = { key, image, procedure, cycles: 0, whileSampling: 0, samples: 0 }
    groups.set(key, group)
    return group
  }
  let handled = 0
  for (const stack of profile.stacks) {
    const group = groupOf(stack)
    const { frames, cycles, samples, whileSampling = 0 } = stack
    if (!group) continue
    if (samplers.includes(profile.frames[frames.at(-1) ?? -1]?.procedure ?? '')) {
      for (const spent of cycles) handled += spent
    }
    for (const spent of cycles) group.cycles += spent
    for (const taken of samples) group.samples += taken
    group.whileSampling += whileSampling
  }

  const all = [...groups.values()].filter((group) => group.cycles > 0 || group.samples > 0)
  const total = sum(all, (group) => group.cycles)
  const totalSampling = sum(all, (group) => group.whileSampling)
  const totalSamples = sum(all, (group) => group.samples)
  let cumulative = 0
  return all
    .sort((a, b) => b.cycles - a.cycles || (a.key < b.key ? -1 : 1))
    .map(({ key, image, procedure, cycles, samples, whileSampling }) => {
      cumulative += cycles
      return {
        key,
        procedure,
        image,
        cycles,
        share: ratio(cycles, total),
        cumulative: ratio(cumulative, total),
        sampled:
          totalSamples > 0
            ? {
                samples,
                share: samples / totalSamples,
                exact: totalSampling > 0 ? whileSampling / totalSampling : undefined,
                error: standardError(samples / totalSamples, totalSamples),
                cost: (handled / totalSamples) * samples,
              }
            : undefined,
      }
    })
}

interface Group {
  readonly key: string
  readonly image: string
  readonly procedure: string
  cycles: number
  whileSampling: number
  samples: number
}
/** The sampler's own handler, in both kernels. */
const samplers: readonly string[] = ['perf_interrupt', digitalUnixNames.own['perf_interrupt'] ?? '']

const standardError = (share: number, samples: number): number =>
  Math.sqrt((share * (1 - share)) / samples)

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
const sum = <T>(list: readonly T[], value: (one: T) => number): number =>
  list.reduce((total, one) => total + value(one), 0)

/** Samples of a profile, on all CPUs. */
export const samplesIn = ({ stacks }: ProfileSnapshot): number =>
  sum(stacks, ({ samples }) => sum(samples, (taken) => taken))

/** Share of a profile's time in which the sampler was on, 0–1. */
export const sampledShare = ({ stacks }: ProfileSnapshot): number =>
  ratio(
    sum(stacks, ({ whileSampling = 0 }) => whileSampling),
    sum(stacks, ({ cycles }) => sum(cycles, (spent) => spent)),
  )

export type SortColumn = 'samples' | 'difference' | 'cost' | 'cycles' | 'procedure' | 'image'

const numberOf: Readonly<Record<string, (row: TableRow) => number>> = {
  samples: (row) => row.sampled?.samples ?? 0,
  difference: (row) =>
    row.sampled ? Math.abs(row.sampled.share - (row.sampled.exact ?? NaN)) || 0 : 0,
  cost: (row) => row.sampled?.cost ?? 0,
  cycles: (row) => row.cycles,
}

/**
 * Numbers largest first, names from A on; `reversed` turns it round. Equal rows stay in the order
 * of cycles.
 */
export function sortRows(
  rows: readonly TableRow[],
  column: SortColumn,
  reversed: boolean,
): TableRow[] {
  const number = numberOf[column]
  const text = (row: TableRow): string =>
    (column === 'image' ? imageName(row.image) : row.procedure).toLowerCase()
  const compare = number
    ? (a: TableRow, b: TableRow) => number(b) - number(a)
    : (a: TableRow, b: TableRow) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)
  return [...rows].sort((a, b) => (reversed ? -compare(a, b) : compare(a, b)))
}

/** Rows whose procedure or image contains every word. */
export function matchesFilter(
  row: { readonly procedure: string; readonly image: string },
  filter: string,
): boolean {
  const text = `${row.procedure} ${row.image}`.toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
