import type { Ref, ShallowRef } from 'vue'
import { useLiveStore } from '../../stores/live'
import { useReplayStore } from '../../stores/replay'
import { takesKey } from '../../stores/place-keys'
import { dragBrush } from './brush'

/** The keyboard on the timeline: the crosshair moves, with Shift a window is brushed. */
export function useStripKeys(newest: Readonly<ShallowRef<number> | Ref<number>>): {
  readonly onKey: (event: KeyboardEvent) => void
} {
  const live = useLiveStore()
  const replay = useReplayStore()
  /** Where a window that is brushed with the keyboard began. */
  let anchor: number | undefined

  function onKey(event: KeyboardEvent): void {
    if (!takesKey('timeline', event)) return
    const at = live.crosshair ?? newest.value
    const next = keyTarget(event.key, at)
    if (event.key === 'Escape') live.brush = undefined
    else if (event.key === 'Enter') replay.seek(at)
    else if (next === undefined) return
    else {
      live.crosshair = Math.min(Math.max(next, 0), newest.value)
      if (event.shiftKey) {
        anchor ??= at
        live.brush = dragBrush('new', undefined, anchor, live.crosshair, newest.value)
      } else anchor = undefined
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function keyTarget(key: string, at: number): number | undefined {
    const step = newest.value / 200
    switch (key) {
      case 'ArrowLeft':
        return at - step
      case 'ArrowRight':
        return at + step
      case 'PageUp':
        return at - 10 * step
      case 'PageDown':
        return at + 10 * step
      case 'Home':
        return 0
      case 'End':
        return newest.value
      case '[':
        return live.marks.findLast((mark) => mark.at < at - 1e-6)?.at
      case ']':
        return live.marks.find((mark) => mark.at > at + 1e-6)?.at
      default:
        return undefined
    }
  }

  return { onKey }
}
