import { foldByProcedure, type ProfileSnapshot } from '../../../sim/observe/profile'
import type { TimeRange } from '../../stores/live'
import type { SampleHistory } from '../../stores/sample-history'
import { imageName, type FunctionCounter } from '../live/function-counters'

export type Grouping = 'procedure' | 'image'

/** A row of the table, in the order of dcpiprof: samples, cycles, %, cumulative %, procedure, image. */
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

/** Cycles of each procedure that were spent in some spans of simulated time, to the nearest sample. */
export function cyclesIn(
  history: SampleHistory,
  counters: readonly FunctionCounter[],
  spans: readonly TimeRange[],
): Float64Array {
  const rows = spans.map(({ from, to }) => ({
    before: from <= 0 ? -1 : history.indexAt(from),
    last: history.indexAt(to),
  }))
  return Float64Array.from(counters, ({ column }) => {
    let cycles = 0
    for (const { before, last } of rows) {
      if (last < 0) continue
      const start = before < 0 ? 0 : history.last(column, before)
      cycles += Math.max(0, history.last(column, last) - start)
    }
    return cycles
  })
}

/** When the sampler was on, from the action log and what it was set to at the start. */
export function samplingSpans(
  actions: readonly { readonly at: number; readonly action: string }[],
  onNow: boolean,
  now: number,
): TimeRange[] {
  const switches = actions.flatMap(({ at, action }) => {
    const value = /^set:profiler\.sampling=(on|off)$/.exec(action)?.[1]
    return value === undefined ? [] : [{ at, on: value === 'on' }]
  })
  const spans: TimeRange[] = []
  // What it was before the first switch is the opposite of it, unless that switch changed nothing.
  let since: number | undefined = (switches[0] ? !switches[0].on : onNow) ? 0 : undefined
  for (const { at, on } of switches) {
    if (on) since ??= at
    else if (since !== undefined) {
      spans.push({ from: since, to: at })
      since = undefined
    }
  }
  if (since !== undefined) spans.push({ from: since, to: now })
  return spans.filter(({ from, to }) => to > from)
}

export interface RowSource {
  readonly counters: readonly FunctionCounter[]
  /** Cycles by counter over the window. */
  readonly window: Float64Array
  /** Cycles by counter while the sampler was on, and what it saw; undefined while it was never on. */
  readonly sampling:
    { readonly cycles: Float64Array; readonly profile: ProfileSnapshot } | undefined
}

/** The rows, most cycles first; equal ones by name, so that the order is always the same. */
export function tableRows(source: RowSource, grouping: Grouping): TableRow[] {
  const groups = new Map<string, Group>()
  const groupOf = (image: string, procedure: string): Group => {
    const key = grouping === 'image' ? image : `${image}\n${procedure}`
    const known = groups.get(key)
    if (known) return known
    const group: Group = {
      key,
      image,
      procedure: grouping === 'image' ? '' : procedure,
      cycles: 0,
      whileSampling: 0,
      samples: 0,
    }
    groups.set(key, group)
    return group
  }
  source.counters.forEach((counter, i) => {
    const group = groupOf(counter.image, counter.procedure)
    group.cycles += source.window[i] ?? 0
    group.whileSampling += source.sampling?.cycles[i] ?? 0
  })
  for (const row of source.sampling ? foldByProcedure(source.sampling.profile) : []) {
    if (row.samples > 0) groupOf(row.image, row.procedure).samples += row.samples
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
const sum = (groups: readonly Group[], value: (group: Group) => number): number =>
  groups.reduce((total, group) => total + value(group), 0)

export type SortColumn = 'samples' | 'difference' | 'cycles' | 'procedure' | 'image'

const numberOf: Readonly<Record<string, (row: TableRow) => number>> = {
  samples: (row) => row.sampled?.samples ?? 0,
  difference: (row) => (row.sampled ? Math.abs(row.sampled.share - row.sampled.exact) : 0),
  cycles: (row) => row.cycles,
}

/** Numbers largest first, names from A on; `reversed` turns it round. Equal rows stay in the order of cycles. */
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
