/**
 * The footer of a Parquet file, whose row groups are put down as they come: kept as objects until
 * the end, those of a month of samples take more memory than everything else of an export. Thrift's
 * compact protocol (FileMetaData of parquet.thrift); every column is a required DOUBLE.
 */
import { CompressionCodecs, Encodings, ParquetTypes } from 'hyparquet/src/constants.js'
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'
import type { WrittenColumn } from './parquet-page'

export const parquetMagic = new TextEncoder().encode('PAR1')

const double = ParquetTypes.indexOf('DOUBLE')
const zstd = CompressionCodecs.indexOf('ZSTD')
const plain = Encodings.indexOf('PLAIN')
/** Of the format, as its writers say it. */
const version = 2
const required = 0
/** The head of a field that follows the one before it, and is a list; and of a list of structs. */
const listField = 0x19
const structs = 0x0c
/** Longest list whose length is in its head. */
const shortList = 14

export class ParquetFooter {
  private readonly groups = new ByteWriter()
  private count = 0
  private rows = 0

  /** @param names of the columns, in order */
  constructor(private readonly names: readonly string[]) {}

  /** A row group. */
  add(columns: readonly WrittenColumn[], rows: number): void {
    const sum = (of: (column: WrittenColumn) => number): bigint =>
      BigInt(columns.reduce((total, column) => total + of(column), 0))
    serializeTCompactProtocol(this.groups, {
      field_1: columns.map((column, at) => chunkFields(column, this.names[at] ?? '')),
      field_2: sum(({ plainBytes }) => plainBytes),
      field_3: BigInt(rows),
      field_6: sum(({ bytes }) => bytes),
    })
    this.count++
    this.rows += rows
  }

  /** Everything after the row groups. @param words what the file says of itself */
  write(to: ByteWriter, words: ReadonlyMap<string, string>, createdBy: string): void {
    const { names } = this
    const start = to.offset
    const element = (name: string) => ({ field_1: double, field_3: required, field_4: name })
    serializeTCompactProtocol(to, {
      field_1: version,
      field_2: [{ field_4: 'schema', field_5: names.length }, ...names.map(element)],
      field_3: BigInt(this.rows),
    })
    // What ends that struct goes: its fields go on.
    to.index--
    to.offset--
    to.appendUint8(listField)
    to.appendUint8((Math.min(this.count, shortList + 1) << 4) | structs)
    if (this.count > shortList) to.appendVarInt(this.count)
    to.appendBytes(this.groups.getBytes())
    // A field says how far it is from the one before it: the first of these is the fifth.
    serializeTCompactProtocol(to, {
      field_1: [...words].map(([key, value]) => ({ field_1: key, field_2: value })),
      field_2: createdBy,
      field_3: names.map(() => ({ field_1: {} })),
    })
    to.appendUint32(to.offset - start)
    to.appendBytes(parquetMagic)
  }
}

const chunkFields = ({ offset, values, plainBytes, bytes }: WrittenColumn, name: string) => ({
  field_2: BigInt(offset),
  field_3: {
    field_1: double,
    field_2: [plain],
    field_3: [name],
    field_4: zstd,
    field_5: BigInt(values),
    field_6: BigInt(plainBytes),
    field_7: BigInt(bytes),
    field_9: BigInt(offset),
  },
})
