import type { DiskQueueSnapshot } from '../../../sim/observe/structures'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import { headDirection } from './disk-track'

const edge = 16
const headPx = 22
const axisPx = 20

/** Where cylinders lie along the track. */
export function trackX(cylinders: number, width: number) {
  const length = Math.max(1, width - 2 * edge)
  const most = Math.max(1, cylinders - 1)
  return {
    xOf: (cylinder: number): number => edge + (cylinder / most) * length,
    cylinderAt: (x: number): number => ((x - edge) / length) * most,
    perPixel: most / length,
  }
}

/** Share of the room that a tick takes: grows with the wait, a second fills it. */
const waitShare = (ms: number): number =>
  0.18 + 0.82 * Math.min(1, Math.log10(1 + ms) / Math.log10(1001))

type Context = CanvasRenderingContext2D

/**
 * The disk from its first to its last cylinder, with the head over it and the requests on either
 * side.
 */
export function drawTrack(
  g: Context,
  theme: ChartTheme,
  snapshot: DiskQueueSnapshot,
  width: number,
  height: number,
  cursor: number,
): void {
  const { colour, numbers } = theme
  const { xOf } = trackX(snapshot.cylinders, width)
  const top = headPx
  const bottom = height - axisPx
  const middle = Math.round((top + bottom) / 2)
  const room = (bottom - top) / 2 - 4

  g.fillStyle = colour('--raised')
  g.fillRect(edge - 2, middle - 3, width - 2 * edge + 4, 6)
  g.strokeStyle = colour('--line-strong')
  g.lineWidth = 1
  g.strokeRect(edge - 1.5, middle - 2.5, width - 2 * edge + 3, 5)

  g.font = `10.5px ${numbers}`
  g.fillStyle = colour('--text-dim')
  g.textBaseline = 'alphabetic'
  const last = snapshot.cylinders - 1
  for (const [share, align] of [
    [0, 'left'],
    [0.5, 'center'],
    [1, 'right'],
  ] as const) {
    const text = share === 0 ? 'cylinder 0' : grouped(Math.round(last * share))
    g.textAlign = align
    g.fillText(text, edge + (width - 2 * edge) * share, height - 3)
  }

  snapshot.queue.forEach((request, index) => {
    const read = request.operation === 'read'
    const x = xOf(request.cylinder)
    const length = room * waitShare(request.waitedMs)
    g.fillStyle = colour(read ? '--s1' : '--s2')
    const start = read ? middle - 4 - length : middle + 4
    const wide = index === cursor ? 4 : 2
    g.fillRect(x - wide / 2, start, wide, length)
    if (index === cursor) {
      g.strokeStyle = colour('--text')
      g.strokeRect(x - 3.5, start - 1.5, 7, length + 3)
    }
  })

  const served = snapshot.inService
  if (served) {
    const x = xOf(served.cylinder)
    const read = served.operation === 'read'
    g.fillStyle = colour(read ? '--s1' : '--s2')
    g.fillRect(x - 2.5, read ? middle - 4 - room : middle + 4, 5, room)
    g.strokeStyle = colour('--text')
    g.lineWidth = 1.5
    g.strokeRect(x - 4.25, read ? middle - 5.5 - room : middle + 2.5, 8.5, room + 3)
  }
  drawHead(g, theme, snapshot, xOf, middle)
}

function drawHead(
  g: Context,
  { colour }: ChartTheme,
  snapshot: DiskQueueSnapshot,
  xOf: (cylinder: number) => number,
  middle: number,
): void {
  const x = xOf(snapshot.headCylinder)
  const direction = headDirection(snapshot)
  g.strokeStyle = g.fillStyle = colour('--text')
  g.lineWidth = 1
  g.beginPath()
  g.moveTo(x, 12)
  g.lineTo(x, middle + 3)
  g.stroke()
  g.beginPath()
  g.moveTo(x - 5, 4)
  g.lineTo(x + 5, 4)
  g.lineTo(x, 13)
  g.closePath()
  g.fill()
  const target = snapshot.inService ?? snapshot.queue[0]
  if (direction === 0 || !target) return
  // From the head to where it is going; a short arrow where that is too near to be drawn.
  const start = x + direction * 8
  const tip =
    direction * Math.max(direction * xOf(target.cylinder), direction * (start + direction * 7))
  g.setLineDash([2, 3])
  g.beginPath()
  g.moveTo(start, 8.5)
  g.lineTo(tip, 8.5)
  g.stroke()
  g.setLineDash([])
  g.beginPath()
  g.moveTo(tip, 8.5)
  g.lineTo(tip - direction * 6, 5)
  g.lineTo(tip - direction * 6, 12)
  g.closePath()
  g.fill()
}
