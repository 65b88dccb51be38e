/** The charts of a run as one SVG, one below the other, with what they are of at the bottom. */
import { escapeXml, svgChart, type SvgLook } from '../../../shared/charts/svg-chart'
import { lightColour } from './colours'
import { chartedOf } from './charted'
import { profiledOf, type Exportable } from './exportable'
import { readableSpan } from './readable-span'

const look: SvgLook = {
  width: 900,
  height: 240,
  colour: lightColour,
  font: 'Inter, Helvetica, Arial, sans-serif',
}
const footPx = 34

export async function* chartsSvg(source: Exportable): AsyncGenerator<string> {
  const { charts, range } = await chartedOf(source, (await profiledOf(source)).machine)
  const height = charts.length * look.height + footPx
  const { about } = source
  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${look.width} ${height}" width="${look.width}" height="${height}" font-family="${look.font}" font-size="11">\n`
  yield `<rect width="100%" height="100%" fill="${lightColour('--panel')}"/>\n`
  for (const [at, chart] of charts.entries()) {
    yield `<g transform="translate(0 ${at * look.height})">`
    yield svgChart(chart, range, source.marks, look)
    yield '</g>\n'
  }
  const { title, version, seed, digest } = about
  const words = [
    ...[title, ...(seed === undefined ? [] : [`seed ${seed}`])],
    `${readableSpan(range)} of simulated time`,
    ...(version === '' ? [] : [`Soakscope ${version}`]),
    ...(digest === '' ? [] : [`digest ${digest}`]),
  ].join(' · ')
  yield `<text x="8" y="${height - 12}" fill="${lightColour('--text-dim')}">${escapeXml(words)}</text>\n</svg>\n`
}
