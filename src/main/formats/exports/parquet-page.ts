/**
 * A column of a row group of a Parquet file: one page of numbers as they are in memory, compressed.
 * Written here, as a writer that takes any column makes arrays of each on its way, which a month of
 * samples feels.
 */
import { Encodings, PageTypes } from 'hyparquet/src/constants.js'
import type { ByteWriter } from 'hyparquet-writer'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'

/** Where a column of a row group is, and how long. */
export interface WrittenColumn {
  readonly offset: number
  readonly values: number
  /** Head and numbers, before they were compressed and after. */
  readonly plainBytes: number
  readonly bytes: number
}

const plain = Encodings.indexOf('PLAIN')
const levels = Encodings.indexOf('RLE')

/** @param compress gives bytes that are good until it is called again */
export function writeNumbers(
  to: ByteWriter,
  { buffer, byteOffset, byteLength, length: values }: Float64Array,
  compress: (bytes: Uint8Array) => Uint8Array,
): WrittenColumn {
  const { offset } = to
  const page = compress(new Uint8Array(buffer, byteOffset, byteLength))
  // PageHeader of parquet.thrift. Columns are required, so there are no levels.
  serializeTCompactProtocol(to, {
    field_1: PageTypes.indexOf('DATA_PAGE'),
    field_2: byteLength,
    field_3: page.length,
    field_5: { field_1: values, field_2: plain, field_3: levels, field_4: levels },
  })
  const head = to.offset - offset
  to.appendBytes(page)
  return { offset, values, plainBytes: head + byteLength, bytes: head + page.length }
}
