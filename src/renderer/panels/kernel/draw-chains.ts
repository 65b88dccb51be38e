import type { HashChainsSnapshot } from '../../../sim/observe/structures'
import { niceCeiling } from '../../../shared/charts/axis-scale'
import type { ChartTheme } from '../../charts/theme'
import type { ChainColumns } from './chain-columns'
import { drawLevels, outline } from './draw-bars'

/** Room for the numbers of the axis, in CSS pixels. */
export const chainAxis = 30

/** From one column to the next, in CSS pixels. */
export const chainPitch = ({ longest }: ChainColumns, width: number): number =>
  (width - chainAxis) / Math.max(1, longest.length)

/** A column for some buckets: the longest chain among them, and their mean. */
export function drawChains(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  shown: HashChainsSnapshot,
  columns: ChainColumns,
  width: number,
  height: number,
  cursor: number,
): void {
  if (shown.lengths.length === 0) return
  const { colour } = theme
  const { longest, mean, bucket } = columns
  const end = Math.max(4, niceCeiling(Math.max(...longest)))
  const bottom = height - 1
  const yOf = (value: number): number => bottom - (value / end) * (bottom - 8)
  drawLevels(g, theme, [0, end / 2, end], { axisPx: chainAxis, width, bottom, yOf })

  const pitch = chainPitch(columns, width)
  const bar = Math.max(1, pitch - 0.5)
  for (let column = 0; column < longest.length; column++) {
    const most = longest[column] ?? 0
    if (most === 0) continue
    const x = chainAxis + column * pitch
    const top = yOf(most)
    const isLongest = bucket[column] === shown.longestBucket
    g.fillStyle = colour(isLongest ? '--warn' : '--s1')
    g.globalAlpha = isLongest ? 1 : 0.4
    g.fillRect(x, top, bar, bottom - top)
    g.globalAlpha = 1
    g.fillRect(x, top, bar, 1.5)
    const level = yOf(mean[column] ?? 0)
    g.fillRect(x, level, bar, bottom - level)
  }
  if (cursor < 0 || cursor >= longest.length) return
  outline(g, theme, chainAxis + cursor * pitch, yOf(longest[cursor] ?? 0), bar, bottom)
}
