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

/** Rows as they come, column by column. */
export class RowBuffer {
  private rows = 0
  private columns: (Numbers | string[])[]

  constructor(readonly types: readonly Column[]) {
    this.columns = types.map(({ type }) => (type === 'text' ? [] : numbersOf(type, 64)))
  }

  get length(): number {
    return this.rows
  }

  /** @param values one per column, in order */
  add(values: ArrayLike<number | string>): void {
    const row = this.rows++
    for (let c = 0; c < this.columns.length; c++) {
      let column = this.columns[c]
      if (Array.isArray(column)) {
        column.push(String(values[c]))
        continue
      }
      if (!column) continue
      if (row === column.length) {
        const type = this.types[c]?.type ?? 'float64'
        const larger = numbersOf(type === 'text' ? 'float64' : type, 2 * row)
        larger.set(column)
        this.columns[c] = column = larger
      }
      column[row] = Number(values[c])
    }
  }

  /** What was added from one row on, in copies or views that are good until the next `add`. */
  from(first: number): readonly Values[] {
    return this.columns.map((column) =>
      Array.isArray(column) ? column.slice(first) : column.subarray(first, this.rows),
    )
  }

  /**
   * All rows in the order of some columns of whole numbers from 0 on, the first of them first, and
   * of those that are alike in these as they came. @throws RangeError when 2^53 does not hold it
   */
  sorted(by: readonly number[]): readonly Values[] {
    const { rows } = this
    const order = new Float64Array(rows)
    let most = 1
    for (const c of by) {
      const key = this.columns[c] as Numbers
      let largest = 0
      for (let row = 0; row < rows; row++) largest = Math.max(largest, key[row] ?? 0)
      const room = largest + 1
      for (let row = 0; row < rows; row++) order[row] = (order[row] ?? 0) * room + (key[row] ?? 0)
      most *= room
    }
    if (!(most * rows <= Number.MAX_SAFE_INTEGER))
      throw new RangeError('too many rows to be sorted')
    // Numbers alone are sorted fifteen times as fast as by a comparison.
    for (let row = 0; row < rows; row++) order[row] = (order[row] ?? 0) * rows + row
    order.sort()
    for (let i = 0; i < rows; i++) order[i] = (order[i] ?? 0) % rows
    return this.columns.map((column, c) => {
      if (Array.isArray(column)) return Array.from(order, (row) => column[row] ?? '')
      const type = this.types[c]?.type ?? 'float64'
      const values = numbersOf(type === 'text' ? 'float64' : type, rows)
      for (let i = 0; i < rows; i++) values[i] = column[order[i] ?? 0] ?? 0
      return values
    })
  }

  clear(): void {
    this.rows = 0
    this.columns = this.columns.map((column) => (Array.isArray(column) ? [] : column))
  }
}
