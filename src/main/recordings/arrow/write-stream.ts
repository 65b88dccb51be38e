/**
 * Messages of an Arrow IPC stream (format version 1.0, metadata V5): a schema, then record batches,
 * each by itself a whole that a file may end after. Every message carries checksums of its head and
 * of its body as custom metadata, because Arrow has none; other readers pass over them.
 */
import { crc32 } from 'node:zlib'
import { Builder } from 'flatbuffers'
import { widthOf, type Column, type Values } from './columns'
import type { Zstd } from '../../formats/zstd'

export const continuation = 0xffff_ffff
export const headerType = { schema: 1, recordBatch: 3 } as const
/** Indices of Arrow's union of types, and of what a column of ours is in it. */
export const arrowType = { int: 2, floatingPoint: 3, utf8: 5 } as const
/** Stands in the head where its own checksum will be. */
export const noChecksum = '????????'

const hex = (crc: number): string => crc.toString(16).padStart(8, '0')

/** What a batch says of its rows beside Arrow's own, so that it can be passed over unread. */
export interface BatchSpan {
  /** First and last value of its first column. */
  readonly from: number
  readonly to: number
  /** What more is to be known to understand its values, as one text. */
  readonly before?: string | undefined
}

export function encodeSchema(
  columns: readonly Column[],
  about: Readonly<Record<string, string>>,
): Uint8Array {
  const builder = new Builder(1024)
  const shared: Shared = { none: vectorOf(builder, []), pairs: new Map() }
  const fields = columns.map((column) => encodeField(builder, column, shared))
  const fieldsAt = vectorOf(builder, fields)
  const aboutAt = keyValues(builder, about)
  builder.startObject(4)
  builder.addFieldInt16(0, 0, 1)
  builder.addFieldOffset(1, fieldsAt, 0)
  builder.addFieldOffset(2, aboutAt, 0)
  return message(builder, headerType.schema, builder.endObject(), [], {})
}

/** @param zstd compresses each buffer; without it they are as they are. */
export function encodeBatch(
  columns: readonly Column[],
  values: readonly Values[],
  span: BatchSpan,
  zstd?: Zstd,
): Uint8Array {
  const rows = values[0]?.length ?? 0
  const buffers = columns.flatMap(({ type }, c) => buffersOf(type, values[c] ?? []))
  const packed = zstd ? buffers.map((buffer) => compressed(buffer, zstd)) : buffers
  const builder = new Builder(1024 + 64 * columns.length)
  let compressionAt = 0
  if (zstd) {
    builder.startObject(2)
    builder.addFieldInt8(0, 1, 0)
    compressionAt = builder.endObject()
  }
  // Structs of a vector are written from the last to the first.
  let end = packed.reduce((sum, { length }) => sum + padded(length), 0)
  builder.startVector(16, packed.length, 8)
  for (const { length } of packed.toReversed()) {
    end -= padded(length)
    builder.writeInt64(BigInt(length))
    builder.writeInt64(BigInt(end))
  }
  const buffersAt = builder.endVector()
  builder.startVector(16, columns.length, 8)
  for (let c = 0; c < columns.length; c++) {
    builder.writeInt64(0n)
    builder.writeInt64(BigInt(rows))
  }
  const nodesAt = builder.endVector()
  builder.startObject(4)
  builder.addFieldInt64(0, BigInt(rows), 0n)
  builder.addFieldOffset(1, nodesAt, 0)
  builder.addFieldOffset(2, buffersAt, 0)
  if (compressionAt) builder.addFieldOffset(3, compressionAt, 0)
  const header = builder.endObject()
  const { from, to, before } = span
  const about = { from: String(from), to: String(to), ...(before === undefined ? {} : { before }) }
  return message(builder, headerType.recordBatch, header, packed, about)
}

