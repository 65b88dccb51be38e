/**
 * Reads Arrow streams that were written here, whatever has become of them: torn, damaged, or made
 * to harm. Heads are looked through once, bodies are read when they are wanted, and nothing is
 * believed before its checksum was. What is damaged is passed over: the next whole message is
 * looked for.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { Room } from '../../formats/room'
import { KnownColumns, numbersIn, widthOf } from './columns'
import type { BatchRooms, Column, Values } from './columns'
import { FlatTable } from './flat-table'
import { arrowType, continuation, headerType, noChecksum } from './write-stream'
import type { Zstd } from '../../formats/zstd'

/** Largest head and body that are read: what is written here is far smaller. */
const headMax = 4 * 1024 * 1024
const bodyMax = 64 * 1024 * 1024
/** Most rows of a batch. */
const rowsMax = 4_000_000
/** Bytes that are looked through at once for the next whole message. */
const searchBytes = 256 * 1024
/** Bytes without one, after which the rest of the file is given up: none is lost by damage. */
const searchMax = 1024 * 1024 * 1024

export interface BatchPlace {
  /** First and last value of its first column, as it says itself. */
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Bytes of the file before it, and up to its end. */
  readonly start: number
  readonly end: number
}

interface Head {
  readonly type: number
  readonly table: FlatTable | undefined
  readonly bodyLength: number
  /** What its writer says in this word. */
  readonly about: (word: string) => string | undefined
}

/** Columns of a batch. */
export interface BatchColumns {
  /** Unpacked when it is asked for. */
  readonly column: (c: number) => Values
  /** What its writer says is to be known to understand its values. */
  readonly before: string | undefined
}

export interface StreamFaults {
  /** Bytes that belong to no whole message. */
  readonly damagedBytes: number
  /** Whether the file ends within a message. */
  readonly torn: boolean
}

export class ArrowStream {
  private constructor(
    readonly path: string,
    readonly columns: readonly Column[],
    readonly batches: readonly BatchPlace[],
    readonly faults: StreamFaults,
    /** Up to here everything is whole; what comes after it may be written over. */
    readonly wholeBytes: number,
  ) {}

  /**
   * Undefined when it does not begin with a schema of ours.
   * @param known columns of other streams, shared where they are the same
   * @throws an error with a code.
   */
  static open(path: string, known = new KnownColumns()): ArrowStream | undefined {
    return withFile(path, (file, size) => {
      const room = new Room()
      const first = readHead(file, 0, size, room)
      if (!first || first.head.type !== headerType.schema) return undefined
      const columns = columnsIn(first.head)?.map((column) => known.same(column))
      if (!columns) return undefined
      const batches: BatchPlace[] = []
      let damagedBytes = 0
      let wholeBytes = first.end
      let torn = false
      for (let at = first.end; at < size;) {
        const found = readHead(file, at, size, room) ?? search(file, at + 1, size)
        if (!found) {
          torn = true
          break
        }
        damagedBytes += found.start - at
        const batch = batchOf(found)
        if (batch) batches.push(batch)
        at = found.end
        if (damagedBytes === 0) wholeBytes = at
      }
      return new ArrowStream(path, columns, batches, { damagedBytes, torn }, wholeBytes)
    })
  }

  /** Whether the body of a batch is as it was written. @throws an error with a code */
  isWhole(place: BatchPlace): boolean {
    return withFile(this.path, (file, size) => wholeAt(file, place.start, size)) !== undefined
  }

  /**
   * Columns of a batch, each unpacked when it is asked for; undefined when the batch is damaged.
   * What a column says that cannot be unpacked is a RangeError, or Zstandard's own.
   * @param rooms where it is read to; the batch is then good until the next, and each of its
   * columns until the next but the first
   * @throws an error with a code when the file cannot be read
   */
  columnsOf(place: BatchPlace, zstd: Zstd, rooms?: BatchRooms): BatchColumns | undefined {
    const whole = withFile(this.path, (file, size) => wholeAt(file, place.start, size, rooms))
    const column = whole && decoder(whole, place.rows, this.columns, zstd, rooms)
    return column && { column, before: whole.head.about('before') }
  }

