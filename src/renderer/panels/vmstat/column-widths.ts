/**
 * How wide the columns of vmstat are: every number whole and apart from its neighbour, in whatever
 * room there is.
 */

export interface ColumnWidths {
  /** Size of the numbers. */
  readonly fontPx: number
  /** Room for the instant before each line. */
  readonly instantPx: number
  /** Least width of each column. */
  readonly columns: readonly number[]
  /** All of it together: where there is less room, the terminal scrolls sideways. */
  readonly leastPx: number
}

/** Advance of a character of JetBrains Mono, as a share of its size. */
const advance = 0.6
/** Sizes, the best one first; below the last nobody reads numbers. */
const sizes = [12.5, 12, 11.5, 11] as const
/** Pixels between a number and the next column, as much as there is room for. */
const gaps = [12, 10, 8, 7] as const
/** Instants are written in the smallest size of the page. */
const instantSizePx = 11
const instantGapPx = 12

/**
 * The largest size and gap with which all columns fit; the smallest ones where none do.
 * @param roomPx for the instant and all columns
 * @param characters of the longest number or title of each column
 * @param instantCharacters of the longest instant
 */
export function columnWidths(
  roomPx: number,
  characters: readonly number[],
  instantCharacters: number,
): ColumnWidths {
  const instantPx = Math.ceil(instantCharacters * advance * instantSizePx) + instantGapPx
  let widths: ColumnWidths | undefined
  for (const fontPx of sizes) {
    for (const gap of gaps) {
      const columns = characters.map((count) => Math.ceil(count * advance * fontPx) + gap)
      const leastPx = columns.reduce((sum, px) => sum + px, instantPx)
      widths = { fontPx, instantPx, columns, leastPx }
      if (leastPx <= roomPx) return widths
    }
  }
  return widths ?? { fontPx: sizes[0], instantPx, columns: [], leastPx: instantPx }
}

/** As a grid: what room is left over is shared out by the columns' own widths. */
export const gridColumns = ({ instantPx, columns }: ColumnWidths): string =>
  [`${instantPx}px`, ...columns.map((px) => `minmax(${px}px, ${px}fr)`)].join(' ')

/**
 * The longest of each column so far: columns grow with their numbers and never shrink, so that
 * lines stand still.
 */
export function longest(so: readonly number[], cells: readonly string[]): readonly number[] {
  const grown = so.some((count, i) => (cells[i]?.trim().length ?? 0) > count)
  return grown ? so.map((count, i) => Math.max(count, cells[i]?.trim().length ?? 0)) : so
}
