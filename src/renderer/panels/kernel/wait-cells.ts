/** How the processes of a wait queue become cells; everything in CSS pixels. */
export interface WaitLayout {
  /** The area that it was made for. */
  readonly area: { readonly width: number; readonly height: number }
  readonly columns: number
  readonly rows: number
  /** From one cell to the next. */
  readonly width: number
  readonly height: number
  /** Side of the square that shows the state. */
  readonly square: number
  /** Lines of text beside the square: none; the pid; pid with command, and wake-ups. */
  readonly lines: 0 | 1 | 2
}

type Form = Pick<WaitLayout, 'width' | 'height' | 'square' | 'lines'>

/**
 * Few processes are told in words, more by their pid alone; then they are squares, as large as fit.
 */
const worded: readonly Form[] = [
  { width: 204, height: 38, square: 26, lines: 2 },
  { width: 72, height: 24, square: 17, lines: 1 },
]
const squareMax = 22

const gapOf = (side: number): number => (side >= 12 ? 2 : side >= 4 ? 1 : 0)
const squareForm = (side: number): Form => ({
  width: side,
  height: side,
  square: side - gapOf(side),
  lines: 0,
})

function laidOut(form: Form, width: number, height: number): WaitLayout {
  const columns = Math.max(1, Math.floor(width / form.width))
  const rows = Math.max(1, Math.floor(height / form.height))
  return { ...form, area: { width, height }, columns, rows }
}
const holds = (layout: WaitLayout, entries: number): boolean =>
  layout.columns * layout.rows >= entries

function largest(entries: number, width: number, height: number): WaitLayout {
  for (const form of worded) {
    const layout = laidOut(form, width, height)
    if (form.width <= width && holds(layout, entries)) return layout
  }
  for (let side = squareMax; side > 1; side--) {
    const layout = laidOut(squareForm(side), width, height)
    if (holds(layout, entries)) return layout
  }
  return laidOut(squareForm(1), width, height)
}

/** Cells grow only when they would have room for this many times the queue. */
const spare = 1.25

/**
 * The largest cells with which the whole queue fits into the area. A queue that gets shorter for a
 * moment, because some of its processes have work, keeps the cells of `before`, so that the drawing
 * does not jump.
 */
export function waitLayout(
  entries: number,
  width: number,
  height: number,
  before?: WaitLayout,
): WaitLayout {
  const keeps = before?.area.width === width && before.area.height === height
  if (!before || !keeps || !holds(before, entries)) return largest(entries, width, height)
  const larger = largest(Math.ceil(entries * spare), width, height)
  return larger.square > before.square ? larger : before
}

/** The cell at a position, or -1 beside them. */
export function waitCellAt(layout: WaitLayout, entries: number, x: number, y: number): number {
  const column = Math.floor(x / layout.width)
  const row = Math.floor(y / layout.height)
  if (x < 0 || y < 0 || column >= layout.columns || row >= layout.rows) return -1
  const index = row * layout.columns + column
  return index < entries ? index : -1
}
