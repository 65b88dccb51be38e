import type { WaitQueueEntry } from '../../../sim/observe/structures'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import type { WaitLayout } from './wait-cells'
import { waitColours, waitState, type WaitColours } from './wait-states'

type Context = CanvasRenderingContext2D

/** The queue in the order in which wake_up walks it, row by row. */
export function drawWaitQueue(
  g: Context,
  theme: ChartTheme,
  entries: readonly WaitQueueEntry[],
  layout: WaitLayout,
  cursor: number,
): void {
  const colours = waitColours(theme)
  const { columns, rows, width, height, square } = layout
  const drawn = Math.min(entries.length, columns * rows)
  for (let index = 0; index < drawn; index++) {
    const entry = entries[index]
    if (!entry) continue
    const x = (index % columns) * width
    const y = Math.floor(index / columns) * height
    const top = layout.lines > 0 ? y + Math.floor((height - square) / 2) : y
    drawSquare(g, colours, entry, x, top, square)
    if (layout.lines > 0) drawWords(g, theme, entry, layout, x, y)
  }
  if (cursor >= 0 && cursor < drawn) drawCursor(g, theme, layout, cursor)
}

/**
 * A ring with a gap inside, over whatever lies next to it, so that it is seen beside cells as
 * bright as itself.
 */
function drawCursor(g: Context, { colour }: ChartTheme, layout: WaitLayout, cursor: number): void {
  const { columns, width, height, square } = layout
  const x = (cursor % columns) * width
  const y = Math.floor(cursor / columns) * height
  const top = layout.lines > 0 ? y + Math.floor((height - square) / 2) : y
  for (const [away, line, ring] of [
    [0.5, 1, '--panel'],
    [2, 2, '--text'],
  ] as const) {
    // At the edges the ring lies on its cell rather than beside the canvas.
    const left = Math.max(line / 2, x - away)
    const upper = Math.max(line / 2, top - away)
    const right = Math.min(layout.area.width - line / 2, x + square + away)
    const lower = Math.min(layout.area.height - line / 2, top + square + away)
    g.strokeStyle = colour(ring)
    g.lineWidth = line
    g.strokeRect(left, upper, right - left, lower - upper)
  }
}

/** An exclusive process has its upper right corner cut off. */
function drawSquare(
  g: Context,
  colours: WaitColours,
  entry: WaitQueueEntry,
  x: number,
  y: number,
  side: number,
): void {
  const state = waitState(entry)
  g.fillStyle = colours.fill[state]
  if (entry.exclusive && side >= 3) {
    const cut = Math.max(2, Math.round(side * 0.42))
    g.beginPath()
    g.moveTo(x, y)
    g.lineTo(x + side - cut, y)
    g.lineTo(x + side, y + cut)
    g.lineTo(x + side, y + side)
    g.lineTo(x, y + side)
    g.fill()
  } else {
    g.fillRect(x, y, side, side)
  }
  const sign = colours.sign[state]
  if (sign === undefined || side < 4) return
  if (state === 'connection') {
    const dot = Math.max(1, Math.round(side / 3))
    const inset = Math.floor((side - dot) / 2)
    g.fillStyle = sign
    g.fillRect(x + inset, y + inset, dot, dot)
  } else {
    g.strokeStyle = sign
    g.lineWidth = Math.max(1, side / 9)
    g.beginPath()
    g.moveTo(x, y)
    g.lineTo(x + side, y + side)
    g.stroke()
  }
}

function drawWords(
  g: Context,
  { colour, words, numbers }: ChartTheme,
  entry: WaitQueueEntry,
  layout: WaitLayout,
  x: number,
  y: number,
): void {
  const left = x + layout.square + 7
  const room = layout.width - layout.square - 14
  g.textAlign = 'left'
  g.textBaseline = 'middle'
  g.fillStyle = colour('--text')
  g.font = `11px ${numbers}`
  if (layout.lines === 1) {
    g.fillText(String(entry.pid), left, y + layout.height / 2, room)
    return
  }
  g.fillText(`${entry.pid} ${entry.command}`, left, y + layout.height / 2 - 7, room)
  g.font = `10.5px ${words}`
  g.fillStyle = colour('--text-dim')
  const { woken, wokenForNothing } = entry
  const told = `woken ${grouped(woken)}, ${grouped(wokenForNothing)} for nothing`
  g.fillText(told, left, y + layout.height / 2 + 7, room)
}
