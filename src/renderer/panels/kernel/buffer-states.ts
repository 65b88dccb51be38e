import { BufferState, type BufferCacheSnapshot } from '../../../sim/observe/structures'
import { mixed, parseColour, pixel } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { grouped } from '../../format/number'
import type { CellColours } from './buffer-cells'

export interface BufferStateLook {
  readonly code: number
  readonly name: string
  /** Class of the swatch in the legend, which carries the same pattern as the cells. */
  readonly id: string
}

/** In the order of the legend. */
export const bufferStates: readonly BufferStateLook[] = [
  { code: BufferState.clean, id: 'clean', name: 'clean' },
  { code: BufferState.dirty, id: 'dirty', name: 'dirty' },
  { code: BufferState.locked, id: 'locked', name: 'locked' },
  { code: BufferState.orphaned, id: 'orphaned', name: 'orphaned' },
  { code: BufferState.free, id: 'free', name: 'free' },
]

const stateWords = ['unused', 'free', 'clean', 'dirty', 'locked', 'orphaned'] as const

/**
 * Brightness rises from free over clean and orphaned to dirty and locked, so that it alone tells
 * most.
 */
export function bufferColours(theme: ChartTheme): CellColours {
  const c = theme.colour
  const panel = c('--panel')
  const plain = [
    panel,
    mixed(c('--line-strong'), panel, 0.55),
    mixed(c('--s1'), panel, 0.62),
    c('--s2'),
    mixed(c('--s6'), c('--text'), 0.5),
    c('--fault'),
  ]
  const pattern = [...plain]
  pattern[BufferState.dirty] = mixed(c('--s2'), panel, 0.6)
  pattern[BufferState.orphaned] = mixed(c('--fault'), panel, 0.5)
  return {
    plain: Uint32Array.from(plain, (colour) => pixel(parseColour(colour))),
    pattern: Uint32Array.from(pattern, (colour) => pixel(parseColour(colour))),
    ground: pixel(parseColour(panel)),
  }
}

/** What the pages of a cell hold, in words: page frame, and every buffer's block and state. */
export function describePages(snapshot: BufferCacheSnapshot, from: number, to: number): string {
  const page = snapshot.pages[from]
  if (page === undefined) return ''
  if (to - from > 1) return `pages ${grouped(page)} to ${grouped(snapshot.pages[to - 1] ?? page)}`
  const buffers = Array.from({ length: snapshot.buffersPerPage }, (_, i) => {
    const at = from * snapshot.buffersPerPage + i
    const state = snapshot.states[at] ?? 0
    const block = snapshot.blocks[at] ?? -1
    const words = stateWords[state] ?? ''
    return block >= 0 && state > BufferState.free ? `${grouped(block)} ${words}` : words
  })
  const allSame = buffers.every((words) => words === buffers[0])
  const told = allSame ? `all ${buffers.length} ${buffers[0]}` : buffers.join(' · ')
  return `page ${grouped(page)}: ${told}`
}
