/**
 * The samples of a run gathered once, for what is drawn and tabled of them: a history of bounded
 * size, and statistics of every counter.
 */
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import type { ChartSpec } from '../../../shared/charts/chart-spec'
import { liveCharts } from '../../../shared/charts/live-charts'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { BlockBuilder } from '../../runs/sample-block'
import { wideRow } from '../../runs/wide-row'
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

const rowsPerBlock = 256

/** @throws ExportFault when there are no samples. */
export async function chartedOf(source: Exportable, profile: ProfileSnapshot): Promise<Charted> {
  const { counters, rounds } = source
  const history = new SampleHistory()
  const builder = new BlockBuilder(counters.length, rowsPerBlock)
  const statistics = new RunStatistics(counters.length)
  const last = new Float64Array(counters.length)
  let first: Float64Array | undefined
  let [rows, firstTime, lastTime] = [0, 0, 0]
  for await (const { time, values, samples } of samplesOf(source)) {
    if (first === undefined) [first, firstTime] = [values.slice(), time]
    last.set(values)
    lastTime = time
    rows++
    statistics.add(values)
    builder.addRow(wideRow(time, values, samples))
    if (builder.length === rowsPerBlock) history.append(builder.take())
  }
  history.append(builder.take())
  const column = new Map(counters.map(({ id }, at) => [id, at]))
  const charts = liveCharts({
    history,
    column: (id) => column.get(id),
    counters: () => counters,
    rounds: () => rounds,
    machine: profile,
    settings: source.about.changed,
  })
  const range = { from: source.window?.from ?? 0, to: source.window?.to ?? lastTime }
  return { charts, range, rows, statistics, firstTime, first: first ?? last, lastTime, last }
}
