/** A mark on a line of time, and whether its label has room. */
export interface PlacedMark {
  /** Index of the mark. */
  readonly index: number
  /** Pixels from the left. */
  readonly x: number
  /** Line of text for the label, from the top; undefined when it has no room. */
  readonly lane: number | undefined
  /** The label stands to the left of the mark: it would leave the strip on the right. */
  readonly toLeft: boolean
}

/**
 * Gives each mark a lane for its label so that no label covers another one. The newest marks choose first,
 * because they are what a viewer looks for; a label without room is left out, its mark stays.
 *
 * @param xs pixels of each mark, in order of time
 * @param widths pixels of each label
 */
export function placeMarks(
  xs: readonly number[],
  widths: readonly number[],
  width: number,
  lanes: number,
): PlacedMark[] {
  const taken: { from: number; to: number }[][] = Array.from({ length: lanes }, () => [])
  const placed: PlacedMark[] = []
  for (let index = xs.length - 1; index >= 0; index--) {
    const x = xs[index] ?? 0
    const length = (widths[index] ?? 0) + gap
    const toLeft = x + length > width && x - length >= 0
    const from = toLeft ? x - length : x
    const to = from + length
    const fits = to <= width + gap
    const lane = fits
      ? taken.findIndex((spans) => spans.every((span) => to <= span.from || from >= span.to))
      : -1
    if (lane >= 0) taken[lane]?.push({ from, to })
    placed.push({ index, x, lane: lane >= 0 ? lane : undefined, toLeft })
  }
  return placed.reverse()
}

/** Pixels between a mark and its label and before the next. */
const gap = 12
