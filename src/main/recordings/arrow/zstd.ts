/**
 * Zstandard: Node's own where it has one (from 22.15 on), else the same library as WebAssembly.
 * What comes out is as long as it was said to be, or it is refused.
 */
import * as zlib from 'node:zlib'

export interface Zstd {
  compress(bytes: Uint8Array): Uint8Array
  /** @throws Error when it is damaged, or not exactly this long. */
  decompress(bytes: Uint8Array, length: number): Uint8Array
}

type Native = Partial<{
  zstdCompressSync(bytes: Uint8Array): Uint8Array
  zstdDecompressSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number; chunkSize: number },
  ): Uint8Array
}>

/** Least that Node's own takes. */
const leastChunk = 64

let loaded: Promise<Zstd> | undefined

export const loadZstd = (): Promise<Zstd> => (loaded ??= load())

async function load(): Promise<Zstd> {
  const { zstdCompressSync, zstdDecompressSync } = zlib as Native
  if (zstdCompressSync && zstdDecompressSync) {
    return {
      compress: (bytes) => zstdCompressSync(bytes),
      decompress: (bytes, length) =>
        ofLength(
          // Its own room is larger, and would be freed long after; one that is full gets another.
          zstdDecompressSync(checked(bytes, length), {
            maxOutputLength: Math.max(1, length),
            chunkSize: Math.max(leastChunk, length + 1),
          }),
          length,
        ),
    }
  }
  return loadWasm()
}

/** The WebAssembly one, which tests use beside Node's own. */
export async function loadWasm(): Promise<Zstd> {
  const { Zstd: Library } = await import('@hpcc-js/wasm-zstd')
  const library = await Library.load()
  return {
    compress: (bytes) => library.compress(bytes),
    decompress: (bytes, length) => ofLength(library.decompress(checked(bytes, length)), length),
  }
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes
  throw new Error(`a compressed buffer has ${bytes.length} bytes, and ${length} were promised`)
}

/**
 * A frame that says how much is in it, and says the truth: what is unpacked is never longer than
 * that (RFC 8878, 3.1.1).
 */
function checked(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== 0xfd2fb528) throw new Error('a buffer is no Zstandard frame')
  const descriptor = view.getUint8(4)
  const single = (descriptor & 0x20) !== 0
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  const said = [
    () => (single ? view.getUint8(at) : undefined),
    () => view.getUint16(at, true) + 256,
    () => view.getUint32(at, true),
    () => Number(view.getBigUint64(at, true)),
  ][descriptor >> 6]?.()
  if (said !== length) throw new Error('a compressed buffer has another length than was promised')
  return bytes
}