function message(
  builder: Builder,
  type: number,
  header: number,
  buffers: readonly Uint8Array[],
  about: Readonly<Record<string, string>>,
): Uint8Array {
  const bodyLength = buffers.reduce((sum, { length }) => sum + padded(length), 0)
  const body = new Uint8Array(bodyLength)
  let at = 0
  for (const buffer of buffers) {
    body.set(buffer, at)
    at += padded(buffer.length)
  }
  const checksums = { 'crc32.body': hex(crc32(body)), 'crc32.head': noChecksum }
  const aboutAt = keyValues(builder, { ...about, ...checksums })
  builder.startObject(5)
  builder.addFieldInt16(0, 4, 0)
  builder.addFieldInt8(1, type, 0)
  builder.addFieldOffset(2, header, 0)
  builder.addFieldInt64(3, BigInt(bodyLength), 0n)
  builder.addFieldOffset(4, aboutAt, 0)
  builder.finish(builder.endObject())
  const flat = builder.asUint8Array()
  const head = new Uint8Array(padded(flat.length))
  head.set(flat)
  const sum = Buffer.from(hex(crc32(head)), 'latin1')
  head.set(sum, checksumPlace(head))
  const whole = new Uint8Array(8 + head.length + bodyLength)
  const view = new DataView(whole.buffer)
  view.setUint32(0, continuation, true)
  view.setInt32(4, head.length, true)
  whole.set(head, 8)
  whole.set(body, 8 + head.length)
  return whole
}

/** Where the checksum of a head will stand in it. */
function checksumPlace(head: Uint8Array): number {
  return Buffer.from(head.buffer, head.byteOffset, head.length).indexOf(noChecksum, 'latin1')
}

/** What many columns say alike stands in a schema once: a list that is empty, and words by text. */
interface Shared {
  readonly none: number
  readonly pairs: Map<string, number>
}

function encodeField(
  builder: Builder,
  { name, type, about = {} }: Column,
  { none, pairs }: Shared,
): number {
  const nameAt = builder.createString(name)
  const words = JSON.stringify(about)
  const aboutAt = pairs.get(words) ?? keyValues(builder, about)
  pairs.set(words, aboutAt)
  const [kind, typeAt] = encodeType(builder, type)
  builder.startObject(7)
  builder.addFieldOffset(0, nameAt, 0)
  builder.addFieldInt8(1, 0, 1)
  builder.addFieldInt8(2, kind, 0)
  builder.addFieldOffset(3, typeAt, 0)
  builder.addFieldOffset(5, none, 0)
  builder.addFieldOffset(6, aboutAt, 0)
  return builder.endObject()
}

function encodeType(builder: Builder, type: Column['type']): [kind: number, at: number] {
  if (type === 'text') {
    builder.startObject(0)
    return [arrowType.utf8, builder.endObject()]
  }
  if (type === 'float64' || type === 'float32') {
    builder.startObject(1)
    builder.addFieldInt16(0, type === 'float64' ? 2 : 1, 0)
    return [arrowType.floatingPoint, builder.endObject()]
  }
  builder.startObject(2)
  builder.addFieldInt32(0, 8 * widthOf[type], 0)
  builder.addFieldInt8(1, type.startsWith('int') ? 1 : 0, 0)
  return [arrowType.int, builder.endObject()]
}

function keyValues(builder: Builder, words: Readonly<Record<string, string>>): number {
  const pairs = Object.entries(words).map(([key, value]) => {
    const keyAt = builder.createString(key)
    const valueAt = builder.createString(value)
    builder.startObject(2)
    builder.addFieldOffset(0, keyAt, 0)
    builder.addFieldOffset(1, valueAt, 0)
    return builder.endObject()
  })
  return vectorOf(builder, pairs)
}

function vectorOf(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4)
  for (const offset of offsets.toReversed()) builder.addOffset(offset)
  return builder.endVector()
}

/** Validity, of which there is none to say, and values; of text, where each ends, and the bytes. */
function buffersOf(type: Column['type'], values: Values): Uint8Array[] {
  const none = new Uint8Array(0)
  if (type !== 'text') return [none, bytesOf(values)]
  const texts = (values as readonly string[]).map((text) => Buffer.from(text))
  const ends = new Int32Array(texts.length + 1)
  texts.forEach((text, i) => (ends[i + 1] = (ends[i] ?? 0) + text.length))
  return [none, bytesOf(ends), Buffer.concat(texts)]
}

function bytesOf(values: Values): Uint8Array {
  if (!ArrayBuffer.isView(values)) throw new TypeError('text where numbers belong')
  const { buffer, byteOffset, byteLength } = values as Float64Array
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** As Arrow has it: the length that it will have again, and the frame. */
function compressed(buffer: Uint8Array, zstd: Zstd): Uint8Array {
  if (buffer.length === 0) return buffer
  const frame = zstd.compress(buffer)
  const whole = new Uint8Array(8 + frame.length)
  new DataView(whole.buffer).setBigInt64(0, BigInt(buffer.length), true)
  whole.set(frame, 8)
  return whole
}

const padded = (length: number): number => Math.ceil(length / 8) * 8
