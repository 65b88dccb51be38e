/**
 * The samples of a run gathered once, for what is drawn and tabled of them: a history of bounded
 * size, and statistics of every counter.
 */
import type { ChartMachine } from '../../../shared/charts/chart-source'
import type { ChartSpec } from '../../../shared/charts/chart-spec'
import { liveCharts } from '../../../shared/charts/live-charts'
import type { SampleBlock } from '../../../shared/frame'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { RunStatistics } from '../run-statistics'
import { samplesOf, type Exportable } from './exportable'
import type { Span } from './readable-span'

export interface Charted {
  readonly charts: readonly ChartSpec[]
  /** From the start of the run or window to its last sample. */
  readonly range: Span
  readonly rows: number
  readonly statistics: RunStatistics
  readonly firstTime: number
  readonly first: Float64Array
  readonly lastTime: number
  readonly last: Float64Array
}

/**
 * Rows that are drawn at most, in which every sample has its least and largest: more than a picture
 * has points from left to right, and less memory than a screen keeps.
 */
const drawn = { capacity: 4096, recent: 256 }

/** @throws ExportFault when there are no samples. */
export async function chartedOf(source: Exportable, machine: ChartMachine): Promise<Charted> {
  const { counters, rounds } = source
  const history = new SampleHistory(drawn)
  const statistics = new RunStatistics(counters.length)
  const last = new Float64Array(counters.length)
  // One row again and again: blocks of their own would be millions of arrays.
  const block: SampleBlock = {
    rows: 1,
    columns: counters.length,
    time: new Float64Array(1),
    merged: new Uint32Array(1),
    last,
    min: last,
    max: last,
    mean: last,
  }
  let first: Float64Array | undefined
  let [rows, firstTime, lastTime] = [0, 0, 0]
  for await (const { time, values, samples } of samplesOf(source)) {
    if (first === undefined) [first, firstTime] = [values.slice(), time]
    last.set(values)
    lastTime = time
    rows++
    statistics.add(values)
    block.time[0] = time
    block.merged[0] = samples
    history.append(block)
  }
  const column = new Map(counters.map(({ id }, at) => [id, at]))
  const charts = liveCharts({
    history,
    column: (id) => column.get(id),
    counters: () => counters,
    rounds: () => rounds,
    machine,
    settings: source.about.changed,
  })
  const range = { from: source.window?.from ?? 0, to: source.window?.to ?? lastTime }
  return { charts, range, rows, statistics, firstTime, first: first ?? last, lastTime, last }
}
