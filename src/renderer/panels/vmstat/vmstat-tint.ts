import type { VmstatColumn, VmstatRow } from '../../../sim/observe/vmstat'

/** What each column showed over the baseline: the measure for the tint of other rows. */
export interface VmstatBaseline {
  readonly mean: Readonly<Partial<Record<VmstatColumn, number>>>
  /** How far a column usually was from its mean. */
  readonly spread: Readonly<Partial<Record<VmstatColumn, number>>>
  /** The least and the most that it showed: no news when they come again. */
  readonly range: Readonly<Partial<Record<VmstatColumn, readonly [number, number]>>>
}

/** A spread is never taken as less than this share of the mean, */
const leastShare = 0.05
/** nor as less than this many of the column's own units: one process more is not a finding. */
const leastUnits: Readonly<Partial<Record<VmstatColumn, number>>> = {
  r: 2,
  b: 2,
  w: 1,
  swpd: 1024,
  free: 1024,
  buff: 1024,
  cache: 1024,
  si: 8,
  so: 8,
  bi: 40,
  bo: 40,
  in: 40,
  cs: 100,
  us: 3,
  sy: 3,
  id: 3,
  wa: 3,
}

const levels: readonly VmstatColumn[] = ['swpd', 'free', 'buff', 'cache']
/** A log that grows is no finding: levels of memory count from this share of all memory on. */
const leastOfMemory = 0.02

/** Mean and spread of every column; undefined when there are too few rows to tell. */
export function vmstatBaseline(
  rows: readonly VmstatRow[],
  columns: readonly VmstatColumn[],
): VmstatBaseline | undefined {
  if (rows.length < 2) return undefined
  const mean: Partial<Record<VmstatColumn, number>> = {}
  const spread: Partial<Record<VmstatColumn, number>> = {}
  const range: Partial<Record<VmstatColumn, readonly [number, number]>> = {}
  for (const column of columns) {
    const values = rows.map((row) => row[column])
    range[column] = [Math.min(...values), Math.max(...values)]
    const average = values.reduce((sum, value) => sum + value, 0) / rows.length
    const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / rows.length
    mean[column] = average
    spread[column] = Math.max(
      Math.sqrt(square),
      leastShare * Math.abs(average),
      leastUnits[column] ?? 1,
    )
  }
  const memory = (mean.free ?? 0) + (mean.buff ?? 0) + (mean.cache ?? 0)
  for (const column of levels) {
    spread[column] = Math.max(spread[column] ?? 0, leastOfMemory * memory)
  }
  return { mean, spread, range }
}

/** Levels of tint: 0 for none. */
const tintLevels = 4

/**
 * How far a value is from the baseline: 0 within three spreads of its mean or within what the
 * baseline showed itself, then in doublings to 4 (24 spreads and more).
 */
export function tintLevel(baseline: VmstatBaseline, column: VmstatColumn, value: number): number {
  const mean = baseline.mean[column]
  const spread = baseline.spread[column]
  if (mean === undefined || spread === undefined) return 0
  const [low, high] = baseline.range[column] ?? [mean, mean]
  if (value >= low && value <= high) return 0
  const distance = Math.abs(value - mean) / spread
  if (distance < 3) return 0
  return Math.min(tintLevels, 1 + Math.floor(Math.log2(distance / 3)))
}
