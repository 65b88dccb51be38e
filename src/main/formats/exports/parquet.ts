/**
 * Apache Parquet: a row a sample, a column a counter, in row groups that are written one by one, so
 * that memory does not grow with the run. Units, and what makes the run again, are in the file's
 * own metadata. Pages are plain numbers in Zstandard, which every reader of today has.
 */
import { ByteWriter } from 'hyparquet-writer'
import { Room } from '../room'
import { loadZstd } from '../zstd'
import { ParquetFooter, parquetMagic } from './parquet-footer'
import { writeNumbers } from './parquet-page'
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
  const zstd = await loadZstd()
  const room = new Room()
  const bytes = new ByteWriter()
  bytes.appendBytes(parquetMagic)
  const footer = new ParquetFooter(names)
  /** What has come together, which the next is written over. */
  const taken = (): Uint8Array => {
    const piece = bytes.getBytes()
    bytes.index = 0
    return piece
  }
  const batches = new RowBatches(names.length, Math.max(1, Math.floor(cells / names.length)))
  const group = (): Uint8Array => {
    const { rows } = batches
    const compress = (page: Uint8Array): Uint8Array => zstd.compress(page, room)
    footer.add(
      batches.take().map((column) => writeNumbers(bytes, column, compress)),
      rows,
    )
    return taken()
  }
  for await (const { time, values, samples } of samplesOf(source)) {
    batches.add(time, values, samples)
    if (batches.full) yield group()
  }
  if (batches.rows > 0) yield group()
  footer.write(bytes, metadataOf(source), `soakscope ${source.about.version}`)
  yield taken()
}
