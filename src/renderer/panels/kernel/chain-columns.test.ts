import { describe, expect, it } from 'vitest'
import { chainColumns, chainTotals } from './chain-columns'

const lengths = Uint16Array.of(0, 3, 1, 0, 0, 0, 7)

describe('hash chains', () => {
  it('are gathered to columns with the longest chain, its bucket and the mean of each', () => {
    const columns = chainColumns(lengths, 4)
    expect(columns.bucketsPerColumn).toBe(2)
    expect([...columns.longest]).toEqual([3, 1, 0, 7])
    expect([...columns.bucket]).toEqual([1, 2, 4, 6])
    expect([...columns.mean]).toEqual([1.5, 0.5, 0, 7])
  })

  it('are one column each where there is room', () => {
    expect(chainColumns(lengths, 100).bucketsPerColumn).toBe(1)
    expect([...chainColumns(lengths, 100).longest]).toEqual([...lengths])
  })

  it('are told by entries, empty share, longest and the mean walk of a lookup', () => {
    const totals = chainTotals(lengths)
    expect(totals.entries).toBe(11)
    expect(totals.empty).toBeCloseTo(4 / 7, 12)
    expect(totals.longest).toBe(7)
    // 1+2+3, 1 and 1+…+7 steps for 11 entries.
    expect(totals.walk).toBeCloseTo(35 / 11, 12)
  })

  it('have nothing to tell in an empty table', () => {
    expect(chainTotals(new Uint16Array(4))).toEqual({ entries: 0, empty: 1, walk: 0, longest: 0 })
    expect(chainColumns(new Uint16Array(0), 10).longest.length).toBe(0)
  })
})
