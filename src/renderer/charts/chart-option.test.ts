import { describe, expect, it } from 'vitest'
import { chartFrame, chartUpdate, seriesOrder } from './chart-option'
import type { ChartReading, ChartSpec } from '../../shared/charts/chart-spec'
import type { ChartTheme } from './theme'

const theme: ChartTheme = {
  colour: (property) => (property === '--panel' ? '#000000' : '#ffffff'),
  words: 'Inter',
  numbers: 'JetBrains Mono',
}
const lines = [new Float64Array([0, 1, 1, 2]), new Float64Array([0, 3, 1, 4])]
const reading: ChartReading = { lines, peak: 4, newest: undefined, at: () => undefined, step: 1 }
const spec = (shape: ChartSpec['shape']): ChartSpec => ({
  id: 'memory',
  title: 'Memory',
  unit: 'MB',
  help: '',
  meanings: [],
  shape,
  series: [
    { id: 'kernel', name: 'kernel', colour: '--s1' },
    { id: 'free', name: 'free', colour: '--s2' },
  ],
  number: String,
  headline: () => '',
  read: () => reading,
})
const plot = { left: 40, right: 300, top: 14, bottom: 114, range: { from: 10, to: 70 }, end: 8 }

describe('options for ECharts', () => {
  it('switch off everything that is decoration and costs time', () => {
    const option = chartFrame(spec('lines'), theme)
    expect(option.animation).toBe(false)
    expect(option).not.toHaveProperty('tooltip')
    expect(option).not.toHaveProperty('legend')
    for (const series of [option.series ?? []].flat()) {
      expect(series).toMatchObject({ showSymbol: false, silent: true, animation: false })
    }
  })

  it('paint a stack from the top band down, opaque, with a hairline in the colour of the panel', () => {
    expect(seriesOrder(spec('stack'))).toEqual([1, 0])
    expect(seriesOrder(spec('lines'))).toEqual([0, 1])
    const [top] = [chartFrame(spec('stack'), theme).series ?? []].flat()
    expect(top).toMatchObject({
      id: 'free',
      lineStyle: { color: '#000000' },
      areaStyle: { opacity: 1, color: 'rgb(217, 217, 217)' },
    })
  })

  it('lay a lower band over those above it, also when it is new among them', () => {
    const option = chartFrame(spec('stack'), theme)
    const [free, kernel] = [option.series ?? []].flat() as { id: string; z: number }[]
    expect([free?.id, kernel?.id]).toEqual(['free', 'kernel'])
    expect(kernel?.z).toBeGreaterThan(free?.z ?? Infinity)
    expect(kernel?.z).toBeLessThan((option.yAxis as { z: number }).z)
  })

  it('hand over the typed arrays themselves, each to its own series', () => {
    const option = chartUpdate(spec('stack'), reading, plot, { width: 400, height: 134 })
    const series = [option.series ?? []].flat()
    expect(series.map((s) => s.id)).toEqual(['free', 'kernel'])
    expect(series[0]?.data).toBe(lines[1])
    expect(series[1]?.data).toBe(lines[0])
  })

  it('place the plot to the pixel, without any text', () => {
    const option = chartUpdate(spec('lines'), reading, plot, { width: 400, height: 134 })
    expect(option.grid).toEqual({ left: 40, right: 100, top: 14, bottom: 20 })
    expect(option.xAxis).toEqual({ min: 10, max: 70 })
    expect(option.yAxis).toEqual({ max: 8, interval: 4 })
    const slid = chartUpdate(spec('lines'), reading, plot, { width: 400, height: 134 }, true)
    expect(Object.keys(slid).sort()).toEqual(['series', 'xAxis'])
    const frame = chartFrame(spec('lines'), theme)
    expect(frame.xAxis).toMatchObject({ axisLabel: { show: false } })
    expect(frame.yAxis).toMatchObject({ axisLabel: { show: false } })
  })
})
