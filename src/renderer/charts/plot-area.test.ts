import { describe, expect, it } from 'vitest'
import { looksTheSame, secondsAt, xOf, yOf, type PlotArea } from './plot-area'

const plot: PlotArea = {
  left: 40,
  right: 240,
  top: 10,
  bottom: 110,
  range: { from: 1000, to: 1600 },
  end: 50,
}
const slid = (seconds: number): PlotArea => ({
  ...plot,
  range: { from: 1000 + seconds, to: 1600 + seconds },
})

describe('the plot of a chart', () => {
  it('places instants and values to the pixel', () => {
    expect(xOf(plot, 1000)).toBe(40)
    expect(xOf(plot, 1600)).toBe(240)
    expect(yOf(plot, 0)).toBe(110)
    expect(yOf(plot, 50)).toBe(10)
  })

  it('finds the instant at a position, and stays inside the window', () => {
    expect(secondsAt(plot, xOf(plot, 1234))).toBeCloseTo(1234, 9)
    expect(secondsAt(plot, 0)).toBe(1000)
    expect(secondsAt(plot, 999)).toBe(1600)
  })

  it('looks the same until it has slid by a pixel', () => {
    expect(looksTheSame(plot, slid(2.9))).toBe(true)
    expect(looksTheSame(plot, slid(3.1))).toBe(false)
  })

  it('looks different in another size, another window or with another end', () => {
    expect(looksTheSame(plot, { ...plot, right: 241 })).toBe(false)
    expect(looksTheSame(plot, { ...plot, range: { from: 0, to: 1600 } })).toBe(false)
    expect(looksTheSame(plot, { ...plot, end: 60 })).toBe(false)
    expect(looksTheSame(plot, { ...plot, end: 50.2 })).toBe(true)
  })
})
