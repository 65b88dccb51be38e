import type { ProfileFrame } from '../../../sim/observe/profile'
import { contrast, mixed, parseColour } from '../../charts/colour'
import { procedureColour } from '../../../shared/charts/procedure-colours'
import type { ChartTheme } from '../../charts/theme'
import { imageName } from '../../../shared/charts/function-counters'
import type { FlameBox, FlameTree } from './flame-tree'
import { noImage } from './order-of-time'

export const rowPx = 19

export interface FlameDrawing {
  readonly tree: FlameTree
  readonly boxes: readonly FlameBox[]
  readonly zoom: number
  /** The box under the pointer or the cursor; -1 for none. */
  readonly at: number
  /** Undefined while nothing is searched for. */
  readonly matches: ((frame: ProfileFrame) => boolean) | undefined
  readonly rootName: string
}

export interface BoxColour {
  readonly fill: string
  readonly text: string
}

/** How strong a colour stands over the panel, as in the areas of charts. */
const strength = 0.85

/** A procedure looks the same wherever it is called, and as it does in the chart of functions. */
export function boxColours(theme: ChartTheme): (frame: ProfileFrame | undefined) => BoxColour {
  const panel = theme.colour('--panel')
  const inks = [theme.colour('--ground'), theme.colour('--text'), '#ffffff', '#000000']
  const known = new Map<string, BoxColour>()
  return (frame) => {
    const isProcedure = frame !== undefined && frame.image !== noImage
    const property = isProcedure ? procedureColour(frame.image, frame.procedure) : '--line-strong'
    let found = known.get(property)
    if (!found) {
      const fill = mixed(theme.colour(property), panel, strength)
      found = { fill, text: inkOn(fill, inks) }
      known.set(property, found)
    }
    return found
  }
}

/** The first ink that is easy to read on a fill, else the one that reads best. */
export function inkOn(fill: string, inks: readonly string[]): string {
  const on = (ink: string): number => contrast(parseColour(ink), parseColour(fill))
  return (
    inks.find((ink) => on(ink) >= readable) ??
    inks.reduce((best, ink) => (on(ink) > on(best) ? ink : best))
  )
}
/** Contrast of text (WCAG 2, AA). */
const readable = 4.5

/** A procedure, with its program where it is only `main`. */
export const boxName = (frame: ProfileFrame): string =>
  frame.procedure === 'main' && frame.image !== ''
    ? `${imageName(frame.image)} main`
    : frame.procedure

export function drawFlame(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  colourOf: (frame: ProfileFrame | undefined) => BoxColour,
  width: number,
  drawing: FlameDrawing,
): void {
  const { tree, boxes, zoom, at, matches, rootName } = drawing
  g.font = `11px ${theme.numbers}`
  g.textBaseline = 'middle'
  g.textAlign = 'left'
  const zoomDepth = tree.nodes[zoom]?.depth ?? 0
  const characterPx = g.measureText('0').width
  for (const box of boxes) {
    const frame = tree.frames[tree.nodes[box.node]?.frame ?? -1]
    const { fill, text } = colourOf(frame)
    const x = box.left * width
    const y = box.row * rowPx
    const wide = (box.right - box.left) * width
    const found = frame && matches ? matches(frame) : matches === undefined
    const isCaller = box.row < zoomDepth
    g.globalAlpha = found ? (isCaller ? 0.55 : 1) : 0.22
    g.fillStyle = fill
    // A gap of half a pixel parts neighbours; very narrow ones run together rather than vanish.
    g.fillRect(x, y, Math.max(wide - (wide > 2 ? 0.75 : 0), 0.4), rowPx - 1)
    if (matches && found) {
      g.fillStyle = theme.colour('--text')
      g.fillRect(x, y + rowPx - 3, Math.max(wide - 0.75, 0.4), 2)
    }
    const characters = Math.floor((wide - 8) / characterPx)
    if (characters >= 3) {
      const name = frame ? boxName(frame) : rootName
      g.globalAlpha = found ? 1 : 0.5
      g.fillStyle = found ? text : theme.colour('--text')
      const fitting = frame?.image === noImage ? shortInstant(name, characters) : name
      g.fillText(shortened(fitting, characters), x + 4, y + rowPx / 2)
    }
    g.globalAlpha = 1
    if (box.node === at) {
      g.strokeStyle = theme.colour('--text')
      g.lineWidth = 2
      g.strokeRect(x + 1, y + 1, Math.max(wide - 2.5, 1), rowPx - 3)
    }
  }
}

const shortened = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`

/** An instant says most at its end: without hours, then without minutes that are none. */
export function shortInstant(instant: string, characters: number): string {
  if (instant.length <= characters) return instant
  const withoutHours = instant.replace(/^(?:\d+ d )?00:/, '').replace(/^0/, '')
  return withoutHours.length <= characters ? withoutHours : withoutHours.replace(/^0:0?/, '')
}
