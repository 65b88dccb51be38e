import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { useLiveStore, type TimeRange } from '../../stores/live'
import { useReplayStore } from '../../stores/replay'
import { dragBrush, gripAt, type BrushGrip } from './brush'

/** A drag shorter than this is a click. */
const dragPx = 4
/** Pixels beside an edge of the brushed window that still take hold of it. */
const reachPx = 5

interface Drag {
  readonly grip: BrushGrip
  readonly before: TimeRange | undefined
  readonly start: number
  readonly startPx: number
  moved: boolean
}

export interface Strip {
  readonly plot: Readonly<Ref<HTMLElement | null>>
  readonly width: Readonly<Ref<number>>
  /** Simulated seconds at the right end. */
  readonly end: Readonly<Ref<number>>
  /** The newest sample: nothing beyond it can be pointed at or brushed. */
  readonly newest: Readonly<Ref<number>>
}

/** The pointer on the timeline: it moves the crosshair, and a drag brushes a window. */
export function useStripDrag(strip: Strip): {
  readonly cursor: Readonly<ShallowRef<string>>
  readonly press: (event: PointerEvent) => void
  readonly move: (event: PointerEvent) => void
  readonly release: () => void
  readonly leave: () => void
} {
  const live = useLiveStore()
  const replay = useReplayStore()
  let drag: Drag | undefined
  const cursor = shallowRef('crosshair')

  function secondsAt(event: PointerEvent): number {
    const box = strip.plot.value?.getBoundingClientRect()
    if (!box) return 0
    const at = ((event.clientX - box.left) / box.width) * strip.end.value
    return Math.min(Math.max(at, 0), strip.newest.value)
  }
  const reach = (): number => (reachPx / Math.max(strip.width.value, 1)) * strip.end.value

  function press(event: PointerEvent): void {
    if (event.button !== 0) return
    strip.plot.value?.setPointerCapture(event.pointerId)
    const start = secondsAt(event)
    const grip = gripAt(live.brush, start, reach())
    drag = { grip, before: live.brush, start, startPx: event.clientX, moved: false }
  }
  function move(event: PointerEvent): void {
    const at = secondsAt(event)
    live.crosshair = at
    if (!drag) {
      const grip = gripAt(live.brush, at, reach())
      cursor.value = grip === 'new' ? 'crosshair' : grip === 'whole' ? 'grab' : 'ew-resize'
      return
    }
    drag.moved ||= Math.abs(event.clientX - drag.startPx) >= dragPx
    if (!drag.moved) return
    live.brush = dragBrush(drag.grip, drag.before, drag.start, at, strip.newest.value)
  }
  function release(): void {
    // A click looks back to there; in what is brushed it leaves the window.
    if (drag && !drag.moved && drag.grip === 'new') {
      live.brush = undefined
      replay.seek(drag.start)
    }
    drag = undefined
  }
  function leave(): void {
    if (!drag) live.crosshair = undefined
  }

  return { cursor, press, move, release, leave }
}
