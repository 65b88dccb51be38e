import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { useLiveStore } from '../stores/live'
import type { ChartReading } from '../../shared/charts/chart-spec'
import { secondsAt, type PlotArea } from './plot-area'
import { takesKey } from '../stores/place-keys'
import type { useThresholds } from './use-thresholds'

/** A drag shorter than this is a click. */
const dragPx = 4

/** What pointer and keyboard work on. It changes with every painting, so it is asked for. */
export interface ChartUnderCursor {
  readonly element: Readonly<Ref<HTMLElement | null>>
  readonly plot: () => PlotArea | undefined
  readonly reading: () => ChartReading | undefined
  readonly repaint: () => void
  /** Where the pointer is on the canvas. */
  readonly pointer: (event: MouseEvent) => { readonly x: number; readonly y: number }
  /** Fills the view with the chart, or gives the others back. */
  readonly enlarge: (on: boolean) => void
  readonly isEnlarged: () => boolean
  /** What is drawn by hand takes the pointer and the keys first. */
  readonly thresholds: Pick<
    ReturnType<typeof useThresholds>,
    'press' | 'move' | 'release' | 'forget' | 'key' | 'drawing'
  >
}

/**
 * The crosshair of a chart, by pointer and keyboard, and the window that is selected by dragging.
 */
export function useChartCursor(chart: ChartUnderCursor): {
  readonly hovered: Readonly<ShallowRef<boolean>>
  readonly selecting: () => { from: number; to: number } | undefined
  readonly press: (event: PointerEvent) => void
  readonly move: (event: PointerEvent) => void
  readonly release: () => void
  readonly forgetSelection: () => void
  readonly leave: () => void
  readonly key: (event: KeyboardEvent) => void
} {
  const store = useLiveStore()
  const hovered = shallowRef(false)
  let selecting: { from: number; to: number } | undefined
  let pressedAt: number | undefined

  /** The point under a horizontal position, so that every chart stands on the same sample. */
  function pointAt(x: number): number | undefined {
    const plot = chart.plot()
    if (!plot || x < plot.left - 6 || x > plot.right + 6) return undefined
    const seconds = secondsAt(plot, x)
    return chart.reading()?.at(seconds)?.at ?? seconds
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0) return
    const { x, y } = chart.pointer(event)
    if (chart.thresholds.press(x, y)) {
      return void chart.element.value?.setPointerCapture(event.pointerId)
    }
    if (pointAt(x) === undefined) return
    pressedAt = x
    chart.element.value?.setPointerCapture(event.pointerId)
  }
  function move(event: PointerEvent): void {
    hovered.value = true
    const { x, y } = chart.pointer(event)
    if (chart.thresholds.drawing.value) return chart.thresholds.move(y)
    store.crosshair = pointAt(x)
    const plot = chart.plot()
    if (pressedAt === undefined || !plot) return
    if (!selecting && Math.abs(x - pressedAt) < dragPx) return
    selecting = { from: secondsAt(plot, pressedAt), to: secondsAt(plot, x) }
    chart.repaint()
  }
  function release(): void {
    if (chart.thresholds.drawing.value) return chart.thresholds.release()
    if (selecting) {
      const from = Math.min(selecting.from, selecting.to)
      const to = Math.max(selecting.from, selecting.to)
      if (to > from) store.brush = { from, to }
    }
    forgetSelection()
  }
  function forgetSelection(): void {
    if (chart.thresholds.drawing.value) chart.thresholds.forget()
    pressedAt = undefined
    selecting = undefined
    anchor = undefined
    chart.repaint()
  }
  function leave(): void {
    hovered.value = false
    if (pressedAt === undefined && anchor === undefined) store.crosshair = undefined
  }

  const keySteps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }
  function key(event: KeyboardEvent): void {
    const [plot, reading] = [chart.plot(), chart.reading()]
    if (!plot || !reading || !takesKey('chart', event)) return
    if (chart.thresholds.key(event.key, event.shiftKey)) {
      event.preventDefault()
      return event.stopPropagation()
    }
    const { from, to } = plot.range
    const now = store.crosshair ?? reading.newest?.at ?? to
    const steps = keySteps[event.key]
    if (steps !== undefined) {
      store.crosshair = nextPoint(plot, reading, now, steps * (event.shiftKey ? 10 : 1))
    } else if (event.key === 'Home' || event.key === 'End') {
      store.crosshair = reading.at(event.key === 'Home' ? from : to)?.at
    } else if (event.key === 'Enter') {
      chart.enlarge(!chart.isEnlarged())
    } else if (event.key === 'v') {
      markEnd(now)
    } else if (event.key !== 'Escape' || !escape()) {
      return
    }
    if (anchor !== undefined) selecting = { from: anchor, to: store.crosshair ?? anchor }
    event.preventDefault()
    event.stopPropagation()
  }

  /** The first of two ends makes the crosshair draw a window, the second one brushes it. */
  let anchor: number | undefined
  function markEnd(at: number): void {
    if (anchor === undefined) {
      anchor = at
      selecting = { from: at, to: at }
    } else {
      selecting = { from: anchor, to: at }
      release()
    }
    chart.repaint()
  }

  /** Takes back what was done last; false when there is nothing to take back. */
  function escape(): boolean {
    if (selecting) forgetSelection()
    else if (chart.isEnlarged()) chart.enlarge(false)
    else if (store.crosshair !== undefined) store.crosshair = undefined
    else if (store.brush) store.brush = undefined
    else return false
    return true
  }

  return {
    hovered,
    selecting: () => selecting,
    press,
    move,
    release,
    forgetSelection,
    leave,
    key,
  }
}

function nextPoint(
  { range: { from, to } }: PlotArea,
  reading: ChartReading,
  now: number,
  steps: number,
): number {
  const wanted = Math.min(to, Math.max(from, now + steps * reading.step))
  return reading.at(wanted)?.at ?? wanted
}
