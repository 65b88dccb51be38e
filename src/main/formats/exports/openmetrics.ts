/**
 * OpenMetrics 1.0 text with timestamps, as `promtool tsdb create-blocks-from openmetrics` takes it:
 * every family at one place, its samples in order of time, `# EOF` last. Second 0 of the run is
 * second 0 of the timestamps. Samples come row by row and are wanted metric by metric, so the run
 * is gone through several times when it is long: memory is bounded, time is not.
 */
import { samplesOf, type Exportable } from './exportable'
import { familiesOf, type Family, type Metric } from './openmetrics-families'

/** Values that are held at once: 32 MB. */
const cellsMax = 4 * 2 ** 20
const linesPerPiece = 512

/** @param cells values that are held at once; more are gone through in turn */
export async function* openMetricsText(
  source: Exportable,
  cells = cellsMax,
): AsyncGenerator<string> {
  const rows = await timesOf(source)
  const metricsAtOnce = Math.max(1, Math.floor(cells / rows.length))
  const labels = labelText({ scenario: source.about.scenario, seed: String(source.about.seed) })
  yield aboutText(source)
  const all = familiesOf(source.counters).flatMap((family) =>
    family.metrics.map((metric, at) => ({ family, metric, isFirst: at === 0 })),
  )
  for (let from = 0; from < all.length; from += metricsAtOnce) {
    const group = all.slice(from, from + metricsAtOnce)
    const metrics = group.map(({ metric }) => metric)
    const values = await columnsOf(source, metrics, rows.length)
    for (const [at, { family, metric, isFirst }] of group.entries()) {
      if (isFirst) yield headOf(family)
      yield* linesOf(family, metric, labels, rows, values[at] ?? new Float64Array(0))
    }
  }
  yield '# EOF\n'
}

async function timesOf(source: Exportable): Promise<Float64Array> {
  let times = new Float64Array(1024)
  let rows = 0
  for await (const { time } of samplesOf(source)) {
    if (rows === times.length) {
      const larger = new Float64Array(2 * rows)
      larger.set(times)
      times = larger
    }
    times[rows++] = time
  }
  return times.subarray(0, rows)
}

async function columnsOf(
  source: Exportable,
  metrics: readonly Metric[],
  rows: number,
): Promise<Float64Array[]> {
  const columns = metrics.map(() => new Float64Array(rows))
  let row = 0
  for await (const { values } of source.samples()) {
    // A run may have gone on meanwhile.
    if (row === rows) break
    metrics.forEach(({ column }, at) => {
      columns[at]![row] = values[column] ?? NaN
    })
    row++
  }
  return columns
}

function headOf({ name, type, unit, help }: Family): string {
  const lines = [`# TYPE ${name} ${type}`]
  if (unit !== '') lines.push(`# UNIT ${name} ${unit}`)
  return `${[...lines, `# HELP ${name} ${escaped(help)}`].join('\n')}\n`
}

function* linesOf(
  family: Family,
  metric: Metric,
  labels: string,
  times: Float64Array,
  values: Float64Array,
): Generator<string> {
  const own = labelText(metric.labels)
  const name = `${family.name}${family.type === 'counter' ? '_total' : ''}`
  const key = `${name}{${own === '' ? labels : `${labels},${own}`}}`
  let piece: string[] = []
  for (let row = 0; row < times.length; row++) {
    piece.push(`${key} ${(values[row] ?? NaN) * family.scale} ${times[row]}\n`)
    if (piece.length < linesPerPiece) continue
    yield piece.join('')
    piece = []
  }
  yield piece.join('')
}

/** One family whose labels say what the run was; the format has no comments. */
function aboutText({ about }: Exportable): string {
  const labels = labelText({
    version: about.version,
    scenario: about.scenario,
    seed: String(about.seed),
    digest: about.digest,
  })
  return [
    '# TYPE soakscope_run info',
    '# HELP soakscope_run What the samples are of.',
    `soakscope_run_info{${labels}} 1 ${about.runSeconds}\n`,
  ].join('\n')
}

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
