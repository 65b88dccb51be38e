import type { ListenBacklogSnapshot } from '../../../sim/observe/structures'
import { mixed } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import { ageShare, backlogQueues, backlogRow, queueOf, type BacklogLayout } from './backlog-slots'

type Context = CanvasRenderingContext2D

const rowColours = ['--s6', '--s1'] as const

/** Both queues from the left, oldest first, up to the limit that they share. */
export function drawBacklog(
  g: Context,
  theme: ChartTheme,
  snapshot: ListenBacklogSnapshot,
  layout: BacklogLayout,
  height: number,
  cursor: number,
): void {
  backlogQueues.forEach((_, row) => {
    drawSlots(g, theme, snapshot, layout, row, height)
    drawRowWords(g, theme, snapshot, row, height)
    drawLimit(g, theme, snapshot, layout, row, height)
  })
  if (cursor < 0 || cursor >= layout.slots * backlogQueues.length) return
  const { slotTop, slotHeight } = backlogRow(Math.floor(cursor / layout.slots), height)
  const x = (cursor % layout.slots) * layout.pitch
  g.strokeStyle = theme.colour('--text')
  g.lineWidth = 1.5
  g.strokeRect(x - 0.75, slotTop - 0.75, slotWidth(layout.pitch) + 1.5, slotHeight + 1.5)
}

const slotWidth = (pitch: number): number => pitch - Math.min(3, pitch * 0.25)

function drawSlots(
  g: Context,
  { colour }: ChartTheme,
  snapshot: ListenBacklogSnapshot,
  layout: BacklogLayout,
  row: number,
  height: number,
): void {
  const { slotTop, slotHeight } = backlogRow(row, height)
  const queue = queueOf(snapshot, row)
  const panel = colour('--panel')
  const hue = colour(rowColours[row] ?? '--s1')
  const taken = mixed(hue, panel, 0.22)
  const free = mixed(colour('--line'), panel, 0.8)
  const wide = slotWidth(layout.pitch)
  for (let slot = 0; slot < layout.slots; slot++) {
    const x = slot * layout.pitch
    const connection = queue[slot]
    g.fillStyle = connection ? taken : free
    g.fillRect(x, slotTop, wide, slotHeight)
    if (!connection) continue
    const share = ageShare(connection.ageMs)
    const filled = Math.max(2, slotHeight * share)
    g.fillStyle = mixed(hue, panel, 0.4 + 0.6 * share)
    g.fillRect(x, slotTop + slotHeight - filled, wide, filled)
  }
}

function drawRowWords(
  g: Context,
  { colour, words, numbers }: ChartTheme,
  snapshot: ListenBacklogSnapshot,
  row: number,
  height: number,
): void {
  const { top } = backlogRow(row, height)
  const name = backlogQueues[row] ?? ''
  g.textAlign = 'left'
  g.textBaseline = 'alphabetic'
  g.font = `11px ${words}`
  g.fillStyle = colour('--text-dim')
  g.fillText(name, 0, top + 13)
  const left = g.measureText(name).width + 7
  const used = queueOf(snapshot, row).length
  g.font = `11px ${numbers}`
  g.fillStyle = colour(used >= snapshot.backlog ? '--warn' : '--text')
  const full = used >= snapshot.backlog ? ', full' : ''
  g.fillText(`${grouped(used)} of ${grouped(snapshot.backlog)}${full}`, left, top + 13)
}

/** A line where the backlog ends; three dots stand for the slots that are left out. */
function drawLimit(
  g: Context,
  { colour }: ChartTheme,
  snapshot: ListenBacklogSnapshot,
  layout: BacklogLayout,
  row: number,
  height: number,
): void {
  const { slotTop, slotHeight } = backlogRow(row, height)
  const full = queueOf(snapshot, row).length >= snapshot.backlog
  g.fillStyle = colour(full ? '--warn' : '--text-dim')
  g.fillRect(layout.limitX - 1, slotTop - 3, 2, slotHeight + 6)
  if (!layout.cut) return
  const end = layout.slots * layout.pitch
  const middle = (end + layout.limitX) / 2
  for (const step of [-6, 0, 6]) {
    g.fillRect(Math.round(middle + step) - 1, Math.round(slotTop + slotHeight / 2) - 1, 2, 2)
  }
}
