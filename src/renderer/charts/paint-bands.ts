import type { ChartSpec } from '../../shared/charts/chart-spec'
import { xOf, yOf, type PlotArea } from './plot-area'
import type { ChartTheme } from './theme'

/**
 * What each series was between, under its line: a second's trouble in a picture of ten hours. A
 * band is at least a pixel wide and high, so that it is seen.
 */
export function paintBands(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  spec: ChartSpec,
  bands: readonly (Float64Array | undefined)[] | undefined,
  plot: PlotArea,
): void {
  if (!bands) return
  g.save()
  g.beginPath()
  g.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top)
  g.clip()
  g.globalAlpha = 0.3
  bands.forEach((band, index) => {
    if (!band) return
    g.fillStyle = theme.colour(spec.series[index]?.colour ?? '--text')
    let before = plot.left
    for (let k = 0; k < band.length; k += 3) {
      const [at = 0, least = NaN, most = NaN] = band.subarray(k, k + 3)
      const x = xOf(plot, at)
      const left = Math.max(before, plot.left)
      before = x
      if (!(most > least) || x < plot.left) continue
      const top = yOf(plot, most)
      g.fillRect(left, top, Math.max(1, x - left), Math.max(1, yOf(plot, least) - top))
    }
  })
  g.restore()
}