  /**
   * Values of a batch, of the columns that are asked for; undefined when it is damaged.
   * @throws an error with a code when the file cannot be read
   */
  read(place: BatchPlace, wanted: readonly number[], zstd: Zstd): readonly Values[] | undefined {
    const columns = this.columnsOf(place, zstd)
    try {
      return columns && wanted.map(columns.column)
    } catch {
      return undefined
    }
  }
}

/**
 * Bytes up to the first message that is not whole, bodies included: what a writer goes on after.
 * @throws an error with a code
 */
export function wholeBytesOf(stream: ArrowStream): number {
  const damaged = stream.batches.find((batch) => !stream.isWhole(batch))
  return Math.min(stream.wholeBytes, damaged?.start ?? Infinity)
}

interface Whole {
  readonly head: Head
  readonly bytes: Uint8Array
}

/** Heads are read again: kept in mind, those of months would take more than their rows. */
function wholeAt(file: number, start: number, size: number, rooms?: BatchRooms): Whole | undefined {
  const found = readHead(file, start, size, rooms?.head)
  const bytes = found && readBytes(file, found.body, found.head.bodyLength, rooms?.body)
  if (!bytes || hex(crc32(bytes)) !== found.head.about('crc32.body')) return undefined
  return { head: found.head, bytes }
}

interface Found {
  readonly head: Head
  readonly start: number
  readonly body: number
  readonly end: number
}

/**
 * The message at this byte, if a whole one is there.
 * @param room where its head is, which is then good until the next
 */
function readHead(file: number, start: number, size: number, room?: Room): Found | undefined {
  const prefix = readBytes(file, start, 8, room)
  if (!prefix) return undefined
  const view = new DataView(prefix.buffer, prefix.byteOffset, 8)
  const length = view.getInt32(4, true)
  if (view.getUint32(0, true) !== continuation || length < 8 || length > headMax) return undefined
  const bytes = readBytes(file, start + 8, length, room)
  const head = bytes && headIn(bytes)
  if (!head) return undefined
  const body = start + 8 + length
  const end = body + head.bodyLength
  return end > size ? undefined : { head, start, body, end }
}

function headIn(bytes: Uint8Array): Head | undefined {
  try {
    const message = FlatTable.root(bytes)
    const pairs = message.tables(4)
    const pairOf = (word: string): FlatTable | undefined =>
      pairs.find((pair) => pair.text(0) === word)
    const sum = pairOf('crc32.head')
    const said = sum?.text(1)
    if (!sum || said?.length !== noChecksum.length) return undefined
    // What it is the sum of has no sum in it.
    const place = sum.textPlace(1)
    bytes.set(Buffer.from(noChecksum, 'latin1'), place)
    const found = hex(crc32(bytes))
    bytes.set(Buffer.from(said, 'latin1'), place)
    if (found !== said) return undefined
    const about = (word: string): string | undefined => pairOf(word)?.text(1)
    const bodyLength = message.int64(3)
    if (bodyLength > bodyMax) return undefined
    return { type: message.uint8(1), table: message.table(2), bodyLength, about }
  } catch {
    return undefined
  }
}

/** The next whole message from this byte on. */
function search(file: number, from: number, size: number): Found | undefined {
  const limit = Math.min(size, from + searchMax)
  for (let at = from; at < limit; at += searchBytes) {
    const bytes = readBytes(file, at, Math.min(searchBytes + 8, size - at))
    if (!bytes) return undefined
    const part = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let i = part.indexOf(mark); i >= 0 && i < searchBytes; i = part.indexOf(mark, i + 1)) {
      const found = readHead(file, at + i, size)
      if (found) return found
    }
  }
  return undefined
}
const mark = Buffer.from([0xff, 0xff, 0xff, 0xff])

function batchOf({ head, start, end }: Found): BatchPlace | undefined {
  if (head.type !== headerType.recordBatch || !head.table) return undefined
  try {
    const rows = head.table.int64(0)
    const from = Number(head.about('from'))
    const to = Number(head.about('to'))
    if (rows > rowsMax || !Number.isFinite(from) || !Number.isFinite(to)) return undefined
    return { start, end, rows, from, to }
  } catch {
    return undefined
  }
}

