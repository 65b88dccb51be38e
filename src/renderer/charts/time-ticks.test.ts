import { describe, expect, it } from 'vitest'
import { timeStep, timeTicks } from './time-ticks'

describe('time axis', () => {
  it('counts back from now while it follows the run', () => {
    const ticks = timeTicks({ from: 1000, to: 1600 }, 160, true)
    expect(ticks.map((t) => t.label)).toEqual(['−10 min', 'now'])
  })

  it('adds labels in between where there is room', () => {
    const ticks = timeTicks({ from: 1000, to: 1600 }, 400, true)
    expect(ticks.map((t) => t.label)).toEqual(['−10 min', '−5 min', 'now'])
    expect(ticks.map((t) => t.at)).toEqual([1000, 1300, 1600])
  })

  it('shows the simulated clock in a brushed window', () => {
    const ticks = timeTicks({ from: 3500, to: 7300 }, 330, false)
    expect(ticks.map((t) => t.label)).toEqual(['01:00', '01:20', '01:40', '02:00'])
  })

  it('never has more labels than fit', () => {
    for (const length of [0.2, 3, 70, 5000, 1e5, 3e6]) {
      for (const width of [100, 250, 900]) {
        const ticks = timeTicks({ from: 17, to: 17 + length }, width, false)
        expect(ticks.length).toBeLessThanOrEqual(Math.floor(width / 80) + 1)
      }
    }
  })

  it('has a step for spans below a second and above a month', () => {
    expect(timeStep(0.4, 4)).toBe(0.1)
    expect(timeStep(100 * 86_400, 4)).toBe(25 * 86_400)
  })

  it('has nothing to label in an empty window', () => {
    expect(timeTicks({ from: 5, to: 5 }, 300, true)).toEqual([])
  })
})
