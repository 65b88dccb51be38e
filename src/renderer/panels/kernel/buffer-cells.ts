import { BufferState, type BufferCacheSnapshot } from '../../../sim/observe/structures'

/** How pages become cells; everything in device pixels. */
export interface CellLayout {
  readonly columns: number
  readonly rows: number
  /** Width and height of a cell, with the gap to the next; whole numbers where there is a gap. */
  readonly width: number
  readonly height: number
  readonly gap: number
  /** Whether a cell shows its buffers one by one. */
  readonly split: boolean
  /** Pages that share a cell: 1, unless there are more pages than pixels; need not be whole. */
  readonly pagesPerCell: number
}

const cellMax = 18
/**
 * Cells smaller than this have no gap, and need not be whole pixels: they fill the area instead.
 */
const gapFrom = 4
/**
 * Below this a page's buffers can no longer be told apart, and the cell shows their prevailing
 * state.
 */
const splitFrom = 7
/**
 * A growing cache is laid out anew only when it has grown by this factor, so that pages keep their
 * places.
 */
const growth = 1.12

/**
 * The largest cells with which all pages fit into the area: squares, or nearly so.
 * @param ratio device pixels to a CSS pixel
 * @param pagesMax pages that the machine has: the cache cannot outgrow them
 */
export function cellLayout(
  pages: number,
  width: number,
  height: number,
  ratio = 1,
  pagesMax = Infinity,
): CellLayout {
  const w = Math.max(1, Math.floor(width))
  const h = Math.max(1, Math.floor(height))
  for (let cell = Math.floor(cellMax * ratio); cell >= gapFrom; cell--) {
    const columns = Math.floor(w / cell)
    const rows = Math.floor(h / cell)
    if (columns * rows < pages) continue
    const split = cell >= splitFrom * ratio
    const gap = Math.max(1, Math.round(ratio))
    return { columns, rows, width: cell, height: cell, gap, split, pagesPerCell: 1 }
  }
  const grown = growth ** Math.ceil(Math.log(Math.max(1, pages)) / Math.log(growth))
  const room = Math.max(pages, Math.min(grown, pagesMax))
  const columns = Math.min(w, Math.ceil(Math.sqrt((room * w) / h)))
  const rows = Math.min(h, Math.ceil(room / columns))
  return {
    columns,
    rows,
    width: w / columns,
    height: h / rows,
    gap: 0,
    split: false,
    pagesPerCell: Math.max(1, room / (columns * rows)),
  }
}

/** Ties go to the state that says more about what is wrong. */
const tellingOrder = [
  BufferState.orphaned,
  BufferState.locked,
  BufferState.dirty,
  BufferState.clean,
  BufferState.free,
] as const

/** The state that most buffers of some pages are in. */
export function prevailingState(
  states: Uint8Array,
  from: number,
  to: number,
  counts = new Uint32Array(8),
): number {
  counts.fill(0)
  for (let i = from; i < to; i++) {
    const state = states[i] ?? 0
    counts[state] = (counts[state] ?? 0) + 1
  }
  let found: number = BufferState.none
  let most = 0
  for (const state of tellingOrder) {
    const count = counts[state] ?? 0
    if (count > most) [found, most] = [state, count]
  }
  return found
}

/** Colours of each state: the plain one, and the one of its pattern. */
export interface CellColours {
  /** Pixels by BufferState code. */
  readonly plain: Uint32Array
  readonly pattern: Uint32Array
  readonly ground: number
}

/**
 * Whether a pixel carries its state's pattern. Orphaned buffers are hatched, dirty ones lined, so
 * that large areas can be told apart without their colours.
 */
export function isPatterned(state: number, x: number, y: number): boolean {
  if (state === BufferState.orphaned) return (x + y) % 4 === 0
  if (state === BufferState.dirty) return y % 3 === 0
  return false
}

/** Paints the cells into pixels, `stride` to a row. */
export function paintCells(
  pixels: Uint32Array,
  stride: number,
  layout: CellLayout,
  snapshot: BufferCacheSnapshot,
  colours: CellColours,
): void {
  pixels.fill(colours.ground)
  const { columns, gap, split } = layout
  const { states, buffersPerPage, pages } = snapshot
  const counts = new Uint32Array(8)
  const across = split ? Math.ceil(Math.sqrt(buffersPerPage)) : 1
  const down = split ? Math.ceil(buffersPerPage / across) : 1
  const cells = cellCount(layout, pages.length)
  for (let index = 0; index < cells; index++) {
    const column = index % columns
    const line = Math.floor(index / columns)
    const left = Math.floor(column * layout.width)
    const right = Math.floor((column + 1) * layout.width) - gap
    const top = Math.floor(line * layout.height)
    const bottom = Math.floor((line + 1) * layout.height) - gap
    const [from, to] = pagesOf(layout, index, pages.length)
    const first = from * buffersPerPage
    const end = to * buffersPerPage
    const whole = split ? 0 : prevailingState(states, first, end, counts)
    for (let y = top; y < bottom; y++) {
      const row = y * stride
      const slotY = split ? first + Math.floor(((y - top) * down) / (bottom - top)) * across : 0
      for (let x = left; x < right; x++) {
        const slotX = split ? Math.floor(((x - left) * across) / (right - left)) : 0
        const state = split ? (states[slotY + slotX] ?? 0) : whole
        if (state === BufferState.none) continue
        const patterned = isPatterned(state, x, y)
        pixels[row + x] = (patterned ? colours.pattern : colours.plain)[state] ?? colours.ground
      }
    }
  }
}

/** How many cells some pages take. */
export const cellCount = (layout: CellLayout, pages: number): number =>
  Math.ceil(pages / layout.pagesPerCell)

/** The pages of a cell: from (inclusive) to (exclusive) the indexes in the snapshot. */
export function pagesOf(layout: CellLayout, cell: number, pages: number): [number, number] {
  const { pagesPerCell } = layout
  const from = Math.floor(cell * pagesPerCell)
  return [from, Math.min(pages, Math.max(from + 1, Math.floor((cell + 1) * pagesPerCell)))]
}

/** The cell at a position in device pixels, or -1 beside them. */
export function cellAt(layout: CellLayout, pages: number, x: number, y: number): number {
  const column = Math.floor(x / layout.width)
  const row = Math.floor(y / layout.height)
  if (x < 0 || y < 0 || column >= layout.columns) return -1
  const index = row * layout.columns + column
  return index < cellCount(layout, pages) ? index : -1
}
