import type { ChartSpec, Instant, SeriesSpec, Trend } from './chart-spec'
import { readBins, type RowSpans } from './read-bins'
import { binRows } from './time-bins'
import { axisNumber, grouped } from '../format/number'
import { healthyOf } from './counter-meaning'
import { recentOf, type ChartMachine, type ChartSource, type Reader } from './chart-source'

/** The words and the scale of a chart of the Live view. */
interface ChartFrame {
  readonly id: string
  readonly title: string
  readonly unit: string | ((machine: ChartMachine) => string)
  /** Metric, unit and window in a sentence or two. */
  readonly help: string
  readonly shape: ChartSpec['shape']
  readonly end?: ChartSpec['end']
  readonly least?: number
  readonly waiting?: string
  /** A value as it stands beside a name. @default whole numbers */
  readonly number?: (value: number) => string
}

/** One series and the counters that it shows. */
export interface SeriesDefinition extends SeriesSpec {
  readonly value: Reader
}

/** A chart whose series are counters, or made of them. */
export interface CounterChart extends ChartFrame {
  readonly series: readonly SeriesDefinition[]
  /** Where something of it may be heading. */
  readonly trends?: readonly (Pick<Trend, 'words' | 'target' | 'of' | 'unit'> & {
    readonly value: Reader
  })[]
  /** For series that are parts of a whole: what they are once all of them are known. */
  readonly together?: (parts: readonly Float64Array[]) => readonly Float64Array[]
  /** What stands at the right of the title: `say` gives the value of a series in words. */
  readonly headline: (say: (series: string) => string, instant: Instant) => string
}

/** What a chart brings along that reads the run in a way of its own. */
export type OwnDrawing = Pick<
  ChartSpec,
  'series' | 'headline' | 'read' | 'namesAt' | 'notes' | 'trends'
>

/** A chart that reads the run in a way of its own. */
export interface OwnChart extends ChartFrame {
  readonly draw: (source: ChartSource) => OwnDrawing
}

export type ChartDefinition = CounterChart | OwnChart

export const whole = (value: number): string => (Number.isNaN(value) ? '–' : grouped(value))
/** Five digits at most, so that names keep their room. */
export const short = (value: number): string =>
  Math.abs(value) < 9999.5 ? grouped(value) : axisNumber(value)
/** A decimal where a whole number would say too little. */
export const percentage = (value: number): string =>
  grouped(value, value < 9.95 && value > 0 ? 1 : 0)

/** The chart of a run. */
export function chartOf(source: ChartSource, definition: ChartDefinition): ChartSpec {
  const { id, title, help, shape, end, least, waiting, number = whole } = definition
  const { unit } = definition
  const drawing = 'draw' in definition ? definition.draw(source) : drawn(source, definition, number)
  const frame = {
    id,
    title,
    help,
    shape,
    number,
    unit: typeof unit === 'string' ? unit : unit(source.machine),
    meanings: 'draw' in definition ? [] : meaningsOf(source, definition.series),
    ...(end !== undefined && { end }),
    ...(least !== undefined && { least }),
    ...(waiting !== undefined && { waiting }),
  }
  // The series of a drawing may change with what it reads: its getter has to stay one.
  return Object.defineProperties(drawing, Object.getOwnPropertyDescriptors(frame)) as ChartSpec
}

function drawn(
  source: ChartSource,
  { series, together, headline, shape, trends = [] }: CounterChart,
  number: (value: number) => string,
): OwnDrawing {
  const values = series.map(({ value }) => value.from(source))
  // A stack's parts add up to a whole, which a band of one of them would not.
  const spreads = shape === 'stack' ? [] : series.map(({ value }) => value.spread?.(source))
  const read = (spans: RowSpans): readonly Float64Array[] => {
    const parts = values.map((value) => value(spans))
    return together ? together(parts) : parts
  }
  return {
    series: series.map(({ value, ...one }) => ({
      ...one,
      ...(value.one && { reads: { ...value.one, recent: () => recentOf(source, value) } }),
    })),
    trends: trends
      .filter(({ value }) => value.counters.every((id) => source.column(id) !== undefined))
      .map(({ value, ...trend }) => ({ ...trend, recent: () => recentOf(source, value) })),
    headline: (instant) => {
      const say = (id: string): string =>
        number(instant.values[series.findIndex((one) => one.id === id)] ?? NaN)
      return headline(say, instant)
    },
    read: (range, points) => {
      const bins = binRows(source.history, range, points)
      return readBins(source.history, bins, range, read, shape === 'stack', spreads)
    },
  }
}

/** What the series mean, in the words of the counters' registry. */
function meaningsOf(source: ChartSource, series: readonly SeriesDefinition[]): string[] {
  const specs = new Map(source.counters().map((spec) => [spec.id, spec]))
  return series.flatMap(({ name, value: { counters } }) => {
    const [counter = ''] = counters
    const spec = specs.get(counter)
    if (counters.length !== 1 || !spec) return []
    const healthy = healthyOf(counter, source.machine.cpus)
    return [`${name}: ${spec.help}${healthy ? ` ${capital(healthy)}.` : ''}`]
  })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
