import { describe, expect, it } from 'vitest'
import { BufferState, type BufferCacheSnapshot } from '../../../sim/observe/structures'
import {
  cellAt,
  cellCount,
  cellLayout,
  isPatterned,
  pagesOf,
  paintCells,
  prevailingState,
} from './buffer-cells'

const { none, free, clean, dirty, locked, orphaned } = BufferState

function snapshotOf(...states: number[]): BufferCacheSnapshot {
  return {
    kind: 'buffer-cache',
    bufferBytes: 1024,
    buffersPerPage: 4,
    pages: Int32Array.from({ length: states.length / 4 }, (_, i) => 100 + i),
    states: Uint8Array.from(states),
    blocks: Int32Array.from(states, (_, i) => i),
    totals: [],
    machinePages: 131_072,
  }
}
const colours = {
  plain: Uint32Array.from([0, 1, 2, 3, 4, 5].map((state) => state * 10)),
  pattern: Uint32Array.from([0, 1, 2, 3, 4, 5].map((state) => state * 10 + 1)),
  ground: 999,
}

describe('cells of the buffer cache', () => {
  it('hold all pages and use most of the area, whatever their number', () => {
    for (const pages of [1, 40, 900, 3000, 18_000, 40_000, 90_000, 131_072]) {
      const layout = cellLayout(pages, 480, 300)
      expect(layout.columns * layout.rows * layout.pagesPerCell).toBeGreaterThanOrEqual(pages)
      expect(layout.columns * layout.width).toBeLessThanOrEqual(480)
      expect(layout.rows * layout.height).toBeLessThanOrEqual(300)
      const used = (pages * layout.width * layout.height) / (480 * 300)
      if (pages >= 900) expect(used).toBeGreaterThan(0.6)
    }
  })

  it('share all pages among them, each page in one cell, when there are more pages than pixels', () => {
    const layout = cellLayout(117_717, 408, 206)
    let next = 0
    for (let cell = 0; cell < cellCount(layout, 117_717); cell++) {
      const [from, to] = pagesOf(layout, cell, 117_717)
      expect(from).toBe(next)
      next = to
    }
    expect(next).toBe(117_717)
  })

  it('keep their places while the cache grows by a little', () => {
    expect(cellLayout(18_100, 480, 300)).toEqual(cellLayout(18_300, 480, 300))
  })

  it('hold all 131,072 pages of a 512 MB machine one by one in a small panel', () => {
    expect(cellLayout(131_072, 480, 300).pagesPerCell).toBe(1)
    expect(cellLayout(131_072, 200, 100, 1, 131_072).pagesPerCell).toBeCloseTo(6.5536, 9)
  })

  it('show single buffers only where they can be told apart', () => {
    expect(cellLayout(100, 480, 300).split).toBe(true)
    expect(cellLayout(20_000, 480, 300).split).toBe(false)
  })

  it('show the prevailing state, and of equal ones the more telling', () => {
    expect(prevailingState(Uint8Array.of(clean, clean, dirty, clean), 0, 4)).toBe(clean)
    expect(prevailingState(Uint8Array.of(clean, orphaned, none, none), 0, 4)).toBe(orphaned)
    expect(prevailingState(Uint8Array.of(none, none, none, free), 0, 4)).toBe(free)
    expect(prevailingState(Uint8Array.of(none, none), 0, 2)).toBe(none)
  })

  it('are painted buffer by buffer when they are split', () => {
    const layout = cellLayout(1, 18, 18)
    const pixels = new Uint32Array(18 * 18)
    paintCells(pixels, 18, layout, snapshotOf(clean, locked, free, none), colours)
    expect(pixels[0]).toBe(clean * 10)
    expect(pixels[16]).toBe(locked * 10)
    expect(pixels[16 * 18]).toBe(free * 10)
    expect(pixels[16 * 18 + 16]).toBe(999)
    expect(pixels[17]).toBe(999)
  })

  it('are painted one pixel each when there is no more room', () => {
    const layout = cellLayout(4, 2, 2)
    const pixels = new Uint32Array(4)
    const states = [clean, locked, free, clean].flatMap((state) => [state, state, state, state])
    paintCells(pixels, 2, layout, snapshotOf(...states), colours)
    expect([...pixels]).toEqual([20, 40, 10, 20])
  })

  it('carry a pattern where they are orphaned or dirty', () => {
    const share = (state: number): number => {
      let patterned = 0
      for (let y = 0; y < 12; y++)
        for (let x = 0; x < 12; x++) if (isPatterned(state, x, y)) patterned++
      return patterned / 144
    }
    expect(share(orphaned)).toBeCloseTo(1 / 4, 6)
    expect(share(dirty)).toBeCloseTo(1 / 3, 6)
    expect(share(clean)).toBe(0)
  })

  it('are found under the pointer, and nothing beside them', () => {
    const layout = cellLayout(40, 100, 100)
    expect(cellAt(layout, 40, 0, 0)).toBe(0)
    expect(cellAt(layout, 40, layout.width + 1, 0)).toBe(1)
    expect(cellAt(layout, 40, 0, layout.height + 1)).toBe(layout.columns)
    expect(cellAt(layout, 40, 99, 99)).toBe(-1)
    expect(cellAt(layout, 40, -1, 5)).toBe(-1)
  })
})
