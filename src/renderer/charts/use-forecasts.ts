import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { ChartSpec } from '../../shared/charts/chart-spec'
import { forecast } from '../../shared/charts/forecast'
import { parseAlarm } from '../../sim/observe/alarms'
import { instantText, span } from '../format/clock'
import { compact } from '../format/number'
import { useLiveStore } from '../stores/live'
import { createThrottle } from '../stores/throttle'
import { counterWord } from './thresholds'

export interface ForecastWords {
  /** `memory is gone in about 9 min`. */
  readonly words: string
  /** What it was computed from. */
  readonly basis: string
}

/** Wall milliseconds between two looks: pairs of points are many. */
const lookMs = 2000

/** What a chart tells of the near future: the first thing that a steady line comes to. */
export function useForecasts(
  spec: () => ChartSpec,
  visible: () => boolean,
): ShallowRef<ForecastWords | undefined> {
  const live = useLiveStore()
  const told = shallowRef<ForecastWords | undefined>()
  function look(): void {
    // Of the past it is known what came of it.
    const isNow = live.at === undefined && !live.recorded && visible()
    told.value = isNow ? soonest(spec(), live.alarms) : undefined
  }
  const throttle = createThrottle(lookMs, look)
  watch([() => live.tick, () => live.alarms, spec, visible], throttle.call)
  watch([() => live.run, () => live.at === undefined, () => live.recorded], look, {
    immediate: true,
  })
  onScopeDispose(throttle.cancel)
  return told
}

/** Of trends and of thresholds, what comes first. */
export function soonest(
  spec: Pick<ChartSpec, 'series' | 'trends' | 'unit'>,
  alarms: readonly { readonly words: string; readonly ringing: boolean }[],
): ForecastWords | undefined {
  const ofAlarms = alarms.flatMap(({ words, ringing }) => {
    const alarm = parseAlarm(words)
    if (typeof alarm === 'string' || ringing) return []
    const { counter, comparison, value } = alarm.condition
    return spec.series.flatMap(({ name, reads }) => {
      if (!reads || counterWord(reads) !== counter) return []
      const target = value * reads.scale
      const { unit } = spec
      const said = `${counter} ${comparison} ${value}`
      return [{ words: said, target, of: name, unit, recent: reads.recent }]
    })
  })
  const known = [...(spec.trends ?? []), ...ofAlarms].flatMap((trend) => {
    const found = forecast(trend.recent(), trend.target)
    return found ? [{ ...trend, ...found }] : []
  })
  const [first] = known.sort((a, b) => a.seconds - b.seconds)
  if (!first) return undefined
  const { words, of, unit, slope, between, from, to, seconds, points } = first
  const perMinute = (each: number): string => compact(Math.abs(each) * 60)
  const [low, high] = between.map(perMinute).sort((a, b) => parseFloat(a) - parseFloat(b))
  return {
    words: `${words} in about ${span(rounded(seconds))}`,
    basis:
      `${of} ${slope < 0 ? 'falls' : 'rises'} by ${perMinute(slope)} ${unit} a minute: the median slope ` +
      `of ${points} points from ${instantText(from)} to ${instantText(to)}; half of all slopes lie ` +
      `between ${low} and ${high}. It is said only while the line is steady, and holds only if it stays so.`,
  }
}

/** No finer than such an estimate is. */
const rounded = (seconds: number): number => {
  const step = seconds > 3600 ? 600 : seconds > 600 ? 60 : seconds > 60 ? 30 : 10
  return Math.max(step, Math.round(seconds / step) * step)
}