function columnsIn({ table }: Head): Column[] | undefined {
  try {
    const columns = table?.tables(1).map((field): Column | undefined => {
      const type = typeOf(field)
      const pairs = field.tables(6).map((pair) => [pair.text(0), pair.text(1)])
      const about = Object.fromEntries(pairs) as Record<string, string>
      return type && { name: field.text(0), type, about }
    })
    return columns?.every((column) => column !== undefined) ? columns : undefined
  } catch {
    return undefined
  }
}

function typeOf(field: FlatTable): Column['type'] | undefined {
  const type = field.table(3)
  switch (field.uint8(2)) {
    case arrowType.utf8:
      return 'text'
    case arrowType.floatingPoint:
      return type?.int16(0) === 2 ? 'float64' : type?.int16(0) === 1 ? 'float32' : undefined
    case arrowType.int:
      return integers.get(`${type?.int32(0)} ${type?.uint8(1)}`)
    default:
      return undefined
  }
}

/** By bits, and whether there is a sign. */
const integers = new Map<string, Column['type']>([
  ['32 1', 'int32'],
  ['32 0', 'uint32'],
  ['16 1', 'int16'],
  ['16 0', 'uint16'],
  ['8 0', 'uint8'],
])

/** Undefined, or an error later, when something in it cannot be. */
function decoder(
  { head, bytes: body }: Whole,
  rows: number,
  columns: readonly Column[],
  zstd: Zstd,
  rooms: BatchRooms | undefined,
): ((column: number) => Values) | undefined {
  let buffers: [number, number][]
  let packed: boolean
  try {
    buffers = head.table?.pairs(2) ?? []
    packed = head.table?.table(3) !== undefined
  } catch {
    return undefined
  }
  const firstBuffer: number[] = []
  let next = 0
  for (const { type } of columns) {
    firstBuffer.push(next)
    next += type === 'text' ? 3 : 2
  }
  // A batch with other columns than its stream has.
  if (buffers.length !== next) return undefined
  const bytesOf = (buffer: number, length: number | undefined, room?: Room): Uint8Array => {
    const [at, stored] = buffers[buffer] ?? [0, 0]
    if (at + stored > body.length) throw new RangeError('a buffer ends after its batch')
    const bytes = body.subarray(at, at + stored)
    if (!packed || stored === 0) return ofLength(bytes, length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const promised = Number(view.getBigInt64(0, true))
    if (promised < 0 || promised > (length ?? bodyMax)) throw new RangeError('a buffer is too long')
    return ofLength(zstd.decompress(bytes.subarray(8), promised, room), length)
  }
  return (c) => {
    const { type } = columns[c] ?? { type: 'uint8' }
    const values = (firstBuffer[c] ?? 0) + 1
    if (type !== 'text') {
      // The first column, by which rows are told, is held beside any other.
      const room = c === 0 ? undefined : rooms?.column
      return numbersIn(type, bytesOf(values, rows * widthOf[type], room))
    }
    const ends = numbersIn('int32', bytesOf(values, 4 * (rows + 1)))
    const text = bytesOf(values + 1, undefined)
    return Array.from({ length: rows }, (_, row) => {
      const [from = 0, to = 0] = ends.subarray(row, row + 2)
      if (from < 0 || to < from || to > text.length) throw new RangeError('a text ends elsewhere')
      return Buffer.from(text.subarray(from, to)).toString()
    })
  }
}

function ofLength(bytes: Uint8Array, length: number | undefined): Uint8Array {
  if (length === undefined || bytes.length === length) return bytes
  throw new RangeError('a buffer has another length than its rows')
}

const hex = (crc: number): string => crc.toString(16).padStart(8, '0')

/** A pipe's writer is not waited for: Windows, which has no such flag, has no such pipes. */
const readNow = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0)

function withFile<T>(path: string, use: (file: number, size: number) => T): T {
  const file = openSync(path, readNow)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw Object.assign(new Error('it is no file'), { code: 'ENOTFILE' })
    return use(file, stat.size)
  } finally {
    closeSync(file)
  }
}

/** Undefined where the file ends before. */
function readBytes(
  file: number,
  from: number,
  length: number,
  room?: Room,
): Uint8Array | undefined {
  const bytes = room?.take(length) ?? new Uint8Array(length)
  let read = 0
  while (read < length) {
    const got = readSync(file, bytes, read, length - read, from + read)
    if (got === 0) return undefined
    read += got
  }
  return bytes
}
