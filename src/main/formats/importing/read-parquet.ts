/**
 * Parquet as Soakscope writes it (`exports/parquet.ts`), also when another program has written it
 * again with its metadata. A row group is in memory at a time, a column of it after the other.
 * Left out: nested columns, and compressions that neither hyparquet nor Node has.
 */
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { readColumn } from 'hyparquet/src/column.js'
import { parquetMetadataAsync, parquetSchema } from 'hyparquet/src/metadata.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import type { ColumnMetaData, DecodedArray, FileMetaData } from 'hyparquet'
import { loadZstd, type Zstd } from '../zstd'
import { reasonOf } from '../place'
import type { SampleRow } from '../../runs/wide-row'
import { metadataIn } from './file-metadata'
import { byNameAndUnit, ImportFault, oneLine, type ImportFormat } from './imported-file'
import type { SourceFile } from './source-file'

/** Cells of a row group, 8 bytes each: what is held at once. */
const cellsMax = 2 ** 24
const footerMax = 128 * 1024 * 1024
const columnMax = 256 * 1024 * 1024

export const parquetImport: ImportFormat = {
  kind: 'parquet',
  title: 'Parquet',
  tells: ({ bytes }) => Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1',
  async read(file, { known }) {
    const metadata = await footerOf(file)
    const names = (metadata.schema[0] ? metadata.schema.slice(1) : []).map(({ name }) => name)
    if (
      metadata.schema.some(
        ({ num_children: many, type }, at) => (at === 0) === !many || (at > 0 && !type),
      )
    ) {
      throw new ImportFault('has columns within columns; Soakscope writes a number in each')
    }
    const said = new Map(metadata.key_value_metadata?.map(({ key, value = '' }) => [key, value]))
    const { about, counters, notes } = metadataIn(said, names, byNameAndUnit(known()))
    const zstd = await loadZstd()
    return { about, counters, rows: rowsOf(file, metadata, names, zstd), notes: () => notes }
  },
}

/** @throws ImportFault */
async function footerOf(file: SourceFile): Promise<FileMetaData> {
  const end = file.at(Math.max(0, file.size - 8), 8)
  const view = new DataView(end.buffer, end.byteOffset, end.byteLength)
  if (file.size < 12 || view.getUint32(4, true) !== 0x31524150) {
    throw new ImportFault(
      'is cut off: Parquet ends with what says where its rows are; export it again',
    )
  }
  if (view.getUint32(0, true) > Math.min(footerMax, file.size)) {
    throw new ImportFault('is damaged: its end says more than there is')
  }
  const slice = (from: number, to = file.size): ArrayBuffer =>
    file.at(from, to - from).slice().buffer
  return intact(() => parquetMetadataAsync({ byteLength: file.size, slice }, { geoparquet: false }))
}

/** What a library says of damage is no sentence for people, but it is what there is. */
async function intact<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ImportFault) throw error
    throw new ImportFault(`is damaged: ${oneLine(reasonOf(error), 120)}`)
  }
}

async function* rowsOf(
  file: SourceFile,
  metadata: FileMetaData,
  names: readonly string[],
  zstd: Zstd,
): AsyncGenerator<SampleRow> {
  const values = new Float64Array(names.length - 2)
  const row = { time: 0, samples: 1, values }
  for (const { num_rows: many, columns } of metadata.row_groups) {
    const rows = Number(many)
    if (!(rows >= 0 && rows * names.length <= cellsMax)) {
      const most = Math.floor(cellsMax / names.length)
      throw new ImportFault(
        `has a row group of ${rows} rows; write it with at most ${most} in each`,
      )
    }
    const read: Float64Array[] = []
    for (const [c, name] of names.entries()) {
      const found = columns[c]?.meta_data
      if (found?.path_in_schema.join('.') !== name) {
        throw new ImportFault('is damaged: the columns of a row group are in another order')
      }
      read.push(await intact(() => columnOf(file, metadata, found, rows, zstd)))
    }
    for (let at = 0; at < rows; at++) {
      row.time = read[0]![at]!
      row.samples = read[names.length - 1]![at]!
      for (let c = 0; c < values.length; c++) values[c] = read[c + 1]![at]!
      yield row
    }
  }
}

/** @throws ImportFault, or whatever its reader says of damage */
function columnOf(
  file: SourceFile,
  metadata: FileMetaData,
  column: ColumnMetaData,
  rows: number,
  zstd: Zstd,
): Float64Array {
  const { dictionary_page_offset: dictionary, data_page_offset: data } = column
  const length = Number(column.total_compressed_size)
  const from = Number(dictionary && dictionary < data ? dictionary : data)
  if (!(length > 0 && length <= columnMax && from >= 4 && from + length <= file.size)) {
    throw new ImportFault('is damaged: a column lies outside of it')
  }
  const bytes = file.at(from, length)
  checkPages(bytes, rows)
  const schemaPath = getTreePath(parquetSchema(metadata), column.path_in_schema)
  const element = schemaPath.at(-1)?.element
  if (!element) throw new ImportFault('is damaged: it has a column that is not in its list')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = {
    ...column,
    pathInSchema: column.path_in_schema,
    element,
    schemaPath,
    parsers: DEFAULT_PARSERS,
    compressors: { ZSTD: (page: Uint8Array, size: number) => zstd.decompress(page, size) },
  }
  const select = { groupStart: 0, groupRows: rows, selectStart: 0, selectEnd: rows }
  return joined(readColumn({ view, offset: 0 }, select, decoder).data, rows)
}

/** Before anything is unpacked or made room for: its pages have as many values as it says. */
function checkPages(bytes: Uint8Array, rows: number): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  let values = 0
  while (reader.offset < bytes.length) {
    const page = deserializeTCompactProtocol(reader) as Record<string, unknown>
    const [unpacked, packed] = [Number(page['field_2']), Number(page['field_3'])]
    const head = (page['field_5'] ?? page['field_7'] ?? page['field_8']) as
      Record<string, unknown> | undefined
    const many = Number(head?.['field_1'])
    const fits = packed >= 0 && reader.offset + packed <= bytes.length
    if (!fits || !(unpacked >= 0 && unpacked <= columnMax) || !(many >= 0 && many <= rows)) {
      throw new ImportFault('is damaged: a page of it has another size than it says')
    }
    if (page['field_7'] === undefined) values += many
    reader.offset += packed
  }
  if (values !== rows) {
    throw new ImportFault(`is damaged: a column has ${values} values, and its group ${rows}`)
  }
}

function joined(chunks: readonly DecodedArray[], rows: number): Float64Array {
  const all = new Float64Array(rows)
  let at = 0
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length && at < rows; i++) {
      const value: unknown = chunk[i]
      // What is missing, or no number, is told when the row is looked at.
      all[at++] = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN
    }
  }
  if (at !== rows)
    throw new ImportFault(`is damaged: a column has ${at} values, and its group ${rows}`)
  return all
}
