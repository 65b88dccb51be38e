/**
 * Frames of Zstandard that need no library (RFC 8878, 3.1.1): one byte over and over, or few bytes
 * as they are. Most columns of a batch are such, and a context of a library for each costs more
 * than everything else that is done for it.
 */
import type { Room } from './room'

/** Nothing shorter becomes smaller by what it takes to say how. */
const shortMax = 64
const blockMax = 128 * 1024
const frameMagic = 0xfd2fb528
const kinds = { raw: 0, repeated: 1 } as const

/** Undefined where it takes a library. */
export function plainFrame(bytes: Uint8Array): Uint8Array | undefined {
  const { length } = bytes
  if (length === 0) return undefined
  if (isOneByte(bytes)) return framed(length, kinds.repeated, bytes)
  return length <= shortMax ? framed(length, kinds.raw, bytes) : undefined
}

function isOneByte(bytes: Uint8Array): boolean {
  const [first] = bytes
  for (let i = 1; i < bytes.length; i++) if (bytes[i] !== first) return false
  return true
}

function framed(length: number, kind: number, bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(length / blockMax)
  const isShort = length < 256
  const head = isShort ? 6 : 9
  const body = kind === kinds.raw ? length : blocks
  const frame = new Uint8Array(head + 3 * blocks + body)
  const view = new DataView(frame.buffer)
  view.setUint32(0, frameMagic, true)
  // A single segment, whose length has one byte or four.
  view.setUint8(4, isShort ? 0x20 : 0xa0)
  if (isShort) view.setUint8(5, length)
  else view.setUint32(5, length, true)
  let at = head
  for (let left = length; left > 0; left -= blockMax) {
    const size = Math.min(left, blockMax)
    const said = (size << 3) | (kind << 1) | (left <= blockMax ? 1 : 0)
    view.setUint16(at, said & 0xffff, true)
    view.setUint8(at + 2, said >> 16)
    if (kind === kinds.raw) frame.set(bytes, at + 3)
    else frame[at + 3] = bytes[0] ?? 0
    at += 4
  }
  return frame
}

/**
 * What is in such a frame, whose head was checked; undefined where it takes a library.
 * @throws RangeError when it is not as long as it was said to be
 */
export function plainContent(
  frame: Uint8Array,
  length: number,
  room?: Room,
): Uint8Array | undefined {
  const descriptor = frame[4]!
  // A single segment with neither checksum nor dictionary, as they are written here.
  if (descriptor !== 0x20 && descriptor !== 0xa0) return undefined
  const head = descriptor === 0x20 ? 6 : 9
  if (!isPlain(frame, head)) return undefined
  const content = room?.take(length) ?? new Uint8Array(length)
  let filled = 0
  for (let at = head; ;) {
    const { kind, size, isLast } = blockAt(frame, at)
    if (filled + size > length)
      throw new RangeError('a compressed buffer has more in it than it says')
    if (kind === kinds.repeated) content.fill(frame[at + 3]!, filled, filled + size)
    else content.set(frame.subarray(at + 3, at + 3 + size), filled)
    filled += size
    at += 3 + (kind === kinds.repeated ? 1 : size)
    if (!isLast) continue
    if (filled === length && at === frame.length) return content
    throw new RangeError('a compressed buffer has another length than it says')
  }
}

/** Whether every block of it is whole, and of these kinds. */
function isPlain(frame: Uint8Array, head: number): boolean {
  for (let at = head; at + 3 < frame.length;) {
    const { kind, size, isLast } = blockAt(frame, at)
    if (kind !== kinds.raw && kind !== kinds.repeated) return false
    at += 3 + (kind === kinds.repeated ? 1 : size)
    if (isLast) return at <= frame.length
  }
  return false
}

function blockAt(frame: Uint8Array, at: number) {
  const said = frame[at]! | (frame[at + 1]! << 8) | (frame[at + 2]! << 16)
  return { kind: (said >> 1) & 3, size: said >> 3, isLast: (said & 1) === 1 }
}
