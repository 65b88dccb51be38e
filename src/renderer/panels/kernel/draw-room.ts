import { mixed } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'

/** Height of its bar, and from the top of its name to where the next thing begins. */
export const roomBar = 12
export const roomHeight = 40
/** Where the bar begins. */
export const roomTop = 17

export interface Room {
  readonly name: string
  /** What stands behind the name. */
  readonly value: string
  readonly used: number
  readonly limit: number
  /** There is none left. */
  readonly warns: boolean
}

/** Something that has room for so many, as one bar up to its limit. Returns CSS pixels for each. */
export function drawRoom(
  g: CanvasRenderingContext2D,
  { colour, words, numbers }: ChartTheme,
  { name, value, used, limit, warns }: Room,
  width: number,
): number {
  g.textAlign = 'left'
  g.textBaseline = 'alphabetic'
  g.font = `11px ${words}`
  g.fillStyle = colour('--text-dim')
  g.fillText(name, 0, 11)
  const left = g.measureText(name).width + 7
  g.font = `11px ${numbers}`
  g.fillStyle = colour(warns ? '--warn' : '--text')
  g.fillText(value, left, 11)
  const scale = width / Math.max(1, limit)
  g.fillStyle = mixed(colour('--line'), colour('--panel'), 0.8)
  g.fillRect(0, roomTop, width, roomBar)
  g.fillStyle = colour('--s1')
  g.fillRect(0, roomTop, used * scale, roomBar)
  return scale
}
