/**
 * Reads tables of a FlatBuffer that may be damaged or made to harm: every look is within its bytes,
 * or a RangeError.
 */
const decoder = new TextDecoder()

export class FlatTable {
  private constructor(
    private readonly view: DataView,
    private readonly at: number,
  ) {}

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new FlatTable(view, view.getUint32(0, true))
  }

  /** Where a field is, or undefined when it was left out. */
  private place(field: number): number | undefined {
    const { view, at } = this
    const table = at - view.getInt32(at, true)
    const slot = 4 + 2 * field
    if (slot >= view.getUint16(table, true)) return undefined
    const offset = view.getUint16(table + slot, true)
    return offset === 0 ? undefined : at + offset
  }

  uint8(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.view.getUint8(place)
  }
  int16(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.view.getInt16(place, true)
  }
  int32(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : this.view.getInt32(place, true)
  }
  int64(field: number): number {
    const place = this.place(field)
    return place === undefined ? 0 : whole(this.view.getBigInt64(place, true))
  }

  table(field: number): FlatTable | undefined {
    const place = this.place(field)
    return place === undefined ? undefined : this.tableAt(place)
  }

  tables(field: number): FlatTable[] {
    const { length, first } = this.vector(field, 4)
    return Array.from({ length }, (_, i) => this.tableAt(first + 4 * i))
  }

  /** Pairs of 64-bit numbers: the structs of Arrow's nodes and buffers. */
  pairs(field: number): [number, number][] {
    const { length, first } = this.vector(field, 16)
    return Array.from({ length }, (_, i) => [
      whole(this.view.getBigInt64(first + 16 * i, true)),
      whole(this.view.getBigInt64(first + 16 * i + 8, true)),
    ])
  }

  text(field: number): string {
    const { length, first } = this.vector(field, 1)
    const { buffer, byteOffset } = this.view
    return decoder.decode(new Uint8Array(buffer, byteOffset + first, length))
  }

  /** Where the bytes of a text begin. */
  textPlace(field: number): number {
    return this.vector(field, 1).first
  }

  private tableAt(place: number): FlatTable {
    return new FlatTable(this.view, place + this.view.getUint32(place, true))
  }

  private vector(field: number, size: number): { length: number; first: number } {
    const place = this.place(field)
    if (place === undefined) return { length: 0, first: 0 }
    const at = place + this.view.getUint32(place, true)
    const length = this.view.getUint32(at, true)
    if (at + 4 + length * size > this.view.byteLength) throw new RangeError('a list is too long')
    return { length, first: at + 4 }
  }
}

function whole(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError('a number is out of range')
  return number
}
