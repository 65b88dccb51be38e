/**
 * Apache Parquet: a row a sample, a column a counter, in row groups that are written one by one, so
 * that memory does not grow with the run. Units, and what makes the run again, are in the file's
 * own metadata.
 */
import type { KeyValue, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { ParquetFooter } from './parquet-footer'
import { RowBatches } from './row-batches'
import { metadataOf } from './sample-metadata'
import { samplesOf, type Exportable } from './exportable'

/** Cells of a row group: what is held in memory, 8 bytes each. */
const cellsPerGroup = 2 ** 20

/** @param cells of a row group, 8 bytes each */
export async function* parquetBytes(
  source: Exportable,
  cells = cellsPerGroup,
): AsyncGenerator<Uint8Array> {
  const names = ['time', ...source.counters.map(({ id }) => id), 'samples']
  const bytes = new ByteWriter()
  const schema = schemaOf(names)
  const writer = new ParquetWriter({ writer: bytes, schema, statistics: false })
  const footer = new ParquetFooter()
  /** What has come together, which the next is written over. */
  const taken = (): Uint8Array => {
    const piece = bytes.getBytes()
    bytes.index = 0
    return piece
  }
  const batches = new RowBatches(names.length, Math.floor(cells / names.length))
  const group = async (): Promise<Uint8Array> => {
    const columns = batches.take()
    await writer.write({
      columnData: columns.map((data, at) => ({
        name: names[at] ?? '',
        data,
        offsetIndex: false,
      })),
      rowGroupSize: Math.max(1, columns[0]?.length ?? 0),
    })
    // What it would keep until its end.
    for (const written of writer.row_groups.splice(0)) footer.add(written)
    writer.pendingIndexes.length = 0
    return taken()
  }
  for await (const { time, values, samples } of samplesOf(source)) {
    batches.add(time, values, samples)
    if (batches.full) yield await group()
  }
  if (batches.rows > 0) yield await group()
  const words: KeyValue[] = [...metadataOf(source)].map(([key, value]) => ({ key, value }))
  footer.write(bytes, schema, words, `soakscope ${source.about.version}`)
  yield taken()
}

const schemaOf = (names: readonly string[]): SchemaElement[] => [
  { name: 'schema', num_children: names.length },
  ...names.map((name): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'REQUIRED' })),
]
