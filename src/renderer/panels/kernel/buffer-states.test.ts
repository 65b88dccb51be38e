import { describe, expect, it } from 'vitest'
import { BufferState, type BufferCacheSnapshot } from '../../../sim/observe/structures'
import { luminance } from '../../charts/colour'
import type { ChartTheme } from '../../charts/theme'
import { bufferColours, describePages } from './buffer-states'

const dark: Record<string, string> = {
  '--panel': '#12161c',
  '--line-strong': '#34404d',
  '--s1': '#56c7d6',
  '--s2': '#f2b84b',
  '--s6': '#7fa7ff',
  '--text': '#dbe2ea',
  '--fault': '#ff7a66',
}
const theme: ChartTheme = { colour: (name) => dark[name] ?? '#000', words: '', numbers: '' }
const snapshot: BufferCacheSnapshot = {
  kind: 'buffer-cache',
  bufferBytes: 1024,
  buffersPerPage: 4,
  pages: Int32Array.of(48_112, 48_113),
  states: Uint8Array.of(2, 3, 1, 0, 1, 1, 1, 1),
  blocks: Int32Array.of(1204, 1205, -1, -1, -1, -1, -1, -1),
  totals: [1, 5, 1, 1, 0, 0],
  machinePages: 131_072,
}

describe('states of buffers', () => {
  it('rise in brightness from free over clean and orphaned to dirty and locked', () => {
    const { plain } = bufferColours(theme)
    const bright = (code: number): number => {
      const value = plain[code] ?? 0
      return luminance({ r: value & 255, g: (value >> 8) & 255, b: (value >> 16) & 255 })
    }
    const { free, clean, orphaned, dirty, locked } = BufferState
    const order = [free, clean, orphaned, dirty, locked].map(bright)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('are told with page and block numbers', () => {
    expect(describePages(snapshot, 0, 1)).toBe(
      'page 48,112: 1,204 clean · 1,205 dirty · free · unused',
    )
    expect(describePages(snapshot, 1, 2)).toBe('page 48,113: all 4 free')
    expect(describePages(snapshot, 0, 2)).toBe('pages 48,112 to 48,113')
    expect(describePages(snapshot, 9, 10)).toBe('')
  })
})
