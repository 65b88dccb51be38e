/**
 * The charts of a run as a PNG: what the SVG draws, in points. The rasteriser is WebAssembly, the
 * same on every machine, and has no font but the screen's own: nothing of the machine gets in.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chartsSvg } from './charts-svg'
import type { Exportable } from './exportable'

/** Points for each of the SVG's, so that it can be printed. */
const scale = 2
/** Latin, and Greek for its letters of units. */
const fonts = ['latin', 'greek'].map(
  (script) => `@fontsource-variable/inter/files/inter-${script}-wght-normal.woff2`,
)

type Rasteriser = (svg: string) => Uint8Array
let loaded: Promise<Rasteriser> | undefined

async function load(): Promise<Rasteriser> {
  const { resolve } = createRequire(import.meta.url)
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')))
  const fontBuffers = await Promise.all(fonts.map((font) => readFile(resolve(font))))
  return (svg) => {
    const drawn = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers, defaultFontFamily: 'Inter' },
    })
    const image = drawn.render()
    const bytes = image.asPng()
    image.free()
    drawn.free()
    return bytes
  }
}

export async function* chartsPng(source: Exportable): AsyncGenerator<Uint8Array> {
  let svg = ''
  for await (const piece of chartsSvg(source)) svg += piece
  const rasterise = await (loaded ??= load())
  yield rasterise(svg)
}
