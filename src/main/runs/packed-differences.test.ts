import { describe, expect, it } from 'vitest'
import { Engine } from '../../sim/engine/engine'
import { addDifferences, packDifferences } from './packed-differences'

describe('packed differences', () => {
  it('come back as they were, whatever the amounts', () => {
    const random = new Engine(11).stream('packed differences')
    for (let round = 0; round < 200; round++) {
      const length = 1 + random.below(400)
      const columns = Array.from({ length: 1 + random.below(5) }, () => {
        const share = random.below(100)
        return Float64Array.from({ length }, () =>
          random.below(100) < share
            ? random.below(2 ** (1 + random.below(31))) * 2 ** random.below(22)
            : 0,
        )
      })
      const before = columns.map((column) => column.map((value) => Math.floor(value / 3)))
      const sums = before.map((column) => column.slice())
      addDifferences(packDifferences(columns, before, length), sums)
      expect(sums, `round ${round}, seed 11`).toEqual(columns)
    }
  })

  it('take one byte a column where nothing has changed', () => {
    const columns = [Float64Array.of(5, 6), Float64Array.of(7, 8)]
    expect(packDifferences(columns, columns, 2)).toEqual(Uint8Array.of(0, 0))
  })

  it('reach up to 2^53', () => {
    const sums = [new Float64Array(1)]
    const most = Number.MAX_SAFE_INTEGER
    addDifferences(packDifferences([Float64Array.of(most)], [], 1), sums)
    expect(sums[0]?.[0]).toBe(most)
  })

  it('are refused where a total has become smaller, or is not whole', () => {
    const before = [Float64Array.of(2)]
    expect(() => packDifferences([Float64Array.of(1)], before, 1)).toThrow(RangeError)
    expect(() => packDifferences([Float64Array.of(2.5)], before, 1)).toThrow(RangeError)
  })
})
