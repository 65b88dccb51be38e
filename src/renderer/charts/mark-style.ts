import { parseAction } from '../../sim/actions/action'
import type { Mark } from '../../shared/frame'

export type MarkShape = 'triangle' | 'circle' | 'square' | 'diamond' | 'tick'

/**
 * How something that happened looks on a time axis: told apart by shape and dash as well as by
 * colour.
 */
export interface MarkStyle {
  readonly colour: string
  readonly shape: MarkShape
  /** The shape is left empty where something was switched off. */
  readonly hollow: boolean
  /** Dash pattern of the line in pixels; empty for a solid line. */
  readonly dash: readonly number[]
  readonly words: string
}

export function markStyle(mark: Pick<Mark, 'text'>): MarkStyle {
  const action = parseAction(mark.text)
  const until = { shape: 'tick', hollow: false, dash: [2, 3], colour: '--accent' } as const
  const note = { shape: 'tick', hollow: false, dash: [1, 4], colour: '--text-dim' } as const
  if (mark.text.startsWith('until ')) return { ...until, words: mark.text }
  if (typeof action === 'string') return { ...note, words: mark.text }
  switch (action.kind) {
    case 'fault': {
      const off = action.intensity === 0
      const strength = off ? ' off' : action.intensity < 1 ? ` ${action.intensity}` : ''
      return {
        colour: '--fault',
        shape: 'triangle',
        hollow: off,
        dash: [4, 3],
        words: `fault ${action.id}${strength}`,
      }
    }
    case 'fix':
      return {
        colour: '--fix',
        shape: 'circle',
        hollow: !action.on,
        dash: [],
        words: `fix ${action.id}${action.on ? '' : ' off'}`,
      }
    case 'set':
      return {
        colour: '--warn',
        shape: 'square',
        hollow: false,
        dash: [2, 2],
        words: `set ${action.path} = ${action.value}`,
      }
    case 'reboot':
      return { colour: '--accent', shape: 'diamond', hollow: false, dash: [], words: 'reboot' }
  }
}

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
