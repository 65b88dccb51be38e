import type { ChartTheme } from '../../charts/theme'
import { axisNumber } from '../../format/number'

/** Where bars stand; in CSS pixels. */
interface BarArea {
  /** Room for numbers at the left. */
  readonly axisPx: number
  readonly width: number
  readonly bottom: number
  readonly yOf: (value: number) => number
}

/** Hairlines at some values, with their numbers at the left. */
export function drawLevels(
  g: CanvasRenderingContext2D,
  { colour, numbers }: ChartTheme,
  values: readonly number[],
  { axisPx, width, bottom, yOf }: BarArea,
): void {
  g.font = `10.5px ${numbers}`
  g.textBaseline = 'middle'
  g.textAlign = 'right'
  g.lineWidth = 1
  for (const value of values) {
    g.strokeStyle = colour('--line')
    g.beginPath()
    g.moveTo(axisPx, Math.round(yOf(value)) + 0.5)
    g.lineTo(width, Math.round(yOf(value)) + 0.5)
    g.stroke()
    g.fillStyle = colour('--text-dim')
    g.fillText(axisNumber(value), axisPx - 6, Math.min(bottom - 5, Math.max(6, yOf(value))))
  }
}

/** A frame around the bar that the cursor stands on. */
export function outline(
  g: CanvasRenderingContext2D,
  { colour }: ChartTheme,
  x: number,
  top: number,
  width: number,
  bottom: number,
): void {
  g.strokeStyle = colour('--text')
  g.lineWidth = 1
  g.strokeRect(x - 1.5, top - 1.5, width + 3, bottom - top + 2)
}
