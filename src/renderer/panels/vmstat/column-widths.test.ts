import { describe, expect, it } from 'vitest'
import { columnWidths, gridColumns, longest } from './column-widths'

/** What SDET with a leak needs, and a herd of a thousand. */
const characters = [4, 4, 2, 6, 6, 6, 6, 4, 4, 5, 5, 5, 6, 3, 3, 3]

describe('columns of vmstat', () => {
  it('never run together, however little room there is', () => {
    for (let room = 300; room <= 2600; room += 7) {
      const widths = columnWidths(room, characters, 8)
      widths.columns.forEach((px, i) => {
        const digits = (characters[i] ?? 0) * 0.6 * widths.fontPx
        expect(px - digits, `column ${i} in ${room} px`).toBeGreaterThanOrEqual(6)
      })
    }
  })

  it('fit without scrolling beside a closed drawer in the smallest window', () => {
    // 853 px less the rail, the view's padding, the panel's own and a scroll bar.
    const room = 853 - 60 - 24 - 14 - 10
    expect(columnWidths(room, characters, 8).leastPx).toBeLessThanOrEqual(room)
  })

  it('use larger numbers and wider gaps where there is room, and only then', () => {
    const sizes = [500, 660, 700, 800, 1200].map((room) => columnWidths(room, characters, 8))
    expect(sizes.map(({ fontPx }) => fontPx)).toEqual([11, 11, 11.5, 12.5, 12.5])
    expect(sizes[0]!.leastPx).toBeGreaterThan(500)
    expect(sizes.slice(1).every(({ leastPx }, i) => leastPx <= [660, 700, 800, 1200][i]!)).toBe(
      true,
    )
  })

  it('share out what is left over', () => {
    const grid = gridColumns({ fontPx: 12.5, instantPx: 65, columns: [20, 40], leastPx: 125 })
    expect(grid).toBe('65px minmax(20px, 20fr) minmax(40px, 40fr)')
  })

  it('grow with their numbers and keep what they have', () => {
    const first = [2, 2, 4]
    const grown = longest(first, [' 12', '   9', '12345'])
    expect(grown).toEqual([2, 2, 5])
    expect(longest(grown, ['1', '1', '1'])).toBe(grown)
  })
})
