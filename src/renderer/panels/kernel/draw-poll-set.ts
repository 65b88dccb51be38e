import type { PollSetSnapshot } from '../../../sim/observe/structures'
import { SetBit } from '../../../sim/observe/structures'
import { mixed } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import { cellOf, type DescriptorLayout } from './descriptor-cells'
import { drawRoom, roomHeight } from './draw-room'

const wordBits = 32

/** What is left for the descriptors, below the queue of signals where there is one. */
export const setTop = ({ signals }: PollSetSnapshot): number => (signals ? roomHeight : 0)

/**
 * A cell for each descriptor: what is waited for, over it what is ready; INTERESTED and READY as
 * bars below and above it, HINTS as one at its right; a bar at its left where its queue has the
 * process, or the queue of signals one of it; and a line around what a scan has looked at.
 */
export function drawPollSet(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  snapshot: PollSetSnapshot,
  layout: DescriptorLayout,
  width: number,
  cursor: number,
): void {
  const { signals } = snapshot
  if (signals) {
    const { queued, room } = signals
    const warns = queued >= room
    const value = `${grouped(queued)} of ${grouped(room)}`
    drawRoom(g, theme, { name: 'RT signal queue', value, used: queued, limit: room, warns }, width)
  }
  g.save()
  g.translate(0, setTop(snapshot))
  drawCells(g, theme, snapshot, layout, cursor)
  g.restore()
}

function drawCells(
  g: CanvasRenderingContext2D,
  { colour }: ChartTheme,
  { states, position }: PollSetSnapshot,
  layout: DescriptorLayout,
  cursor: number,
): void {
  const gap = layout.pitch >= 8 ? 2 : 1
  const [wide, high] = [layout.pitch - gap, layout.rowPitch - gap]
  const idle = mixed(colour('--line'), colour('--panel'), 0.5)
  const asked = mixed(colour('--s1'), colour('--panel'), 0.5)
  const cells = Math.min(states.length, layout.words * wordBits)
  for (let descriptor = 0; descriptor < cells; descriptor++) {
    const state = states[descriptor] ?? 0
    const { x, y } = cellOf(layout, descriptor)
    g.fillStyle = (state & SetBit.asked) === 0 ? idle : asked
    if ((state & SetBit.ready) !== 0) g.fillStyle = colour('--s2')
    g.fillRect(x, y, wide, high)
    layer(g, state, x, y, wide, high, colour)
  }
  if (position >= 0 && position < cells) drawScanned(g, layout, position, colour('--text'))
  if (cursor < 0 || cursor >= cells) return
  const { x, y } = cellOf(layout, cursor)
  g.strokeStyle = colour('--text')
  g.lineWidth = 1.5
  g.strokeRect(x - 1.25, y - 1.25, layout.pitch + 0.5, layout.rowPitch + 0.5)
}

/** A line below and behind the descriptors before the one that a scan has come to. */
function drawScanned(
  g: CanvasRenderingContext2D,
  layout: DescriptorLayout,
  position: number,
  hue: string,
): void {
  const { x, y } = cellOf(layout, position)
  const right = layout.wordsPerRow * layout.wordPitch
  const [at, top, below] = [x - 1, y - 0.5, y + layout.rowPitch - 0.5]
  g.strokeStyle = hue
  g.lineWidth = 2
  g.beginPath()
  g.moveTo(right, top)
  g.lineTo(at, top)
  g.lineTo(at, below)
  g.lineTo(0, below)
  g.stroke()
}

/** What a scalable select keeps of a descriptor, and its queue: bars along its cell. */
function layer(
  g: CanvasRenderingContext2D,
  state: number,
  x: number,
  y: number,
  wide: number,
  high: number,
  colour: ChartTheme['colour'],
): void {
  const third = Math.max(1, Math.floor(high / 4))
  if ((state & SetBit.interested) !== 0) {
    g.fillStyle = colour('--s6')
    g.fillRect(x, y + high - third, wide, third)
  }
  if ((state & SetBit.kept) !== 0) {
    g.fillStyle = colour('--s5')
    g.fillRect(x, y, wide, third)
  }
  if ((state & SetBit.hinted) !== 0) {
    const side = Math.max(1, Math.floor(wide / 4))
    g.fillStyle = colour('--s3')
    g.fillRect(x + wide - side, y, side, high)
  }
  if ((state & SetBit.queued) !== 0) {
    g.fillStyle = colour('--s4')
    g.fillRect(x, y, Math.max(1, Math.floor(wide / 4)), high)
  }
}
