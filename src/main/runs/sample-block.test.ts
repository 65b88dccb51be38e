import { describe, expect, it } from 'vitest'
import { BlockBuilder } from './sample-block'

const block = (maxRows: number, gauges: readonly number[]) => {
  const builder = new BlockBuilder(2, maxRows)
  gauges.forEach((gauge, index) => builder.add(index + 1, Float64Array.of(gauge, index * 10)))
  return builder.take()
}
const column = (values: Float64Array, at: number): number[] =>
  [...values].filter((_, index) => index % 2 === at)

describe('a block of samples', () => {
  it('keeps every row while there is room', () => {
    const { rows, time, merged, last, min, max, mean } = block(8, [5, 1, 3])
    expect([rows, [...time], [...merged]]).toEqual([3, [1, 2, 3], [1, 1, 1]])
    for (const values of [last, min, max, mean]) expect(column(values, 0)).toEqual([5, 1, 3])
  })

  it('merges neighbours when there is none: last, extremes and mean stay right', () => {
    const { rows, time, merged, last, min, max, mean } = block(4, [5, 1, 3, 9, 2])
    expect(rows).toBe(3)
    expect([...time]).toEqual([2, 4, 5])
    expect([...merged]).toEqual([2, 2, 1])
    expect(column(last, 0)).toEqual([1, 9, 2])
    expect(column(min, 0)).toEqual([1, 3, 2])
    expect(column(max, 0)).toEqual([5, 9, 2])
    expect(column(mean, 0)).toEqual([3, 6, 2])
    expect(column(last, 1)).toEqual([10, 30, 40])
  })

  it('never holds more rows than it may, and loses no sample, however many come', () => {
    for (const maxRows of [2, 3, 7, 512]) {
      const gauges = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 1009)
      const { rows, time, merged, last, min, max, mean } = block(maxRows, gauges)
      expect(rows).toBeLessThanOrEqual(maxRows)
      expect([...merged].reduce((a, b) => a + b, 0)).toBe(gauges.length)
      expect(time.at(-1)).toBe(gauges.length)
      expect(column(last, 0).at(-1)).toBe(gauges.at(-1))
      expect(Math.min(...column(min, 0))).toBe(Math.min(...gauges))
      expect(Math.max(...column(max, 0))).toBe(Math.max(...gauges))
      const weighted = column(mean, 0).reduce((sum, m, row) => sum + m * (merged[row] ?? 0), 0)
      expect(weighted).toBeCloseTo(
        gauges.reduce((a, b) => a + b, 0),
        3,
      )
    }
  })

  it('is empty after it was taken', () => {
    const builder = new BlockBuilder(1, 4)
    builder.add(1, Float64Array.of(1))
    builder.take()
    expect(builder.take().rows).toBe(0)
  })
})
