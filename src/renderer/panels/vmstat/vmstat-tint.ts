import type { VmstatColumn, VmstatRow } from '../../../sim/observe/vmstat'

/** What each column showed over the first round: the measure for the tint of later rows. */
export interface VmstatBaseline {
  readonly mean: Readonly<Partial<Record<VmstatColumn, number>>>
  /** How far a column usually was from its mean. */
  readonly spread: Readonly<Partial<Record<VmstatColumn, number>>>
}

/** A spread is never taken as less than this share of the mean, */
const leastShare = 0.05
/** nor as less than this many of the column's own units: one process more is not a finding. */
const leastUnits: Readonly<Partial<Record<VmstatColumn, number>>> = {
  ...{ r: 2, b: 2, w: 1 },
  ...{ swpd: 1024, free: 1024, buff: 1024, cache: 1024 },
  ...{ si: 8, so: 8, bi: 40, bo: 40, in: 40, cs: 100 },
  ...{ us: 3, sy: 3, id: 3, wa: 3 },
}

/** Mean and spread of every column; undefined when there are too few rows to tell. */
export function vmstatBaseline(
  rows: readonly VmstatRow[],
  columns: readonly VmstatColumn[],
): VmstatBaseline | undefined {
  if (rows.length < 2) return undefined
  const mean: Partial<Record<VmstatColumn, number>> = {}
  const spread: Partial<Record<VmstatColumn, number>> = {}
  for (const column of columns) {
    const average = rows.reduce((sum, row) => sum + row[column], 0) / rows.length
    const square = rows.reduce((sum, row) => sum + (row[column] - average) ** 2, 0) / rows.length
    mean[column] = average
    spread[column] = Math.max(
      Math.sqrt(square),
      leastShare * Math.abs(average),
      leastUnits[column] ?? 1,
    )
  }
  return { mean, spread }
}

/** Levels of tint: 0 for none. */
export const tintLevels = 4

/**
 * How far a value is from the first round, from 0 (within three spreads of its mean) in doublings to 4
 * (24 spreads and more).
 */
export function tintLevel(baseline: VmstatBaseline, column: VmstatColumn, value: number): number {
  const mean = baseline.mean[column]
  const spread = baseline.spread[column]
  if (mean === undefined || spread === undefined) return 0
  const distance = Math.abs(value - mean) / spread
  if (distance < 3) return 0
  return Math.min(tintLevels, 1 + Math.floor(Math.log2(distance / 3)))
}
