/**
 * Zstandard: Node's own where it has one (from 22.15 on), else the same library as WebAssembly.
 * What comes out is as long as it was said to be, or it is refused.
 */
import * as zlib from 'node:zlib'
import type { Room } from './room'
import { plainContent, plainFrame } from './zstd-frames'

/** With a room, what it gives may be in there, and is then good until the next. */
export interface Zstd {
  compress(bytes: Uint8Array, room?: Room): Uint8Array
  /** @throws Error when it is damaged, or not exactly this long. */
  decompress(bytes: Uint8Array, length: number, room?: Room): Uint8Array
}

type Native = Partial<{
  zstdCompressSync(
    bytes: Uint8Array,
    options: { chunkSize: number; params: Readonly<Record<number, number>> },
  ): Uint8Array
  zstdDecompressSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number; chunkSize: number },
  ): Uint8Array
}>

/**
 * A third less time than Zstandard's usual 3, and 3 % more bytes, for the columns of an hour of
 * soak-day (measured on the 1,468 buffers that its recording compresses).
 */
const level = 2
const { ZSTD_c_compressionLevel: levelKey } = zlib.constants as Partial<Record<string, number>>
const params = levelKey === undefined ? {} : { [levelKey]: level }

/** Least that Node's own takes. */
const leastChunk = 64
/** What is as large is never a part of the memory that small buffers share. */
const ownChunk = Buffer.poolSize

let loaded: Promise<Zstd> | undefined

export const loadZstd = (): Promise<Zstd> => (loaded ??= load())

async function load(): Promise<Zstd> {
  const { zstdCompressSync, zstdDecompressSync } = zlib as Native
  if (zstdCompressSync && zstdDecompressSync) {
    return {
      compress: (bytes, room) => {
        const plain = plainFrame(bytes)
        if (plain) return plain
        const chunkSize = Math.max(ownChunk, bytes.length)
        return moved(zstdCompressSync(bytes, { chunkSize, params }), room)
      },
      decompress: (bytes, length, room) => {
        const plain = plainContent(checked(bytes, length), length, room)
        if (plain) return plain
        // Its own room is larger, and would be freed long after; one that is full gets another.
        const chunkSize = Math.max(room ? ownChunk : leastChunk, length + 1)
        const maxOutputLength = Math.max(1, length)
        const found = zstdDecompressSync(bytes, { maxOutputLength, chunkSize })
        return moved(ofLength(found, length), room)
      },
    }
  }
  return loadWasm()
}

/** The WebAssembly one, which tests use beside Node's own. */
export async function loadWasm(): Promise<Zstd> {
  const { Zstd: Library } = await import('@hpcc-js/wasm-zstd')
  const library = await Library.load()
  return {
    compress: (bytes) => plainFrame(bytes) ?? library.compress(bytes, level),
    decompress: (bytes, length) =>
      plainContent(checked(bytes, length), length) ?? ofLength(library.decompress(bytes), length),
  }
}

/**
 * Into the room, and its own memory is given back at once where the engine can (from Node 22 on):
 * Node's zlib streams live longer than they are used, and what they wrote with them.
 */
function moved(own: Uint8Array, room: Room | undefined): Uint8Array {
  if (!room) return own
  const taken = room.take(own.length)
  taken.set(own)
  const memory = own.buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }
  memory.transfer?.(0)
  return taken
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
