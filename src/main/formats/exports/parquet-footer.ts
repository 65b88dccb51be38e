/**
 * The footer of a Parquet file, whose row groups are put down as they come: kept as objects until
 * the end, those of a month of samples take more memory than everything else of an export. Thrift's
 * compact protocol (Parquet's FileMetaData); every column is a required DOUBLE.
 */
import type { ColumnChunk, KeyValue, RowGroup, SchemaElement } from 'hyparquet'
import { CompressionCodecs, Encodings, ParquetTypes } from 'hyparquet/src/constants.js'
import { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'

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
  private rows = 0n

  add({ columns, total_byte_size, num_rows, total_compressed_size }: RowGroup): void {
    serializeTCompactProtocol(this.groups, {
      field_1: columns.map(chunkFields),
      field_2: total_byte_size,
      field_3: num_rows,
      field_6: total_compressed_size,
    })
    this.count++
    this.rows += num_rows
  }

  /** Everything after the row groups. */
  write(
    to: ByteWriter,
    schema: readonly SchemaElement[],
    words: readonly KeyValue[],
    createdBy: string,
  ): void {
    const start = to.offset
    serializeTCompactProtocol(to, {
      field_1: version,
      field_2: schema.map(elementFields),
      field_3: this.rows,
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
      field_1: words.map(({ key, value }) => ({ field_1: key, field_2: value })),
      field_2: createdBy,
      field_3: schema.filter(({ type }) => type).map(() => ({ field_1: {} })),
    })
    to.appendUint32(to.offset - start)
    to.appendBytes(new TextEncoder().encode('PAR1'))
  }
}

const elementFields = ({ type, name, num_children }: SchemaElement) => ({
  field_1: type && ParquetTypes.indexOf(type),
  field_3: type && required,
  field_4: name,
  field_5: num_children,
})

function chunkFields({ file_offset, meta_data: of }: ColumnChunk) {
  if (!of) throw new Error('a column of a row group does not say what it is')
  return {
    field_2: file_offset,
    field_3: {
      field_1: ParquetTypes.indexOf(of.type),
      field_2: of.encodings.map((encoding) => Encodings.indexOf(encoding)),
      field_3: of.path_in_schema,
      field_4: CompressionCodecs.indexOf(of.codec),
      field_5: of.num_values,
      field_6: of.total_uncompressed_size,
      field_7: of.total_compressed_size,
      field_9: of.data_page_offset,
      field_11: of.dictionary_page_offset,
    },
  }
}
