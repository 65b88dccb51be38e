import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { imageName } from '../../../shared/charts/function-counters'

export type Grouping = 'procedure' | 'image'

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
  /** Share of all samples, and of all cycles while the sampler was on, 0–1. */
  readonly share: number
  readonly exact: number
}

/** The rows, most cycles first; equal ones by name, so that the order is always the same. */
export function tableRows(profile: ProfileSnapshot, grouping: Grouping): TableRow[] {
  const groups = new Map<string, Group>()
  const groupOf = profile.frames.map(({ image, procedure }): Group => {
    const key = grouping === 'image' ? image : `${image}\n${procedure}`
    const known = groups.get(key)
    if (known) return known
    const own = grouping === 'image' ? '' : procedure
    const group = { key, image, procedure: own, cycles: 0, whileSampling: 0, samples: 0 }
    groups.set(key, group)
    return group
  })
  for (const { frames, cycles, samples, whileSampling = 0 } of profile.stacks) {
    const group = groupOf[frames.at(-1) ?? -1]
    if (!group) continue
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
            ? { samples, share: samples / totalSamples, exact: ratio(whileSampling, totalSampling) }
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

export type SortColumn = 'samples' | 'difference' | 'cycles' | 'procedure' | 'image'

const numberOf: Readonly<Record<string, (row: TableRow) => number>> = {
  samples: (row) => row.sampled?.samples ?? 0,
  difference: (row) => (row.sampled ? Math.abs(row.sampled.share - row.sampled.exact) : 0),
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
