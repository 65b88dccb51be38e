/**
 * Where the parts of a chart stand on its canvas. The plot has at least three quarters of the
 * card's width at every size: names stand at the ends of the lines where that leaves them room, and
 * above the plot where it does not.
 */

/** Pixels beside the canvas that belong to the card: its border and the margin of the plot. */
export const cardEdgesPx = 10
/** For the labels of the value axis, to the left of the plot. */
export const axisPx = 36
/** For the labels of the time axis, below it. */
const timeAxisPx = 20
/** For the shapes of marks, above it. */
const markPx = 12
/** Height of a line of names. */
export const linePx = 14
const rightPx = 4
/** Names begin under the title of the card, and end under its present value. */
export const namesLeftPx = 8
/** The plot's share of the card. */
const plotShare = 0.75
/** What names at the ends of lines need, and the most that they get. */
const gutterLeast = 112
const gutterMost = 170
/** The most of a canvas that names above the plot take. */
const namesShare = 0.36
/** From one name to the next, and from the sign of its colour to its first letter. */
const entryGap = 12
export const signPx = 13
/** From a name to its value. */
export const valueGap = 5
/** A name is not shortened to less. */
const nameLeast = 24

/** A series as it is named: how wide its name is, and its value at its widest. */
export interface NameSize {
  readonly name: number
  readonly value: number
}

/** Where the name of a series stands above the plot. */
export interface NamePlace {
  readonly x: number
  /** From the top, 0 for the first line. */
  readonly line: number
  /** Room for the name: less than it wants where it has to be shortened. */
  readonly room: number
}

export interface ChartLayout {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /**
   * Places above the plot, in the order of the series; undefined where names stand at the ends of
   * lines.
   */
  readonly names: readonly (NamePlace | undefined)[] | undefined
}

/** @param sizes of the names in the order of the series; undefined for a series without a name. */
export function chartLayout(
  width: number,
  height: number,
  sizes: readonly (NameSize | undefined)[],
  order: readonly number[],
): ChartLayout {
  const bottom = height - timeAxisPx
  const gutter = Math.floor(width - axisPx - plotShare * (width + cardEdgesPx))
  if (gutter >= gutterLeast) {
    const right = width - Math.min(gutter, gutterMost)
    return { left: axisPx, right, top: markPx, bottom, names: undefined }
  }
  const linesMost = Math.max(1, Math.floor((height * namesShare) / linePx))
  const { places, lines } = placeNames(sizes, order, width - 2 * namesLeftPx, linesMost)
  const top = lines * linePx + markPx
  return { left: axisPx, right: width - rightPx, top, bottom, names: places }
}

/**
 * Names in lines, as words in a text. Where they would take too many lines, the longest ones are
 * shortened, all to the same length; at the worst they are cut to a few letters, but none is left
 * out.
 */
export function placeNames(
  sizes: readonly (NameSize | undefined)[],
  order: readonly number[],
  width: number,
  linesMost: number,
): { readonly places: readonly (NamePlace | undefined)[]; readonly lines: number } {
  const longest = Math.max(0, ...sizes.map((size) => size?.name ?? 0))
  let placed = flow(sizes, order, width, longest)
  for (let room = longest - 4; placed.lines > linesMost && room >= nameLeast; room -= 4) {
    placed = flow(sizes, order, width, room)
  }
  return placed
}

function flow(
  sizes: readonly (NameSize | undefined)[],
  order: readonly number[],
  width: number,
  nameMost: number,
): { places: (NamePlace | undefined)[]; lines: number } {
  const places: (NamePlace | undefined)[] = sizes.map(() => undefined)
  let x = 0
  let line = 0
  for (const index of order) {
    const size = sizes[index]
    if (!size) continue
    const room = Math.min(size.name, nameMost)
    const wide = signPx + room + valueGap + size.value
    if (x > 0 && x + wide > width) {
      x = 0
      line++
    }
    places[index] = { x, line, room }
    x += wide + entryGap
  }
  return { places, lines: places.some((place) => place) ? line + 1 : 0 }
}
