import { describe, expect, it } from 'vitest'
import { heights } from './annotate'
import type { ChartSpec } from '../../shared/charts/chart-spec'
import { lineEnds, readingOrder } from './draw-names'

const spec = (shape: ChartSpec['shape']): ChartSpec => ({
  id: 'x',
  title: 'X',
  unit: 'MB',
  help: '',
  meanings: [],
  shape,
  series: [],
  number: String,
  headline: () => '',
  read: () => ({ lines: [], peak: 0, newest: undefined, at: () => undefined, step: 1 }),
})

describe('what is written over a chart', () => {
  it('stands on the sum of a stack, and on the value of a line', () => {
    expect(heights(spec('stack'), [10, NaN, 5])).toEqual([10, 10, 15])
    expect(heights(spec('lines'), [10, 3])).toEqual([10, 3])
  })

  it('ties a name to the middle of its band in a stack, to the end of a line otherwise', () => {
    const lines = [new Float64Array([0, 1, 9, 10]), new Float64Array([0, 2, 9, 30])]
    expect(lineEnds(spec('stack'), lines)).toEqual([5, 20])
    expect(lineEnds(spec('lines'), lines)).toEqual([10, 30])
  })

  it('ties no name to a line without points', () => {
    expect(lineEnds(spec('lines'), [new Float64Array(0)])).toEqual([NaN])
  })

  it('names the bands of a stack from the top down, lines as they come', () => {
    const series = ['a', 'b', 'c'].map((id) => ({ id, name: id, colour: '--s1' }))
    expect(readingOrder({ ...spec('stack'), series })).toEqual([2, 1, 0])
    expect(readingOrder({ ...spec('lines'), series })).toEqual([0, 1, 2])
  })
})
