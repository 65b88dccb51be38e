import { shallowRef, type ShallowRef } from 'vue'
import { takesKey } from '../../stores/place-keys'

export interface Cursor {
  /** What the pointer or the keyboard stands on; -1 for nothing. */
  readonly at: ShallowRef<number>
  readonly point: (event: PointerEvent) => void
  readonly leave: () => void
  readonly key: (event: KeyboardEvent) => void
}

/**
 * Walks through drawn items by pointer and by arrow keys.
 * @param count how many items there are now
 * @param itemAt the item where the pointer is, -1 beside all of them
 * @param columns items in a row, for up and down; 0 when there is one row
 */
export function useCursor(
  count: () => number,
  itemAt: (event: PointerEvent) => number,
  columns: () => number = () => 0,
): Cursor {
  const at = shallowRef(-1)

  function key(event: KeyboardEvent): void {
    if (!takesKey('structure', event)) return
    const last = count() - 1
    const now = at.value
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now - columns(),
      ArrowDown: now < 0 ? 0 : now + columns(),
      Home: 0,
      End: last,
    }
    const next = steps[event.key]
    if (next !== undefined && last >= 0) at.value = Math.min(last, Math.max(0, next))
    else if (event.key === 'Escape' && now >= 0) at.value = -1
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    at,
    point: (event) => {
      at.value = itemAt(event)
    },
    leave: () => {
      at.value = -1
    },
    key,
  }
}
