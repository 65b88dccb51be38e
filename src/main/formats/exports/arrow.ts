/**
 * Apache Arrow: a row a sample, a column a counter, with units at the columns. As a file (`.arrow`,
 * which pandas, Polars and DuckDB open by name) or as a stream (`.arrows`, of which every whole
 * batch can be read when its end is missing).
 */
import {
  AsyncByteQueue,
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow'
import { RowBatches } from './row-batches'
import { metadataOf } from './sample-metadata'
import { samplesOf, type Exportable } from './exportable'

export type ArrowForm = 'file' | 'stream'

/** Cells of a batch: what is held in memory, 8 bytes each. */
const cellsPerBatch = 2 ** 20

/** @param cells of a batch, 8 bytes each */
export async function* arrowBytes(
  source: Exportable,
  form: ArrowForm,
  cells = cellsPerBatch,
): AsyncGenerator<Uint8Array> {
  const schema = schemaOf(source)
  const pieces = new Pieces()
  const writer = form === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter()
  writer.reset(pieces, schema)
  const width = schema.fields.length
  const batches = new RowBatches(width, Math.max(1, Math.floor(cells / width)))
  const flush = (): void => {
    // What is written are these columns themselves: they are taken before the next row is added.
    const columns = batches.take()
    const length = columns[0]?.length ?? 0
    const children = columns.map((data) => makeData({ type: new Float64(), data, length }))
    const type = new Struct(schema.fields)
    writer.write(new RecordBatch(schema, makeData({ type, length, children })))
  }
  for await (const { time, values, samples } of samplesOf(source)) {
    batches.add(time, values, samples)
    if (!batches.full) continue
    flush()
    yield* pieces.take()
  }
  if (batches.rows > 0) flush()
  writer.finish()
  yield* pieces.take()
}

function schemaOf(source: Exportable): Schema {
  const field = (name: string, unit: string, more: Readonly<Record<string, string>> = {}): Field =>
    new Field(name, new Float64(), false, new Map(Object.entries({ unit, ...more })))
  return new Schema(
    [
      field('time', 's'),
      ...source.counters.map(({ id, unit, kind, help }) => field(id, unit, { kind, help })),
      field('samples', '1'),
    ],
    new Map(metadataOf(source)),
  )
}

/** Takes what the writer writes at once, so that nothing of it is kept or copied. */
class Pieces extends AsyncByteQueue<Uint8Array> {
  private pieces: Uint8Array[] = []

  override write(bytes: Uint8Array | ArrayBufferLike): void {
    this.pieces.push(ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes))
  }

  take(): Uint8Array[] {
    const { pieces } = this
    this.pieces = []
    return pieces
  }
}
