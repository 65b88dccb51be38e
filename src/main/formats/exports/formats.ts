/** Every format that a run, a recording or a window of one can be written in. */
import { chromeTraceText } from './chrome-trace'
import { chartsPng } from './charts-png'
import { chartsSvg } from './charts-svg'
import { collapsedText } from './collapsed-text'
import { csvText } from '../csv'
import { dcpiprofText } from './dcpiprof'
import { openMetricsText } from './openmetrics'
import { pprofBytes } from './pprof-bytes'
import { reportHtml } from './report/report'
import { speedscopeText } from './speedscope'
import { traceBytes } from './trace-bytes'
import { vmstatText } from '../vmstat-text'
import type { Pieces } from '../write-file'
import { samplesOf, type Exportable } from './exportable'
import type { ExportKind } from '../../../shared/api'

export interface ExportFormat {
  readonly kind: ExportKind
  /** What people call it. */
  readonly title: string
  /** Endings that tell it, without the leading dot; the first is what is proposed. */
  readonly endings: readonly [string, ...string[]]
  readonly mediaType: string
  /** Whether it shows the profile; the others are of samples alone. */
  readonly hasProfile: boolean
  /** What opens it. */
  readonly opens: string
  readonly write: (source: Exportable) => Pieces
}

const text = 'text/plain; charset=utf-8'

/** Of a format whose library is loaded for it alone: it takes more memory than a run's samples. */
async function* later(load: () => Promise<Pieces>): Pieces {
  yield* await load()
}

export const exportFormats: readonly ExportFormat[] = [
  {
    kind: 'vmstat',
    hasProfile: false,
    title: 'vmstat text',
    endings: ['vmstat.txt', 'vmstat'],
    mediaType: text,
    opens: 'whatever reads vmstat; the layout of procps 2.0 (1999)',
    write: (source) => vmstatText(source.counters, samplesOf(source)),
  },
  {
    kind: 'vmstat-ng',
    hasProfile: false,
    title: "vmstat text, today's layout",
    endings: ['vmstat-ng.txt', 'vmstat-ng'],
    mediaType: text,
    opens: 'whatever reads vmstat; the layout of procps-ng',
    write: (source) => vmstatText(source.counters, samplesOf(source), 'procps-ng'),
  },
  {
    kind: 'csv',
    hasProfile: false,
    title: 'Counters as CSV',
    endings: ['csv'],
    mediaType: 'text/csv; charset=utf-8',
    opens: 'spreadsheets, R, pandas, DuckDB',
    write: (source) => csvText(source.counters, samplesOf(source)),
  },
  {
    kind: 'openmetrics',
    hasProfile: false,
    title: 'OpenMetrics text',
    endings: ['om.txt', 'openmetrics', 'prom'],
    mediaType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    opens: 'promtool tsdb create-blocks-from openmetrics, VictoriaMetrics',
    write: (source) => openMetricsText(source),
  },
  {
    kind: 'parquet',
    hasProfile: false,
    title: 'Counters as Parquet',
    endings: ['parquet'],
    mediaType: 'application/vnd.apache.parquet',
    opens: 'DuckDB, pandas, Polars, Spark',
    write: (source) => later(async () => (await import('./parquet')).parquetBytes(source)),
  },
  {
    kind: 'arrow',
    hasProfile: false,
    title: 'Counters as an Arrow file',
    endings: ['arrow', 'feather'],
    mediaType: 'application/vnd.apache.arrow.file',
    opens: 'pandas, Polars, R, DuckDB',
    write: (source) => later(async () => (await import('./arrow')).arrowBytes(source, 'file')),
  },
  {
    kind: 'arrow-stream',
    hasProfile: false,
    title: 'Counters as an Arrow stream',
    endings: ['arrows'],
    mediaType: 'application/vnd.apache.arrow.stream',
    opens: 'pyarrow, Polars; whole batches even when its end is missing',
    write: (source) => later(async () => (await import('./arrow')).arrowBytes(source, 'stream')),
  },
  {
    kind: 'pprof',
    hasProfile: true,
    title: 'Profile for pprof',
    endings: ['pb.gz', 'pprof'],
    mediaType: 'application/gzip',
    opens: 'go tool pprof, speedscope, Perfetto, Pyroscope',
    write: pprofBytes,
  },
  {
    kind: 'speedscope',
    hasProfile: true,
    title: 'Profile for speedscope',
    endings: ['speedscope.json'],
    mediaType: 'application/json',
    opens: 'speedscope; as nanoseconds of CPU: it has no unit for cycles, pprof has',
    write: speedscopeText,
  },
  {
    kind: 'collapsed',
    hasProfile: true,
    title: 'Collapsed stacks',
    endings: ['collapsedstack.txt', 'collapsed', 'folded'],
    mediaType: text,
    opens: 'flamegraph.pl, speedscope, Firefox Profiler',
    write: collapsedText,
  },
  {
    kind: 'dcpiprof',
    hasProfile: true,
    title: 'Profile as dcpiprof prints it',
    endings: ['dcpiprof.txt', 'dcpiprof'],
    mediaType: text,
    opens: 'people',
    write: dcpiprofText,
  },
  {
    kind: 'chrome-trace',
    hasProfile: false,
    title: 'Trace as Chrome trace events',
    endings: ['trace.json'],
    mediaType: 'application/json',
    opens: 'Perfetto (ui.perfetto.dev), chrome://tracing, speedscope',
    write: chromeTraceText,
  },
  {
    kind: 'trace',
    hasProfile: false,
    title: 'Trace of Soakscope',
    endings: ['trace.gz'],
    mediaType: 'application/gzip',
    opens: 'the Trace view, stay by stay',
    write: traceBytes,
  },
  {
    kind: 'svg',
    hasProfile: true,
    title: 'Charts as SVG',
    endings: ['svg'],
    mediaType: 'image/svg+xml',
    opens: 'browsers, Inkscape, word processors',
    write: chartsSvg,
  },
  {
    kind: 'png',
    hasProfile: true,
    title: 'Charts as PNG',
    endings: ['png'],
    mediaType: 'image/png',
    opens: 'everything that shows pictures',
    write: chartsPng,
  },
  {
    kind: 'report',
    hasProfile: true,
    title: 'Report',
    endings: ['report.html', 'html'],
    mediaType: 'text/html; charset=utf-8',
    opens: 'browsers; compare',
    write: reportHtml,
  },
]

export function formatOf(kind: ExportKind): ExportFormat {
  const format = exportFormats.find((one) => one.kind === kind)
  if (!format) throw new Error(`there is no format ${kind}`)
  return format
}

/** The format that a file's name tells by its ending, the longest that fits. */
export function formatOfName(name: string): ExportFormat | undefined {
  const lower = name.toLowerCase()
  const found = exportFormats.flatMap((format) =>
    format.endings
      .filter((ending) => lower.endsWith(`.${ending}`))
      .map((ending) => ({ format, length: ending.length })),
  )
  return found.sort((a, b) => b.length - a.length)[0]?.format
}

/** Every ending with its format, for messages. */
export const endingsInWords = (): string =>
  exportFormats.map(({ kind, endings }) => `.${endings[0]} (${kind})`).join(', ')

/** Whether it can be read on a terminal. */
export const isText = ({ mediaType }: ExportFormat): boolean =>
  /^text\/|json|svg|openmetrics/.test(mediaType)
