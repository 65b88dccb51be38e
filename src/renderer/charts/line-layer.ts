import { chartFrame, chartUpdate } from './chart-option'
import type { ChartReading, ChartSpec } from '../../shared/charts/chart-spec'
import { init, type EChartsType } from './echarts'
import { hasOnlySlid, looksTheSame, type PlotArea } from './plot-area'
import type { ChartTheme } from './theme'

export interface LayerSize {
  readonly width: number
  readonly height: number
  /** Device pixels to a pixel of these. */
  readonly ratio: number
}

/**
 * The lines of a chart, drawn by ECharts beside the page: the picture is painted onto the chart's
 * one canvas, because every canvas on the page is a layer that costs time with each frame. ECharts
 * keeps identities of its own, and nothing of it may become reactive, so it lives in here.
 */
export class LineLayer {
  private chart: EChartsType | undefined
  private framed:
    { readonly spec: ChartSpec; readonly theme: ChartTheme; readonly series: string } | undefined
  private drawn: PlotArea | undefined
  private ratio = 0
  private readonly element = document.createElement('div')

  /** Paints the picture as it is, pixel by pixel: scaled by a fraction its lines would blur. */
  paintOn(g: CanvasRenderingContext2D): void {
    const picture = this.element.querySelector('canvas')
    if (!picture) return
    g.save()
    g.resetTransform()
    g.drawImage(picture, 0, 0)
    g.restore()
  }

  /**
   * Draws, unless it would look as it does already. Returns the plot that is now on the screen,
   * which everything else has to be placed by.
   * @param exact draws in any case: for a run that stands still
   */
  draw(
    spec: ChartSpec,
    theme: ChartTheme,
    reading: ChartReading,
    plot: PlotArea,
    size: LayerSize,
    exact: boolean,
  ): PlotArea {
    const series = spec.series.map(({ id, colour }) => `${id} ${colour}`).join()
    const { framed } = this
    const isFramed =
      framed?.spec === spec &&
      framed.theme === theme &&
      framed.series === series &&
      size.ratio === this.ratio
    if (!exact && isFramed && this.drawn && looksTheSame(this.drawn, plot)) return this.drawn
    const { width, height, ratio } = size
    // ECharts keeps the ratio that it began with.
    if (ratio !== this.ratio) this.dispose()
    this.ratio = ratio
    if (!this.chart) {
      const how = { renderer: 'canvas', devicePixelRatio: ratio, width, height } as const
      this.chart = init(this.element, null, how)
      stopAnimationLoop(this.chart)
    } else if (this.chart.getWidth() !== width || this.chart.getHeight() !== height) {
      this.chart.resize({ width, height, silent: true })
    }
    if (!isFramed) {
      this.chart.setOption(chartFrame(spec, theme), { notMerge: true, lazyUpdate: true })
      this.framed = { spec, theme, series }
    }
    const slidOnly = isFramed && this.drawn !== undefined && hasOnlySlid(this.drawn, plot)
    this.chart.setOption(chartUpdate(spec, reading, plot, size, slidOnly), { silent: true })
    this.drawn = plot
    return plot
  }

  dispose(): void {
    this.chart?.dispose()
    this.chart = undefined
  }
}

/**
 * setOption draws at once. The loop that ECharts starts beside it, for animations that there are
 * none of, would only ask for frames; every change starts it again, so it is taken out for good.
 */
function stopAnimationLoop(chart: EChartsType): void {
  const { animation } = chart.getZr()
  animation.stop()
  animation.start = () => {}
}
