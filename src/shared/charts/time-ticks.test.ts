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

  it('shows the simulated clock in a brushed window, its ends and round instants between', () => {
    const ticks = timeTicks({ from: 3500, to: 7300 }, 440, false)
    expect(ticks.map((t) => t.label)).toEqual(['00:58:20', '01:20:00', '01:40:00', '02:01:40'])
    expect(timeTicks({ from: 1533, to: 1795 }, 160, false).map((t) => t.label)).toEqual([
      '00:25:33',
      '00:29:55',
    ])
  })

  it('leaves out seconds where days go by', () => {
    const ticks = timeTicks({ from: 86_400, to: 3 * 86_400 }, 160, false)
    expect(ticks.map((t) => t.label)).toEqual(['1 d', '3 d'])
  })

  it('keeps its labels apart', () => {
    for (const length of [0.2, 3, 70, 262, 5000, 1e5, 3e6]) {
      for (const width of [100, 160, 250, 440, 900]) {
        for (const following of [true, false]) {
          const ticks = timeTicks({ from: 17, to: 17 + length }, width, following)
          const x = ticks.map((t) => ((t.at - 17) / length) * width)
          for (let i = 1; i < x.length; i++) {
            const gap = (x[i] ?? 0) - (x[i - 1] ?? 0)
            expect(gap, `${length} s on ${width} px`).toBeGreaterThan(x.length > 2 ? 50 : 99)
          }
        }
      }
    }
  })

  it('never lets two labels touch, however narrow the plot is', () => {
    for (let width = 30; width < 700; width += 3) {
      for (const [from, to] of [
        [0, 327],
        [300_000.5, 300_327],
        [17, 4000],
        [86_399, 90_000],
      ] as const) {
        for (const following of [true, false]) {
          const ticks = timeTicks({ from, to }, width, following)
          let end = -Infinity
          ticks.forEach(({ at, label }) => {
            const wide = label.length * 6.3
            const x = ((at - from) / (to - from)) * width
            const left = at === from ? x : at === to ? x - wide : x - wide / 2
            expect(left, `${label} on ${width} px`).toBeGreaterThanOrEqual(end + 8)
            end = left + wide
          })
          expect(ticks.at(-1)?.at).toBe(to)
        }
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
