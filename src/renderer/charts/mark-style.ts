import type { MarkStyle } from '../../shared/charts/mark-style'

export { markStyle } from '../../shared/charts/mark-style'

/** Draws a mark's shape with its centre at (x, y). */
export function drawMarkShape(
  g: CanvasRenderingContext2D,
  style: MarkStyle,
  colour: string,
  ground: string,
  x: number,
  y: number,
  radius = 3.5,
): void {
  g.beginPath()
  switch (style.shape) {
    case 'triangle':
      g.moveTo(x, y - radius)
      g.lineTo(x + radius, y + radius)
      g.lineTo(x - radius, y + radius)
      g.closePath()
      break
    case 'circle':
      g.arc(x, y, radius, 0, Math.PI * 2)
      break
    case 'square':
      g.rect(x - radius + 0.5, y - radius + 0.5, radius * 2 - 1, radius * 2 - 1)
      break
    case 'diamond':
      g.moveTo(x, y - radius - 1)
      g.lineTo(x + radius + 0.5, y)
      g.lineTo(x, y + radius + 1)
      g.lineTo(x - radius - 0.5, y)
      g.closePath()
      break
    case 'tick':
      g.rect(x - 0.75, y - radius, 1.5, radius * 2)
      break
  }
  g.fillStyle = style.hollow ? ground : colour
  g.fill()
  g.strokeStyle = colour
  g.lineWidth = 1.25
  g.setLineDash([])
  g.stroke()
}
