/** Lines of a chart that a counter is not to cross: of alarms, and one that is being drawn. */
import type { ChartSpec, CounterReading } from '../../shared/charts/chart-spec'
import { parseAlarm, type AlarmState } from '../../sim/observe/alarms'

export interface ThresholdLine {
  /** Height on the value axis. */
  readonly height: number
  readonly words: string
  readonly state: 'set' | 'ringing' | 'drawn'
}

type Charted = Pick<ChartSpec, 'shape' | 'series' | 'end'>

const readingOf = (spec: Charted, index: number): CounterReading | undefined =>
  isReadable(spec, index) ? spec.series[index]?.reads : undefined

/**
 * Whether a height on the axis is a value of the series: not within a stack, but at its foot, and
 * at its top, where the whole of it is known.
 */
function isReadable({ shape, series, end }: Charted, index: number): boolean {
  if (shape !== 'stack') return true
  return index === 0 || (end === 'peak' && index === series.length - 1)
}

/** Those series on which a threshold can be set. */
export const readableSeries = (spec: Charted): number[] =>
  spec.series.flatMap((_, index) => (readingOf(spec, index) ? [index] : []))

/** From the top down in a stack. @param end of the axis */
const isFromTop = ({ shape, series }: Charted, index: number): boolean =>
  shape === 'stack' && index === series.length - 1

export function heightOf(spec: Charted, index: number, value: number, end: number): number {
  const scaled = value * (readingOf(spec, index)?.scale ?? 1)
  return isFromTop(spec, index) ? end - scaled : scaled
}

/** The counter's value at a height, no finer than can be pointed at. */
export function valueAt(spec: Charted, index: number, height: number, end: number): number {
  const scale = readingOf(spec, index)?.scale ?? 1
  const value = (isFromTop(spec, index) ? end - height : height) / scale
  const step = 10 ** Math.floor(Math.log10(Math.max(end / scale / 100, 1e-9)))
  return Number((Math.round(Math.max(0, value) / step) * step).toPrecision(6))
}

/** `memory.free`, or `accept.woken/s` for how fast a total grows. */
export const counterWord = ({ counter, kind }: CounterReading): string =>
  kind === 'rate' ? `${counter}/s` : counter

/** The alarm for a threshold, to be changed before it is set. @param now the series' value now */
export function alarmWordsFor(
  spec: Charted,
  index: number,
  value: number,
  now: number | undefined,
): string {
  const reading = readingOf(spec, index)
  const counter = reading ? counterWord(reading) : ''
  const isAbove = now !== undefined && now / (reading?.scale ?? 1) > value
  return `${counter} ${isAbove ? '<' : '>'} ${value} for 10s notify`
}

/** Those of a run's alarms that are of a series of the chart. */
export function thresholdLines(
  spec: Charted,
  alarms: readonly AlarmState[],
  end: number,
): ThresholdLine[] {
  return alarms.flatMap(({ words, ringing }): ThresholdLine[] => {
    const alarm = parseAlarm(words)
    if (typeof alarm === 'string') return []
    const { counter, value } = alarm.condition
    const index = spec.series.findIndex((_, i) => {
      const reading = readingOf(spec, i)
      return reading !== undefined && counterWord(reading) === counter
    })
    if (index < 0) return []
    const height = heightOf(spec, index, value, end)
    return [{ height, words, state: ringing ? 'ringing' : 'set' }]
  })
}
