import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readPacked } from './read-packed'

const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 251)
const packed = gzipSync(bytes)

describe('a packed file', () => {
  it('is read whole', async () => {
    expect(await readPacked(new Blob([packed]), bytes.length)).toEqual(bytes)
  })

  it('is refused where it is too large, cut off, or not packed', async () => {
    expect(await readPacked(new Blob([packed]), bytes.length - 1)).toMatch(/larger than 99999/)
    expect(await readPacked(new Blob([packed.subarray(0, 500)]), 1e6)).toMatch(/cut off/)
    expect(await readPacked(new Blob(['vmstat']), 1e6)).toMatch(/not packed/)
  })
})
