import {
  formatVmstatRow,
  vmstatColumns,
  vmstatHeader,
  type Vmstat,
  type VmstatRow,
} from '../../../sim/observe/vmstat'
import type { SampleHistory } from '../../../shared/charts/sample-history'
import type { TimeRange } from '../../stores/live'
import { vmstatBaseline, type VmstatBaseline } from './vmstat-tint'

/** The layout that the terminal shows. */
export const layout = 'procps-2.0'
export const columns = vmstatColumns(layout)

/** Columns before which a hairline stands, as in the header's groups. */
export const groupStarts: ReadonlySet<string> = new Set(['swpd', 'si', 'bi', 'in', 'us'])

/** A printed line: its row and when it was printed, in simulated seconds. */
export interface TerminalRow {
  readonly at: number
  readonly row: VmstatRow
}

/**
 * The lines for the rows of a history from index `first` on. The first of a run are the averages
 * since boot.
 */
export function terminalRows(
  history: SampleHistory,
  vmstat: Vmstat,
  first: number,
  until = history.rows,
): TerminalRow[] {
  const lines: TerminalRow[] = []
  let before = first > 0 ? history.row(first - 1) : undefined
  let since = first > 0 ? history.time(first - 1) : 0
  for (let i = first; i < until; i++) {
    const now = history.row(i)
    const at = history.time(i)
    const row = before ? vmstat.row(before, now, at - since) : vmstat.sinceBoot(now, at)
    lines.push({ at, row })
    before = now
    since = at
  }
  return lines
}

/**
 * What the columns showed over a stretch of the run; undefined when it has too few samples to tell.
 */
export function baselineOf(
  history: SampleHistory,
  vmstat: Vmstat,
  stretch: TimeRange,
): VmstatBaseline | undefined {
  const from = Math.max(1, history.firstFrom(stretch.from))
  const to = Math.min(history.rows, history.firstFrom(stretch.to) + 1)
  return vmstatBaseline(
    terminalRows(history, vmstat, from, to).map(({ row }) => row),
    columns,
  )
}

/** A row cut into its columns, blanks included: together they are the line that vmstat prints. */
export const cellsOf = (line: string): readonly string[] => line.match(/\s*\S+/g) ?? []

export const lineOf = (row: VmstatRow): string => formatVmstatRow(row, layout)
export const headerLines = vmstatHeader(layout)

/**
 * What a copy of lines puts on the clipboard: both header lines, then the rows, to the character.
 */
export const copyText = (rows: readonly TerminalRow[]): string =>
  [...headerLines, ...rows.map(({ row }) => lineOf(row)), ''].join('\n')
