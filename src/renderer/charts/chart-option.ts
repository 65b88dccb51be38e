import { valueTicks } from '../../shared/charts/axis-scale'
import type { ChartReading, ChartSpec } from '../../shared/charts/chart-spec'
import { mixed } from './colour'
import type { ChartOption, LineSeriesOption } from './echarts'
import type { PlotArea } from './plot-area'
import type { ChartTheme } from './theme'

/** Grid lines of a stack; its bands lie below them. */
const stackZ = 3

/**
 * Everything of a chart that stays while samples come in. Words and numbers are left to the layer
 * above, which has to write the values at the crosshair anyhow: text is what ECharts spends most
 * on.
 */
export function chartFrame(spec: ChartSpec, theme: ChartTheme): ChartOption {
  const line = theme.colour('--line')
  const bare = { axisTick: { show: false }, axisLabel: { show: false }, silent: true } as const
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { outerBoundsMode: 'none' },
    xAxis: {
      ...bare,
      type: 'value',
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: line } },
    },
    yAxis: {
      ...bare,
      type: 'value',
      min: 0,
      // Grid lines lie over the filled areas of a stack, thin enough to leave them whole.
      z: spec.shape === 'stack' ? stackZ : 0,
      splitLine: {
        lineStyle: { color: line, width: 1, opacity: spec.shape === 'stack' ? 0.45 : 1 },
      },
      axisLine: { show: false },
    },
    series: seriesOrder(spec).map((index) => seriesFrame(spec, index, theme)),
  }
}

/**
 * Stacked areas are painted from the top one down, each from the axis up and opaque, so that every
 * one covers what lies beneath it. ECharts is spared the stacking.
 */
export function seriesOrder(spec: ChartSpec): number[] {
  const order = spec.series.map((_, index) => index)
  return spec.shape === 'stack' ? order.reverse() : order
}

function seriesFrame(spec: ChartSpec, index: number, theme: ChartTheme): LineSeriesOption {
  const series = spec.series[index]
  const colour = theme.colour(series?.colour ?? '--text')
  const common: LineSeriesOption = {
    type: 'line',
    id: series?.id ?? String(index),
    dimensions: ['seconds', 'value'],
    symbol: 'none',
    showSymbol: false,
    silent: true,
    animation: false,
    emphasis: { disabled: true },
    legendHoverLink: false,
  }
  if (spec.shape !== 'stack') {
    return { ...common, lineStyle: { color: colour, width: 1.6, join: 'round' } }
  }
  const panel = theme.colour('--panel')
  return {
    ...common,
    // ECharts keeps who was there before below who comes later, whatever the order now; a lower
    // band lies above.
    z: stackZ - (index + 1) / (spec.series.length + 1),
    // The hairline in the panel's colour parts neighbours that look alike in greyscale.
    lineStyle: { color: panel, width: 0.75, opacity: 0.6 },
    areaStyle: { color: mixed(colour, panel, 0.85), opacity: 1, origin: 'start' },
  }
}

/**
 * What changes with every update: the points and the window; and, unless they are known to be what
 * they were, the axis end and the place of the plot.
 */
export function chartUpdate(
  spec: ChartSpec,
  reading: ChartReading,
  plot: PlotArea,
  size: { readonly width: number; readonly height: number },
  slidOnly = false,
): ChartOption {
  const parts = valueTicks(plot.end, plot.bottom - plot.top).length - 1
  const place = {
    grid: {
      left: plot.left,
      right: size.width - plot.right,
      top: plot.top,
      bottom: size.height - plot.bottom,
    },
    yAxis: { max: plot.end, interval: plot.end / parts },
  }
  return {
    ...(slidOnly ? {} : place),
    xAxis: { min: plot.range.from, max: plot.range.to },
    series: seriesOrder(spec).map((index) => ({
      id: spec.series[index]?.id ?? String(index),
      type: 'line',
      data: reading.lines[index] ?? new Float64Array(0),
    })),
  } as ChartOption
}
