import type { RunQueueEntry } from '../../../sim/observe/structures'
import { placeLabels } from '../../../shared/charts/label-layout'
import type { ChartTheme } from '../../charts/theme'
import { drawLevels, outline } from './draw-bars'
import { axisEnd, type BarLayout } from './run-queue-bars'

/** Room for the numbers of the axis, in CSS pixels. */
export const runQueueAxis = 26
const cpuPx = 14
/** Least width of a running process, and from one CPU's number to the next. */
const runningPx = 2
const cpuPitch = 10

/** A bar for each process, as high as its goodness, in the order of the scan. */
export function drawRunQueue(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  entries: readonly RunQueueEntry[],
  bars: BarLayout,
  width: number,
  height: number,
  cursor: number,
): void {
  if (entries.length === 0) return
  const { colour } = theme
  const end = axisEnd(entries)
  const bottom = height - 1
  const yOf = (value: number): number => bottom - (Math.max(0, value) / end) * (bottom - cpuPx - 2)
  drawLevels(g, theme, [0, end / 2, end], { axisPx: runQueueAxis, width, bottom, yOf })

  const xOf = (index: number): number => runQueueAxis + index * bars.pitch
  const topOf = ({ goodness }: RunQueueEntry): number => Math.min(yOf(goodness), bottom - 2)
  entries.forEach((entry, index) => {
    g.globalAlpha = 0.35 + 0.65 * entry.warm
    g.fillStyle = colour(entry.runningOn >= 0 ? '--accent' : '--warn')
    g.fillRect(xOf(index), topOf(entry), bars.width, bottom - topOf(entry))
  })
  g.globalAlpha = 1
  // Running ones over the others, wide enough to be seen among thousands, and their numbers beside
  // each other.
  const wide = Math.max(bars.width, runningPx)
  const running = [...entries.entries()].filter(([, entry]) => entry.runningOn >= 0)
  const wanted = running.map(([index]) => xOf(index) + bars.width / 2)
  const places = placeLabels(wanted, cpuPitch, runQueueAxis + 4, width - 4)
  g.textAlign = 'center'
  running.forEach(([, entry], k) => {
    const middle = wanted[k] ?? 0
    const top = topOf(entry)
    g.fillStyle = colour('--accent')
    if (wide > bars.width) g.fillRect(middle - wide / 2, top, wide, bottom - top)
    else g.fillRect(middle - wide / 2, top, wide, 2)
    g.fillStyle = colour('--text')
    g.fillText(String(entry.runningOn), places[k] ?? middle, top - 7)
  })
  const pointed = entries[cursor]
  if (pointed) outline(g, theme, xOf(cursor), topOf(pointed), bars.width, bottom)
}
