import { describe, expect, it } from 'vitest'
import { cardEdgesPx, chartLayout, placeNames, type NameSize } from './chart-layout'

/** CPU by function with long names, and a chart of two lines. */
const functions: NameSize[] = [20, 34, 62, 74, 80, 118, 30].map((name) => ({ name, value: 25 }))
const two: NameSize[] = [42, 46].map((name) => ({ name, value: 32 }))
const inOrder = (sizes: readonly unknown[]): number[] => sizes.map((_, i) => i)

describe('the layout of a chart', () => {
  it('gives the plot three quarters of the card at every width', () => {
    for (const sizes of [functions, two]) {
      for (let card = 220; card <= 2600; card += 3) {
        const width = card - cardEdgesPx
        const { left, right } = chartLayout(width, 150, sizes, inOrder(sizes))
        expect((right - left) / card, `${card} px`).toBeGreaterThanOrEqual(0.75)
        expect(right).toBeLessThanOrEqual(width)
      }
    }
  })

  it('names lines at their ends where the card is wide, above the plot where it is not', () => {
    expect(chartLayout(900, 300, two, [0, 1]).names).toBeUndefined()
    expect(chartLayout(300, 150, two, [0, 1]).names).toHaveLength(2)
  })

  it('leaves the plot more than a third of the height, however many names there are', () => {
    for (let width = 210; width < 640; width += 5) {
      for (const height of [150, 190, 240]) {
        const { top, bottom } = chartLayout(width, height, functions, inOrder(functions))
        expect((bottom - top) / height, `${width}×${height}`).toBeGreaterThan(0.36)
      }
    }
  })
})

describe('names above a plot', () => {
  it('neither overlap nor leave the canvas, and none is left out', () => {
    for (let width = 200; width < 640; width += 3) {
      const { places, lines } = placeNames(functions, inOrder(functions), width, 4)
      const ends = new Map<number, number>()
      places.forEach((place, i) => {
        if (!place) throw new Error(`name ${i} has no place at ${width} px`)
        expect(place.x).toBeGreaterThanOrEqual(ends.get(place.line) ?? 0)
        const end = place.x + 13 + place.room + 5 + functions[i]!.value
        expect(end).toBeLessThanOrEqual(width)
        ends.set(place.line, end + 8)
        expect(place.line).toBeLessThan(lines)
      })
    }
  })

  it('are shortened, the longest first, where they would take too many lines', () => {
    const free = placeNames(functions, inOrder(functions), 230, 9)
    const tight = placeNames(functions, inOrder(functions), 230, 3)
    expect(free.lines).toBeGreaterThan(3)
    expect(tight.lines).toBe(3)
    expect(tight.places[0]?.room).toBe(20)
    expect(tight.places[5]?.room).toBeLessThan(118)
  })

  it('stand in the order in which they are read', () => {
    const { places } = placeNames(two, [1, 0], 400, 1)
    expect(places[1]?.x).toBe(0)
    expect(places[0]?.x).toBeGreaterThan(46)
  })

  it('have no place for a series without a name', () => {
    expect(placeNames([undefined, two[0]], [0, 1], 300, 2).places[0]).toBeUndefined()
    expect(placeNames([undefined], [0], 300, 2).lines).toBe(0)
  })
})
