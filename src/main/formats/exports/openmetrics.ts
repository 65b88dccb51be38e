/**
 * OpenMetrics 1.0 text with timestamps, as `promtool tsdb create-blocks-from openmetrics` takes it:
 * every family at one place, its samples in order of time, `# EOF` last. Second 0 of the run is
 * second 0 of the timestamps. Samples come row by row and are wanted metric by metric, so the run
 * is gone through several times when it is long, each time for the columns that are wanted.
 */
import { NumberText } from '../number-text'
import { samplesOf, type Exportable } from './exportable'
import { familiesOf, type Family, type Metric } from './openmetrics-families'

/** Values that are held at once: 16 MB. */
const cellsMax = 2 * 2 ** 20
const bytesPerPiece = 32 * 1024

/** @param cells values that are held at once; where a metric has more, its samples go straight on */
export async function* openMetricsText(
  source: Exportable,
  cells = cellsMax,
): AsyncGenerator<string | Uint8Array> {
  const rows = await countOf(source)
  const labels = labelText({
    scenario: source.about.scenario,
    seed: String(source.about.seed ?? ''),
  })
  yield aboutText(source)
  const all = familiesOf(source.counters).flatMap((family) =>
    family.metrics.map((metric, at): Line => ({ family, metric, isFirst: at === 0, labels })),
  )
  const atOnce = Math.min(all.length, Math.max(1, Math.floor(cells / rows)))
  // Taken once: what each group took would be freed long after it.
  const held = Array.from({ length: atOnce === 1 ? 0 : atOnce }, () => new Float64Array(rows))
  const times = new Float64Array(held.length === 0 ? 0 : rows)
  for (let from = 0; from < all.length; from += atOnce) {
    const group = all.slice(from, from + atOnce)
    const [only] = group
    if (only && atOnce === 1) yield* linesOf(only, valuesOf(source, only.metric, rows))
    else yield* gathered(source, group, times, held)
  }
  yield '# EOF\n'
}

/** A metric, and what stands around its samples. */
interface Line {
  readonly family: Family
  readonly metric: Metric
  readonly isFirst: boolean
  readonly labels: string
}

type Values = Iterable<readonly [number, number]> | AsyncIterable<readonly [number, number]>

/** @throws ExportFault when there is no sample */
async function countOf(source: Exportable): Promise<number> {
  let rows = 0
  for await (const row of samplesOf(source, [])) rows += Math.sign(row.samples)
  return rows
}

/** Instants and values of one metric, none of them held. */
async function* valuesOf(
  source: Exportable,
  { column }: Metric,
  rows: number,
): AsyncGenerator<readonly [number, number]> {
  let left = rows
  for await (const { time, values } of source.samples([column])) {
    // A run may have gone on meanwhile.
    if (left-- === 0) return
    yield [time, values[column] ?? NaN]
  }
}

/** Several metrics, whose values come row by row and are gathered in these columns. */
async function* gathered(
  source: Exportable,
  group: readonly Line[],
  times: Float64Array,
  columns: readonly Float64Array[],
): AsyncGenerator<string | Uint8Array> {
  const wanted = group.map(({ metric }) => metric.column)
  let row = 0
  for await (const { time, values } of source.samples(wanted)) {
    // A run may have gone on meanwhile.
    if (row === times.length) break
    times[row] = time
    wanted.forEach((column, at) => (columns[at]![row] = values[column] ?? NaN))
    row++
  }
  for (const [at, line] of group.entries()) yield* linesOf(line, pairs(times, columns[at]!))
}

function* pairs(times: Float64Array, values: Float64Array): Generator<readonly [number, number]> {
  for (let row = 0; row < times.length; row++) yield [times[row] ?? 0, values[row] ?? NaN]
}

function headOf({ name, type, unit, help }: Family): string {
  const lines = [`# TYPE ${name} ${type}`]
  if (unit !== '') lines.push(`# UNIT ${name} ${unit}`)
  return `${[...lines, `# HELP ${name} ${escaped(help)}`].join('\n')}\n`
}

async function* linesOf(
  { family, metric, isFirst, labels }: Line,
  values: Values,
): AsyncGenerator<string | Uint8Array> {
  if (isFirst) yield headOf(family)
  const own = labelText(metric.labels)
  const name = `${family.name}${family.type === 'counter' ? '_total' : ''}`
  const key = new TextEncoder().encode(`${name}{${own === '' ? labels : `${labels},${own}`}} `)
  const text = new NumberText()
  for await (const [time, value] of values) {
    text.bytes(key)
    text.number(value * family.scale)
    text.ascii(' ')
    text.number(time)
    text.ascii('\n')
    if (text.length >= bytesPerPiece) yield text.take()
  }
  yield text.take()
}

/** One family whose labels say what the run was; the format has no comments. */
function aboutText({ about }: Exportable): string {
  const labels = labelText({
    version: about.version,
    scenario: about.scenario,
    seed: String(about.seed ?? ''),
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
