import { Zstd } from '@hpcc-js/wasm-zstd'
import * as zlib from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { Room } from './room'
import { loadZstd } from './zstd'
import { plainContent, plainFrame } from './zstd-frames'

/** Node's own, where it has one. */
const { zstdDecompressSync: own = (bytes: Uint8Array) => wasm.decompress(bytes) } = zlib as Partial<
  Record<'zstdDecompressSync', (bytes: Uint8Array) => Uint8Array>
>
let wasm: Zstd
beforeAll(async () => {
  wasm = await Zstd.load()
})
const repeated = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)

function lengthOrRefused(unpack: () => Uint8Array): number | string {
  try {
    return unpack().length
  } catch {
    return 'refused'
  }
}

describe('a frame without a library', () => {
  it.each([1, 2, 64, 255, 256, 257, 4096, 131_072, 131_073, 300_000])(
    'of one byte %d times is small, and what two libraries read',
    (length) => {
      for (const byte of [0, 7, 255]) {
        const bytes = repeated(length, byte)
        const frame = plainFrame(bytes)
        if (!frame) throw new Error('no frame')
        expect(frame.length).toBeLessThan(24)
        expect(Buffer.from(own(frame)).equals(bytes)).toBe(true)
        expect(Buffer.from(wasm.decompress(frame)).equals(bytes)).toBe(true)
        expect(Buffer.from(plainContent(frame, length) ?? []).equals(bytes)).toBe(true)
      }
    },
  )

  it('of few bytes has them as they are; of many different ones there is none', () => {
    for (let length = 2; length <= 64; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 37)
      const frame = plainFrame(bytes) ?? new Uint8Array(0)
      expect(Buffer.from(own(frame)).equals(bytes)).toBe(true)
      expect([...(plainContent(frame, length, new Room()) ?? [])]).toEqual([...bytes])
    }
    expect(plainFrame(Uint8Array.from({ length: 65 }, (_, i) => i))).toBeUndefined()
    expect(plainFrame(new Uint8Array(0))).toBeUndefined()
  })

  it('leaves what a library wrote to it, and refuses what is not as it says', async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 5)
    expect(plainContent(wasm.compress(bytes), bytes.length)).toBeUndefined()
    const frame = plainFrame(repeated(1000, 3)) ?? new Uint8Array(0)
    expect(() => plainContent(frame, 999)).toThrow('more in it than it says')
    expect(() => plainContent(frame, 1001)).toThrow('another length than it says')
    expect(() => plainContent(Uint8Array.from([...frame, 0]), 1000)).toThrow('another length')
    const zstd = await loadZstd()
    // Cut anywhere, with any byte another one: the content, a refusal, never something longer.
    for (let at = 0; at < frame.length; at++) {
      expect(() => zstd.decompress(frame.subarray(0, at), 1000)).toThrow()
      for (const flip of [1, 4, 16, 128]) {
        const odd = frame.slice()
        odd[at] = (odd[at] ?? 0) ^ flip
        expect([1000, 'refused']).toContain(lengthOrRefused(() => zstd.decompress(odd, 1000)))
      }
    }
  })
})
