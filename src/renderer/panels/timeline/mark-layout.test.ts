import { describe, expect, it } from 'vitest'
import { placeMarks } from './mark-layout'

describe('labels of marks', () => {
  it('stand on the first line while they have room', () => {
    const placed = placeMarks([0, 300, 600], [100, 100, 100], 1000, 2)
    expect(placed.map((mark) => mark.lane)).toEqual([0, 0, 0])
    expect(placed.map((mark) => mark.index)).toEqual([0, 1, 2])
  })

  it('take the next line, then none, where they would cover each other', () => {
    const placed = placeMarks([50, 60, 70], [100, 100, 100], 1000, 2)
    expect(placed.map((mark) => mark.lane)).toEqual([undefined, 1, 0])
  })

  it('turn to the left where the right is taken', () => {
    const placed = placeMarks([400, 410, 420], [100, 100, 100], 1000, 2)
    expect(placed.map(({ lane, toLeft }) => [lane, toLeft])).toEqual([
      [0, true],
      [1, false],
      [0, false],
    ])
  })

  it('turn to the left at the right edge', () => {
    const [mark] = placeMarks([950], [120], 1000, 2)
    expect(mark).toMatchObject({ toLeft: true, lane: 0 })
  })

  it('leave the shapes of other marks free: those stand in the first line', () => {
    const placed = placeMarks([100, 180, 240], [100, 100, 300], 260, 2)
    expect(placed[1]).toMatchObject({ lane: 1, toLeft: true })
    for (const { lane, toLeft, x, index } of placed) {
      if (lane !== 0) continue
      const others = [100, 180, 240].filter((other) => other !== x)
      const width = [100, 100, 300][index] ?? 0
      const [from, to] = toLeft ? [x - width, x] : [x, x + width]
      expect(others.filter((other) => other > from && other < to)).toEqual([])
    }
  })

  it('never overlap, whatever comes', () => {
    const xs = Array.from({ length: 200 }, (_, i) => ((i * 7919) % 1000) + 0.5).sort(
      (a, b) => a - b,
    )
    const widths = xs.map((_, i) => 20 + ((i * 31) % 150))
    const placed = placeMarks(xs, widths, 1000, 3)
    for (let lane = 0; lane < 3; lane++) {
      const spans = placed
        .filter((mark) => mark.lane === lane)
        .map(({ index, x, toLeft }) => {
          const width = widths[index] ?? 0
          return toLeft ? [x - width, x] : [x, x + width]
        })
        .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
      for (let i = 1; i < spans.length; i++) {
        expect(spans[i]?.[0]).toBeGreaterThanOrEqual(spans[i - 1]?.[1] ?? 0)
      }
      for (const span of spans) expect(span[1]).toBeLessThanOrEqual(1000)
    }
    expect(placed.filter((mark) => mark.lane !== undefined).length).toBeGreaterThan(10)
  })
})
