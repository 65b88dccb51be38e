/** Which part of the run is in sight: a window that follows, a brushed one, or a past one. */
import { computed, shallowRef } from 'vue'
import type { TimeWindow } from '../../shared/api'

/** Simulated seconds that the charts show: 1 min, 10 min, 1 h, the whole run. */
export const chartWindows: readonly number[] = [60, 600, 3600, Infinity]

/**
 * A window from sample to sample, of a second at least: what is kept of a run's past is kept by
 * whole seconds, so tables, graphs and files are of exactly what is brushed.
 */
export function bySamples({ from, to }: TimeWindow): TimeWindow {
  const [begins, ends] = [Math.round(from), Math.round(to)]
  if (ends > begins) return { from: begins, to: ends }
  const end = Math.max(1, Math.ceil(to))
  return { from: end - 1, to: end }
}

/** @param newest simulated seconds of the newest sample */
export function timeView(newest: () => number) {
  /** The instant under the pointer, shared by every chart and the timeline. */
  const crosshair = shallowRef<number | undefined>()
  /** The window that was brushed on the timeline. */
  const brushed = shallowRef<TimeWindow | undefined>()
  const brush = computed({
    get: () => brushed.value,
    set: (next) => (brushed.value = next && bySamples(next)),
  })
  const chartWindow = shallowRef(600)
  /** The instant that is looked back to; undefined while the newest is shown. */
  const at = shallowRef<number | undefined>()

  /** Another run is shown. */
  function forget(): void {
    brush.value = at.value = undefined
    crosshair.value = undefined
  }

  /**
   * What the charts show now: the brushed window, or `chartWindow` seconds up to the newest sample,
   * or to the instant that is looked back to.
   */
  function visibleRange(): TimeWindow {
    if (brush.value) return brush.value
    if (chartWindow.value === Infinity) return { from: 0, to: newest() }
    const to = at.value ?? newest()
    return { from: Math.max(0, to - chartWindow.value), to }
  }

  /** What profiles are of: the brushed window, what is in sight while one looks back, or all. */
  const profileWindow = (): TimeWindow | undefined =>
    brush.value ?? (at.value === undefined ? undefined : visibleRange())

  /** Shows the next longer (1) or shorter (-1) of the usual windows. */
  function widenWindow(by: 1 | -1): void {
    const index = chartWindows.indexOf(chartWindow.value) + by
    brush.value = undefined
    chartWindow.value = chartWindows[index] ?? chartWindow.value
  }

  return {
    forget,
    shared: { crosshair, brush, chartWindow, at, visibleRange, profileWindow, widenWindow },
  }
}
