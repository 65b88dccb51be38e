/** A mark on a line of time, and whether its label has room. */
export interface PlacedMark {
  /** Index of the mark. */
  readonly index: number
  /** Pixels from the left. */
  readonly x: number
  /** Line of text for the label, from the top; undefined when it has no room. */
  readonly lane: number | undefined
  /** The label stands to the left of the mark: there was no room on the right. */
  readonly toLeft: boolean
}

interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Gives each mark a lane for its label so that no label covers another one. The newest marks choose
 * first, because they are what a viewer looks for; a label without room is left out, its mark
 * stays.
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
  const taken: Span[][] = Array.from({ length: lanes }, () => [])
  const placed: PlacedMark[] = []
  for (let index = xs.length - 1; index >= 0; index--) {
    const x = xs[index] ?? 0
    const length = (widths[index] ?? 0) + gap
    const right = { from: x, to: x + length }
    const left = { from: x - length, to: x }
    // The shapes of marks stand in the first lane: a label there covers none of the others.
    const covers = ({ from, to }: Span): boolean =>
      xs.some((other, i) => i !== index && other > from - shapePx && other < to - gap + shapePx)
    const free = (span: Span): number =>
      span.from < 0 || span.to > width + gap
        ? -1
        : taken.findIndex(
            (spans, lane) =>
              spans.every((s) => span.to <= s.from || span.from >= s.to) &&
              (lane > 0 || !covers(span)),
          )
    const toRight = free(right)
    const lane = toRight >= 0 ? toRight : free(left)
    const toLeft = toRight < 0 && lane >= 0
    if (lane >= 0) taken[lane]?.push(toLeft ? left : right)
    placed.push({ index, x, lane: lane >= 0 ? lane : undefined, toLeft })
  }
  return placed.reverse()
}

/** Half of the width of a mark's shape. */
const shapePx = 4
/** Pixels between a mark and its label and before the next. */
const gap = 12
