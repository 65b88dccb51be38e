import type { DescriptorTableSnapshot } from '../../../sim/observe/structures'
import { mixed } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import { cellOf, isOpen, type DescriptorLayout } from './descriptor-cells'
import { drawRoom, roomBar, roomHeight, roomTop } from './draw-room'

type Context = CanvasRenderingContext2D

const wordBits = 32
/** Rows above the bitmap: the system's file structures, and the second bitmap with its name. */
const secondHeight = 20
const secondCell = 7

/** What is left for the bitmap itself. */
export const bitmapTop = ({ fullWords }: DescriptorTableSnapshot): number =>
  roomHeight + (fullWords.length > 0 ? secondHeight : 0)

export function drawDescriptors(
  g: Context,
  theme: ChartTheme,
  snapshot: DescriptorTableSnapshot,
  layout: DescriptorLayout,
  width: number,
  cursor: number,
): void {
  drawSystem(g, theme, snapshot, width)
  if (snapshot.fullWords.length > 0) drawSecond(g, theme, snapshot, width)
  g.save()
  g.translate(0, bitmapTop(snapshot))
  drawSearched(g, theme, snapshot, layout)
  drawBits(g, theme, snapshot, layout)
  drawCursor(g, theme, layout, cursor)
  g.restore()
}

/** The file structures of the whole system as one bar, up to the limit. */
function drawSystem(
  g: Context,
  theme: ChartTheme,
  { system }: DescriptorTableSnapshot,
  width: number,
): void {
  const { colour } = theme
  const full = system.used + system.held >= system.limit - system.reserved
  const used = `${grouped(system.used + system.held)} of ${grouped(system.limit)}`
  const room = {
    name: 'file structures of the system',
    value: full ? `${used}, none left` : used,
    used: system.used,
    limit: Math.max(system.limit, system.used + system.held),
    warns: full,
  }
  const scale = drawRoom(g, theme, room, width)
  const end = system.used * scale
  if (system.held > 0) hatch(g, colour('--s5'), colour('--panel'), end, system.held * scale)
  // What only root gets lies at the end, before the limit.
  g.fillStyle = colour('--text-dim')
  const reserve = (system.limit - system.reserved) * scale
  g.fillRect(Math.min(width - 2, Math.round(reserve)), roomTop - 3, 2, roomBar + 6)
}

function hatch(g: Context, hue: string, panel: string, x: number, wide: number): void {
  const y = roomTop
  g.save()
  g.beginPath()
  g.rect(x, y, wide, roomBar)
  g.clip()
  g.fillStyle = mixed(hue, panel, 0.34)
  g.fillRect(x, y, wide, roomBar)
  g.strokeStyle = hue
  g.lineWidth = 2
  g.beginPath()
  for (let at = x - roomBar; at < x + wide; at += 7) {
    g.moveTo(at, y + roomBar)
    g.lineTo(at + roomBar, y)
  }
  g.stroke()
  g.restore()
}

/**
 * One small cell for each word of the first bitmap: filled when it is full, framed when the last
 * search saw it.
 */
function drawSecond(
  g: Context,
  { colour, words }: ChartTheme,
  snapshot: DescriptorTableSnapshot,
  width: number,
): void {
  const panel = colour('--panel')
  g.font = `11px ${words}`
  g.fillStyle = colour('--text-dim')
  g.textAlign = 'left'
  g.textBaseline = 'alphabetic'
  const name = snapshot.wordsPerFull > 1 ? 'upper level' : 'full words'
  g.fillText(name, 0, roomHeight + 11)
  const left = g.measureText(name).width + 8
  const most = Math.floor((width - left) / secondCell)
  const drawn = Math.min(snapshot.words.length, most)
  const top = roomHeight + 3
  const searched = Math.min(drawn, snapshot.searched.fullWords * wordBits)
  if (searched > 0) {
    g.fillStyle = mixed(colour('--s2'), panel, 0.3)
    g.fillRect(left - 2, top - 2, searched * secondCell + 2, secondCell + 3)
  }
  for (let word = 0; word < drawn; word++) {
    const bit = Math.floor(word / snapshot.wordsPerFull)
    const upper = snapshot.fullWords[Math.floor(bit / wordBits)] ?? 0
    const isFull = ((upper >>> (bit % wordBits)) & 1) === 1
    g.fillStyle = isFull ? colour('--s1') : mixed(colour('--line-strong'), panel, 0.75)
    g.fillRect(left + word * secondCell, top, secondCell - 2, secondCell - 1)
  }
}

/** The words or slots that the last search looked at lie on a band, framed. */
function drawSearched(
  g: Context,
  { colour }: ChartTheme,
  { searched }: DescriptorTableSnapshot,
  layout: DescriptorLayout,
): void {
  const end = Math.min(layout.words, searched.from + searched.words)
  g.strokeStyle = colour('--s2')
  g.fillStyle = mixed(colour('--s2'), colour('--panel'), 0.3)
  g.lineWidth = 1
  for (let word = searched.from; word < end; word++) {
    const { x, y } = cellOf(layout, word * wordBits)
    const slots = (searched.slots ?? Infinity) - word * wordBits
    const wide = Math.min(wordBits, slots) * layout.pitch
    g.fillRect(x - 1, y, wide, layout.rowPitch)
    if (layout.pitch >= 5) g.strokeRect(x - 1.5, y - 0.5, wide + 1, layout.rowPitch)
  }
}

function drawBits(
  g: Context,
  { colour }: ChartTheme,
  snapshot: DescriptorTableSnapshot,
  layout: DescriptorLayout,
): void {
  const panel = colour('--panel')
  const taken = colour('--s1')
  const free = mixed(colour('--line-strong'), panel, 0.75)
  const beyond = mixed(colour('--line'), panel, 0.5)
  const gap = layout.pitch >= 8 ? 2 : 1
  const bits = layout.words * wordBits
  for (let descriptor = 0; descriptor < bits; descriptor++) {
    const { x, y } = cellOf(layout, descriptor)
    if (isOpen(snapshot, descriptor)) g.fillStyle = taken
    else g.fillStyle = descriptor < snapshot.perProcess ? free : beyond
    g.fillRect(x, y, layout.pitch - gap, layout.rowPitch - gap)
  }
  if (snapshot.perProcess >= bits) return
  const limit = cellOf(layout, snapshot.perProcess)
  g.fillStyle = colour('--warn')
  g.fillRect(limit.x - 1.5, limit.y - 1, 2, layout.rowPitch + 1)
}

function drawCursor(
  g: Context,
  { colour }: ChartTheme,
  layout: DescriptorLayout,
  cursor: number,
): void {
  if (cursor < 0 || cursor >= layout.words * wordBits) return
  const { x, y } = cellOf(layout, cursor)
  g.strokeStyle = colour('--text')
  g.lineWidth = 1.5
  g.strokeRect(x - 1.25, y - 1.25, layout.pitch + 0.5, layout.rowPitch + 0.5)
}
