import { describe, expect, it } from 'vitest'
import { placeLabels } from './label-layout'

describe('labels at the ends of lines', () => {
  it('stay where they want to be when there is room', () => {
    expect(placeLabels([20, 80, 50], 12, 0, 100)).toEqual([20, 80, 50])
  })

  it('share the displacement when two want the same place', () => {
    expect(placeLabels([50, 50], 12, 0, 100)).toEqual([44, 56])
  })

  it('stay inside the plot', () => {
    expect(placeLabels([-5, -4, 200], 10, 0, 100)).toEqual([0, 10, 100])
    expect(placeLabels([99, 100, 98], 10, 0, 100)).toEqual([90, 100, 80])
  })

  it('leave out the last ones when there are more than fit', () => {
    const places = placeLabels([10, 10, 10, 10], 10, 0, 20)
    expect(places[3]).toBeUndefined()
    expect(places.slice(0, 3)).toEqual([0, 10, 20])
  })

  it('leave out a line without an end', () => {
    expect(placeLabels([NaN, 30], 10, 0, 100)).toEqual([undefined, 30])
  })

  it('never come closer than the pitch, for many random ends', () => {
    let seed = 12345
    const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32
    for (let round = 0; round < 200; round++) {
      const wanted = Array.from({ length: 8 }, () => random() * 100)
      const places = placeLabels(wanted, 12, 0, 100).map((y) => y ?? NaN)
      const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
      for (let i = 1; i < order.length; i++) {
        const gap = (places[order[i] ?? 0] ?? 0) - (places[order[i - 1] ?? 0] ?? 0)
        expect(gap, `round ${round} of seed 12345`).toBeGreaterThanOrEqual(12 - 1e-9)
      }
      expect(Math.min(...places)).toBeGreaterThanOrEqual(-1e-9)
      expect(Math.max(...places)).toBeLessThanOrEqual(100 + 1e-9)
    }
  })
})
