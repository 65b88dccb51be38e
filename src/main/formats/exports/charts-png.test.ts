import { inflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Exportable } from './exportable'
import { gathered, gatheredBytes, scenarioExport } from './exportable.test-support'
import { formatOf } from './formats'

/** Lines that are looked at: those of the first chart. */
const looked = 440

/** Width, height and the red of each point up there, of a PNG with 8 bits and 4 channels. */
function readPng(png: Buffer): { width: number; height: number; red: Uint8Array } {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  expect([png[24], png[25], png[28]]).toEqual([8, 6, 0])
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const type = png.subarray(at + 4, at + 8).toString('latin1')
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const rows = inflateSync(Buffer.concat(parts))
  const stride = width * 4
  const points = new Uint8Array(stride * looked)
  for (let row = 0; row < looked; row++) {
    const filter = rows[row * (stride + 1)]
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i
      const left = i < 4 ? 0 : (points[at - 4] ?? 0)
      const up = row === 0 ? 0 : (points[at - stride] ?? 0)
      const corner = i < 4 || row === 0 ? 0 : (points[at - stride - 4] ?? 0)
      const guess = guessed(filter ?? 0, left, up, corner)
      points[at] = (rows[row * (stride + 1) + 1 + i] ?? 0) + guess
    }
  }
  return { width, height, red: points.filter((_, at) => at % 4 === 0) }
}

/** What one of PNG's filters makes of the points around. */
function guessed(filter: number, left: number, up: number, corner: number): number {
  if (filter < 3) return filter === 0 ? 0 : filter === 1 ? left : up
  if (filter === 3) return (left + up) >> 1
  const guess = left + up - corner
  const a = Math.abs(guess - left)
  const b = Math.abs(guess - up)
  const c = Math.abs(guess - corner)
  return a <= b && a <= c ? left : b <= c ? up : corner
}

const bytesOf = (source: Exportable): Promise<Buffer> =>
  gatheredBytes(formatOf('png').write(source))

describe('charts as PNG', () => {
  let run: Exportable
  let png: Buffer
  let read: ReturnType<typeof readPng>
  beforeAll(async () => {
    run = scenarioExport('yield', 3)
    png = await bytesOf(run)
    read = readPng(png)
  })

  it('are as large as the SVG says, twice', async () => {
    const svg = await gathered(formatOf('svg').write(run))
    const [, width = 0, height = 0] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
    expect([read.width, read.height]).toEqual([2 * Number(width), 2 * Number(height)])
  })

  it('show lines and letters on a ground', () => {
    const { width, red } = read
    const seen = new Map<number, number>()
    for (const value of red) seen.set(value, (seen.get(value) ?? 0) + 1)
    expect(seen.size).toBeGreaterThan(20)
    // The title of the first chart, in ink: without a font there would be none.
    let ink = 0
    for (let y = 10; y < 40; y++) {
      for (let x = 16; x < 120; x++) if ((red[y * width + x] ?? 255) < 100) ink++
    }
    expect(ink).toBeGreaterThan(100)
  })

  it('are the same bytes for the same run', async () => {
    expect((await bytesOf(run)).equals(png)).toBe(true)
  })
})
