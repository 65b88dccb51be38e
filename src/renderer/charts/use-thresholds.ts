import { computed, shallowRef, type ComputedRef } from 'vue'
import type { ChartReading, ChartSpec } from '../../shared/charts/chart-spec'
import { alarmQuestion } from '../panels/shell/commands/alarm-question'
import { useLiveStore } from '../stores/live'
import { useScreenStore } from '../stores/screen'
import type { PlotArea } from './plot-area'
import {
  alarmWordsFor,
  counterWord,
  heightOf,
  readableSeries,
  thresholdLines,
  valueAt,
  type ThresholdLine,
} from './thresholds'

/** Steps of the keyboard over the whole height. */
const steps = 40

export interface ThresholdChart {
  readonly spec: () => ChartSpec
  readonly plot: () => PlotArea | undefined
  readonly reading: () => ChartReading | undefined
  readonly repaint: () => void
}

/**
 * Thresholds on a chart: those of the run's alarms, and one that is drawn by hand, from the value
 * axis or with the keyboard, and becomes an alarm.
 */
export function useThresholds(chart: ThresholdChart): {
  readonly lines: (end: number) => readonly ThresholdLine[]
  /** Something is being drawn. */
  readonly drawing: ComputedRef<boolean>
  /** A press left of the plot begins one. True when it did. */
  readonly press: (x: number, y: number) => boolean
  readonly move: (y: number) => void
  readonly release: () => void
  readonly forget: () => void
  /** True when it took the key. */
  readonly key: (key: string, far: boolean) => boolean
  readonly possible: () => boolean
} {
  const live = useLiveStore()
  const screen = useScreenStore()
  const drawn = shallowRef<{ readonly series: number; readonly height: number } | undefined>()
  const canSet = computed(
    () => !live.recorded && (live.phase === 'running' || live.phase === 'paused'),
  )
  const possible = (): boolean => canSet.value && readableSeries(chart.spec()).length > 0
  const newestOf = (series: number): number | undefined =>
    chart.reading()?.newest?.values[series] ?? undefined

  function lines(end: number): readonly ThresholdLine[] {
    const spec = chart.spec()
    const set = thresholdLines(spec, live.alarms, end)
    if (!drawn.value) return set
    const { series, height } = drawn.value
    const value = valueAt(spec, series, height, end)
    const reading = spec.series[series]?.reads
    const words = `${reading ? counterWord(reading) : ''} ${value}`
    return [...set, { height: heightOf(spec, series, value, end), words, state: 'drawn' }]
  }

  /** The series whose line is nearest to a height. */
  function nearest(height: number, end: number): number {
    const spec = chart.spec()
    const away = (series: number): number => {
      const scale = spec.series[series]?.reads?.scale ?? 1
      return Math.abs(heightOf(spec, series, (newestOf(series) ?? 0) / scale, end) - height)
    }
    return readableSeries(spec).sort((a, b) => away(a) - away(b))[0] ?? 0
  }
  const heightAt = ({ top, bottom, end }: PlotArea, y: number): number =>
    Math.min(end, Math.max(0, ((bottom - y) / (bottom - top)) * end))

  function press(x: number, y: number): boolean {
    const plot = chart.plot()
    if (!plot || x >= plot.left - 6 || !possible()) return false
    const height = heightAt(plot, y)
    drawn.value = { series: nearest(height, plot.end), height }
    chart.repaint()
    return true
  }
  function move(y: number): void {
    const plot = chart.plot()
    if (!plot || !drawn.value) return
    drawn.value = { ...drawn.value, height: heightAt(plot, y) }
    chart.repaint()
  }
  function release(): void {
    const plot = chart.plot()
    const { value: line } = drawn
    forget()
    if (!plot || !line) return
    const spec = chart.spec()
    const value = valueAt(spec, line.series, line.height, plot.end)
    screen.ask(alarmQuestion(alarmWordsFor(spec, line.series, value, newestOf(line.series))))
  }
  function forget(): void {
    drawn.value = undefined
    chart.repaint()
  }

  function key(pressed: string, far: boolean): boolean {
    const plot = chart.plot()
    if (!plot) return false
    if (pressed === 'h') return begin(plot)
    if (!drawn.value) return false
    const step = (plot.end / steps) * (far ? 5 : 1)
    const height = Math.min(plot.end, Math.max(0, drawn.value.height + step * direction(pressed)))
    if (pressed === 'Enter') release()
    else if (pressed === 'Escape') forget()
    else if (direction(pressed) !== 0) drawn.value = { ...drawn.value, height }
    else return false
    chart.repaint()
    return true
  }
  /** Again takes the next series. */
  function begin(plot: PlotArea): boolean {
    if (!possible()) return false
    const spec = chart.spec()
    const all = readableSeries(spec)
    const next = drawn.value ? all.indexOf(drawn.value.series) + 1 : 0
    const series = all[next % all.length] ?? 0
    const scale = spec.series[series]?.reads?.scale ?? 1
    const height = heightOf(spec, series, (newestOf(series) ?? 0) / scale, plot.end)
    drawn.value = { series, height }
    chart.repaint()
    return true
  }

  const drawing = computed(() => drawn.value !== undefined)
  return { lines, drawing, press, move, release, forget, key, possible }
}

const direction = (key: string): number => (key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0)
