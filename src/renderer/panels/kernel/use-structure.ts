import { shallowRef, watch, type ShallowRef } from 'vue'
import type { StructureKind } from '../../../sim/observe/structures'
import { canvasZoom, useChartTheme, type ChartTheme } from '../../charts/theme'
import { useCanvas, type CanvasSize } from '../../charts/use-canvas'
import { useCursor, type Cursor } from './use-cursor'
import { useSnapshot, type SnapshotOf } from './use-snapshot'

/**
 * How a structure is drawn, and how one walks through it. Positions and sizes are in CSS pixels.
 */
export interface StructureLook<S> {
  /** How many items the cursor can stand on. */
  readonly items: (shown: S) => number
  /** The item at a position, -1 beside all of them. */
  readonly itemAt: (shown: S, x: number, y: number, size: CanvasSize) => number
  /** Items in a row, for up and down; left out when there is one row. */
  readonly columns?: () => number
  /** Paints the whole canvas, which is empty; `at` is the item that the cursor stands on, or -1. */
  readonly draw: (
    g: CanvasRenderingContext2D,
    shown: S,
    size: CanvasSize,
    at: number,
    theme: ChartTheme,
  ) => void
}

/** What StructurePanel needs of a drawing. */
export interface StructureDrawing<S = unknown> {
  /** Takes the canvas in, as the function of a template's `ref`. */
  readonly attach: (element: unknown) => void
  /** Everything that a panel says is read from this, so that it is true at one instant. */
  readonly snapshot: ShallowRef<S | undefined>
  readonly cursor: Cursor
  /** Which one it is to be, where the snapshot names several. */
  readonly choose: (of: string) => void
}

/**
 * A structure of the kernel on a canvas: asked for, painted, and walked through by pointer and
 * keys.
 */
export function useStructure<K extends StructureKind>(
  kind: K,
  look: StructureLook<SnapshotOf<K>>,
): StructureDrawing<SnapshotOf<K>> {
  const chosen = shallowRef<string>()
  const snapshot = useSnapshot(kind, chosen)
  const theme = useChartTheme()
  const canvas = shallowRef<HTMLCanvasElement | null>(null)
  const cursor = useCursor(
    () => (snapshot.value ? look.items(snapshot.value) : 0),
    (event) => {
      const { x, y } = pointer(event)
      return snapshot.value ? look.itemAt(snapshot.value, x, y, size()) : -1
    },
    () => look.columns?.() ?? 0,
  )
  const { repaint, size, pointer } = useCanvas(
    canvas,
    (g, area) => {
      g.clearRect(0, 0, area.width, area.height)
      if (snapshot.value) look.draw(g, snapshot.value, area, cursor.at.value, theme.value)
    },
    () => canvasZoom(theme.value),
  )
  watch([snapshot, theme, cursor.at], repaint)
  const attach = (element: unknown): void => {
    canvas.value = element instanceof HTMLCanvasElement ? element : null
  }
  return { attach, snapshot, cursor, choose: (of) => (chosen.value = of) }
}
