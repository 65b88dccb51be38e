/**
 * ECharts, with nothing registered but what the charts draw: lines on two value axes, on a canvas.
 */
import { LineChart, type LineSeriesOption } from 'echarts/charts'
import { GridComponent, type GridComponentOption } from 'echarts/components'
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([LineChart, GridComponent, CanvasRenderer])

export { init }
export type { EChartsType, LineSeriesOption }
export type ChartOption = ComposeOption<LineSeriesOption | GridComponentOption>
