import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { noCell, PairIndex, PlaceField } from './pair-index'

describe('an index of pairs', () => {
  it.each([1, 2, 3])('finds what a map finds (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'pairs')
    const pairs = new PairIndex()
    const map = new Map<string, { value: number; place: number; cell: number }>()
    for (let step = 0; step < 20_000; step++) {
      // Few keys with neighbours in plenty, below zero too, and all of them gone now and then.
      const key = random.below(12) * 0x1234_567
      const index = random.below(60) - 30 + (random.chance(0.5) ? 0x7ff_0000 : 0)
      const name = `${key},${index}`
      const known = map.get(name)
      expect(pairs.find(key, index), `${name} at step ${step}`).toBe(known?.cell ?? noCell)
      if (known) {
        expect(pairs.cells[known.cell]).toBe(known.value)
        expect(pairs.cells[known.cell + PlaceField]).toBe(known.place)
        expect([pairs.keyOf(known.cell), pairs.indexOf(known.cell)]).toEqual([key, index])
        if (step % 8000 < 4000) continue
        pairs.remove(known.cell)
        map.delete(name)
      } else if (step % 8000 < 4000) {
        map.set(name, { value: step, place: step + 7, cell: pairs.add(key, index, step, step + 7) })
      }
    }
    expect(map.size).toBeGreaterThan(100)
  })

  it('has room for more groups than it begins with', () => {
    const pairs = new PairIndex()
    const cells = Array.from({ length: 5000 }, (_, key) => pairs.add(key, 40 * key, key, 0))
    expect(cells.map((_, key) => pairs.find(key, 40 * key))).toEqual(cells)
    expect(new Set(cells).size).toBe(5000)
    expect(pairs.find(5000, 40 * 5000)).toBe(noCell)
    expect(pairs.find(1, 41)).toBe(noCell)
  })
})
