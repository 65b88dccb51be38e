import { parseAction, placeInCaption } from '../../sim/actions/action'
import { alarmWords } from '../../sim/observe/alarms'
import { conditionWords } from '../../sim/observe/condition'
import type { Mark } from '../frame'

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

/** A caption that is to come does not know its numbers yet. */
const said = (text: string): string => text.replace(placeInCaption, '…')

export function markStyle(mark: Pick<Mark, 'text'> & { readonly kind?: string }): MarkStyle {
  if (mark.kind === 'rang') {
    const words = `alarm ${mark.text}`
    return { colour: '--warn', shape: 'diamond', hollow: true, dash: [], words }
  }
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
    case 'note':
      return { ...note, colour: '--text', words: action.text }
    case 'caption':
      return {
        colour: '--accent',
        shape: 'tick',
        hollow: false,
        dash: [1, 3],
        words: said(action.text),
      }
    case 'alarm':
      return { ...note, words: `alarm: ${alarmWords(action.alarm)}` }
    case 'no-alarm':
      return { ...note, words: `no alarm: ${conditionWords(action.condition)}` }
    case 'reboot':
      return { colour: '--accent', shape: 'diamond', hollow: false, dash: [], words: 'reboot' }
  }
}
