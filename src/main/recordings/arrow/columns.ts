/** Columns of a stream: which kinds of values there are, and rows that are being collected. */
import { Room } from '../../formats/room'

export type NumberType = 'float64' | 'float32' | 'int32' | 'uint32' | 'int16' | 'uint16' | 'uint8'
export type ColumnType = NumberType | 'text'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** Unit, kind and help, for whoever opens the file elsewhere. */
  readonly about?: Readonly<Record<string, string>>
}

export type Numbers =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Uint8Array
export type Values = Numbers | readonly string[]

/** Bytes of a value; of a text, of where it ends. */
export const widthOf: Readonly<Record<ColumnType, number>> = {
  float64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  int16: 2,
  uint16: 2,
  uint8: 1,
  text: 4,
}

const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
} as const

/** Room for so many numbers, all 0. */
export const numbersOf = (type: NumberType, length: number): Numbers => new arrays[type](length)

/** The numbers that these bytes are, copied only where they do not lie as their type wants it. */
export function numbersIn(type: NumberType, bytes: Uint8Array): Numbers {
  const width = widthOf[type]
  const { buffer, byteOffset, length } = bytes
  return byteOffset % width === 0
    ? new arrays[type](buffer as ArrayBuffer, byteOffset, length / width)
    : new arrays[type](new Uint8Array(bytes).buffer)
}

/**
 * Room for one batch, which the next takes over: its head, its body, one column as it is unpacked,
 * and the numbers of all of them. Arrays of their own would be collected too late.
 */
export class BatchRooms {
  readonly head = new Room()
  readonly body = new Room()
  readonly column = new Room()
  private readonly rooms: Float64Array[] = []

  of(column: number, rows: number): Float64Array {
    const room = this.rooms[column]
    if (room && room.length >= rows) return room.subarray(0, rows)
    return (this.rooms[column] = new Float64Array(rows))
  }
}

/**
 * Columns of streams that are much alike, each kept once: those of the hundreds of segments of a
 * month would take more than everything else that is known of them.
 */
export class KnownColumns {
  private readonly known = new Map<string, Column>()

  same(column: Column): Column {
    const words = JSON.stringify(column)
    const before = this.known.get(words)
    if (!before) this.known.set(words, column)
    return before ?? column
  }
}

/** Columns that are being written, by their place. */
export type RowColumns = readonly (Numbers | string[])[]

/** Largest number by which rows are sorted: there is a counter for each below it. */
const keyMax = 2 ** 24

/** Rows as they come, column by column. */
export class RowBuffer {
  private rows = 0
  private room = 64
  private columns: (Numbers | string[])[]

  constructor(readonly types: readonly Column[]) {
    this.columns = types.map(({ type }) => (type === 'text' ? [] : numbersOf(type, this.room)))
  }

  get length(): number {
    return this.rows
  }

  /** @param values one per column, in order */
  add(values: ArrayLike<number | string>): void {
    this.write(1, (columns, row) => {
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c]!
        if (Array.isArray(column)) column.push(String(values[c]))
        else column[row] = Number(values[c])
      }
    })
  }

  /** @param write writes as many rows into the columns, from the row that it is told on */
  write(count: number, write: (columns: RowColumns, first: number) => void): void {
    if (this.rows + count > this.room) this.widen(this.rows + count)
    write(this.columns, this.rows)
    this.rows += count
  }

  private widen(rows: number): void {
    this.room = Math.max(rows, 2 * this.room)
    this.columns = this.columns.map((column, c) => {
      if (Array.isArray(column)) return column
      const larger = numbersOf(this.typeOf(c), this.room)
      larger.set(column)
      return larger
    })
  }

  private typeOf(c: number): NumberType {
    const type = this.types[c]?.type ?? 'float64'
    return type === 'text' ? 'float64' : type
  }

  /** What was added from one row on, in copies or views that are good until the next `add`. */
  from(first: number): readonly Values[] {
    return this.columns.map((column) =>
      Array.isArray(column) ? column.slice(first) : column.subarray(first, this.rows),
    )
  }

  /**
   * All rows in the order of some columns of whole numbers from 0 on, the first of them first, and
   * of those that are alike in these as they came. @throws RangeError when one is too large
   */
  sorted(by: readonly number[]): readonly Values[] {
    const { rows } = this
    let order = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) order[row] = row
    // From the last column to the first, as each leaves those that are alike as they were.
    for (const c of by.toReversed()) order = counted(this.columns[c] as Numbers, order)
    return this.columns.map((column, c) => {
      if (Array.isArray(column)) return Array.from(order, (row) => column[row] ?? '')
      const values = numbersOf(this.typeOf(c), rows)
      for (let i = 0; i < rows; i++) values[i] = column[order[i]!]!
      return values
    })
  }

  clear(): void {
    this.rows = 0
    this.columns = this.columns.map((column) => (Array.isArray(column) ? [] : column))
  }
}

/** Rows by their key, and as they were where it is the same. */
function counted(keys: Numbers, order: Uint32Array): Uint32Array<ArrayBuffer> {
  let largest = 0
  for (let row = 0; row < order.length; row++) if (keys[row]! > largest) largest = keys[row]!
  if (!(largest <= keyMax)) throw new RangeError('too large a number to sort by')
  const places = new Uint32Array(largest + 2)
  for (let row = 0; row < order.length; row++) places[keys[row]! + 1]!++
  for (let key = 0; key < largest; key++) places[key + 1]! += places[key]!
  const sorted = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) sorted[places[keys[order[i]!]!]!++] = order[i]!
  return sorted
}
