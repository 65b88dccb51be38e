import { describe, expect, it } from 'vitest'
import { waitCellAt, waitLayout } from './wait-cells'

describe('cells of a wait queue', () => {
  it('hold the whole queue within the area, from three processes to 1,500', () => {
    for (const [width, height] of [
      [408, 130],
      [856, 206],
      [1480, 340],
    ] as const) {
      for (const entries of [1, 3, 20, 150, 700, 1000, 1500]) {
        const layout = waitLayout(entries, width, height)
        expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(entries)
        expect(layout.columns * layout.width).toBeLessThanOrEqual(width)
        expect(layout.rows * layout.height).toBeLessThanOrEqual(height)
      }
    }
  })

  it('can be told apart at 1,500 processes in a quarter of a small screen', () => {
    const layout = waitLayout(1500, 408, 160)
    expect(layout.square).toBeGreaterThanOrEqual(4)
    expect(layout.width).toBeGreaterThan(layout.square)
  })

  it('are told in words while they are few, then by pid, then by their square alone', () => {
    expect(waitLayout(3, 856, 206).lines).toBe(2)
    expect(waitLayout(60, 856, 206).lines).toBe(1)
    expect(waitLayout(300, 856, 206).lines).toBe(0)
  })

  it('do not jump while a queue gets shorter by a little, and grow when it is much shorter', () => {
    const full = waitLayout(1000, 856, 206)
    const fewest = waitLayout(500, 856, 206)
    expect(fewest.square).toBeGreaterThan(full.square)
    for (let entries = 1000; entries > 900; entries--) {
      expect(waitLayout(entries, 856, 206, full)).toBe(full)
    }
    expect(waitLayout(300, 856, 206, full).square).toBeGreaterThan(full.square)
  })

  it('are laid out anew when the queue outgrows them or the area changes', () => {
    const few = waitLayout(3, 856, 206)
    expect(waitLayout(1000, 856, 206, few)).toEqual(waitLayout(1000, 856, 206))
    expect(waitLayout(3, 400, 100, few)).toEqual(waitLayout(3, 400, 100))
  })

  it('are found under the pointer, and nothing beside them', () => {
    const layout = waitLayout(1000, 856, 206)
    expect(waitCellAt(layout, 1000, 0, 0)).toBe(0)
    expect(waitCellAt(layout, 1000, layout.width + 1, 0)).toBe(1)
    expect(waitCellAt(layout, 1000, 0, layout.height + 1)).toBe(layout.columns)
    expect(waitCellAt(layout, 3, 4 * layout.width, 0)).toBe(-1)
    expect(waitCellAt(layout, 1000, -1, 0)).toBe(-1)
    expect(waitCellAt(layout, 1000, layout.columns * layout.width + 1, 0)).toBe(-1)
  })
})
