/**
 * Arrow as Soakscope writes it (`exports/arrow.ts`), as a file or a stream: a file is a stream with
 * a beginning and an index of its own, so both are read message by message, and of one that was cut
 * off every whole batch is there.
 */
import {
  DataType,
  RecordBatchReader,
  RecordBatchStreamWriter,
  type RecordBatch,
  type Schema,
} from 'apache-arrow'
import { FlatTable } from '../../recordings/arrow/flat-table'
import { continuation, headerType } from '../../recordings/arrow/write-stream'
import { reasonOf } from '../place'
import type { SampleRow } from '../../runs/wide-row'
import { metadataIn } from './file-metadata'
import {
  ImportFault,
  oneLine,
  type ImportedFile,
  type ImportFormat,
  type ImportOptions,
} from './imported-file'
import type { FileHead, SourceFile } from './source-file'

const headMax = 16 * 1024 * 1024
/** Bytes of a batch, which is in memory at a time: a million numbers are 8 MB. */
const bodyMax = 256 * 1024 * 1024
const magic = 'ARROW1'
/** Bytes before the first message of a file. */
const fileStart = 8
/** And after its footer: how long that is, and the magic word again. */
const fileEnd = 4 + magic.length
const footerMax = 128 * 1024 * 1024

const isFile = ({ bytes }: FileHead): boolean =>
  Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') === magic

function isStream({ bytes }: FileHead): boolean {
  if (bytes.length < 16) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getInt32(4, true)
  return view.getUint32(0, true) === continuation && length > 8 && length <= headMax
}

/** @throws ImportFault */
function readArrow(
  messages: Generator<Message, Ended>,
  schema: Schema,
  { known }: ImportOptions,
): ImportedFile {
  const names = schema.fields.map(({ name }) => name)
  const odd = schema.fields.find(({ type }) => !DataType.isFloat(type) || type.precision !== 2)
  const helps = new Map(known().map(({ id, help }) => [id, help]))
  for (const { name, metadata } of schema.fields) {
    const help = metadata.get('help')
    if (help !== undefined) helps.set(name, help)
  }
  const about = metadataIn(schema.metadata, names, (id) => helps.get(id))
  if (odd) {
    throw new ImportFault(`has ${oneLine(odd.name, 80)} in another type than numbers of 64 bits`)
  }
  const notes: string[] = []
  const rows = rowsOf(messages, messageOf(schema), names.length, notes)
  return { ...about, rows, notes: () => [...about.notes, ...notes] }
}

export const arrowImports: readonly ImportFormat[] = [
  {
    kind: 'arrow',
    title: 'an Arrow file',
    tells: isFile,
    read: (file, options) => readArrow(messagesOf(file, fileStart), schemaAtEnd(file), options),
  },
  {
    kind: 'arrow-stream',
    title: 'an Arrow stream',
    tells: isStream,
    read(file, options) {
      const messages = messagesOf(file, 0)
      const first = messages.next()
      if (first.done || first.value.type !== headerType.schema) {
        throw new ImportFault('is damaged: a stream begins with what its columns are')
      }
      const { bytes } = first.value
      return readArrow(
        messages,
        intact(() => RecordBatchReader.from(bytes).open().schema),
        options,
      )
    },
  },
]

/** The columns of a file stand at its end; not every writer says them at its beginning, too. */
function schemaAtEnd(file: SourceFile): Schema {
  const tail = file.at(Math.max(0, file.size - fileEnd), fileEnd)
  if (tail.length < fileEnd || Buffer.from(tail.subarray(4)).toString('latin1') !== magic) {
    throw new ImportFault(
      'is cut off: an Arrow file ends with what its columns are; an Arrow stream begins with it',
    )
  }
  const length = new DataView(tail.buffer, tail.byteOffset).getInt32(0, true)
  if (!(length > 0 && length <= Math.min(footerMax, file.size - fileStart - fileEnd))) {
    throw new ImportFault('is damaged: its end says more than there is')
  }
  const footer = file.at(file.size - fileEnd - length, length + fileEnd)
  return intact(() => {
    // A file without a batch, which has the same end.
    const empty = new Uint8Array(fileStart + footer.length)
    empty.set(Buffer.from(magic))
    empty.set(footer, fileStart)
    return RecordBatchReader.from(empty).open().schema
  })
}

/** A schema as a stream begins with it. */
function messageOf(schema: Schema): Uint8Array {
  const writer = new RecordBatchStreamWriter()
  writer.reset(undefined, schema)
  writer.finish()
  // Without the end of the stream.
  return writer.toUint8Array(true).subarray(0, -8)
}

interface Message {
  readonly type: number
  /** With its body. */
  readonly bytes: Uint8Array
  readonly bodyBytes: number
  readonly rows: number
}

/** The end of a stream that is whole. */
type Ended = 'ended' | 'cut off'

/** @throws ImportFault at what is no message */
function* messagesOf(file: SourceFile, from: number): Generator<Message, Ended> {
  for (let at = from; at < file.size;) {
    const prefix = file.at(at, 8)
    if (prefix.length < 8) return 'cut off'
    const view = new DataView(prefix.buffer, prefix.byteOffset, 8)
    const length = view.getInt32(4, true)
    if (view.getUint32(0, true) !== continuation || length < 0 || length > headMax) {
      throw new ImportFault(`is damaged: there is no message at byte ${at}`)
    }
    if (length === 0) return 'ended'
    const head = file.at(at + 8, length)
    if (head.length < length) return 'cut off'
    const { type, bodyBytes, rows } = intact(() => headOf(head))
    if (bodyBytes > bodyMax) {
      throw new ImportFault(`has a batch of ${bodyBytes} bytes; write it in batches of fewer rows`)
    }
    const end = at + 8 + length + bodyBytes
    if (end > file.size) return 'cut off'
    yield { type, bodyBytes, rows, bytes: file.at(at, end - at) }
    at = end
  }
  return 'cut off'
}

function headOf(head: Uint8Array) {
  const message = FlatTable.root(head)
  const type = message.uint8(1)
  const rows = type === headerType.recordBatch ? (message.table(2)?.int64(0) ?? 0) : 0
  return { type, bodyBytes: message.int64(3), rows }
}

function intact<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ImportFault) throw error
    throw new ImportFault(`is damaged: ${oneLine(reasonOf(error), 120)}`)
  }
}

/** @param notes takes what is odd about its end */
function* rowsOf(
  messages: Generator<Message, Ended>,
  schema: Uint8Array,
  width: number,
  notes: string[],
): Generator<SampleRow> {
  const values = new Float64Array(width - 2)
  const row = { time: 0, samples: 1, values }
  let read = 0
  for (let next = messages.next(); ; next = messages.next()) {
    if (next.done) {
      if (next.value === 'cut off') notes.push(`it is cut off after row ${read}`)
      return
    }
    const { type, bytes, bodyBytes, rows } = next.value
    if (type !== headerType.recordBatch) {
      throw new ImportFault('has dictionaries in it; Soakscope writes numbers alone')
    }
    if (rows * width * Float64Array.BYTES_PER_ELEMENT > bodyBytes) {
      throw new ImportFault('is damaged, or compressed: a batch is smaller than its rows')
    }
    const columns = intact(() => columnsIn(schema, bytes))
    if (columns.length !== width || columns.some(({ length }) => length < rows)) {
      throw new ImportFault('is damaged: a column of a batch has fewer values than the others')
    }
    for (let at = 0; at < rows; at++) {
      row.time = columns[0]![at]!
      row.samples = columns[width - 1]![at]!
      for (let c = 0; c < values.length; c++) values[c] = columns[c + 1]![at]!
      read++
      yield row
    }
  }
}

function columnsIn(schema: Uint8Array, message: Uint8Array): Float64Array[] {
  const both = new Uint8Array(schema.length + message.length)
  both.set(schema)
  both.set(message, schema.length)
  const [batch] = [...RecordBatchReader.from(both)] as RecordBatch[]
  return (batch?.data.children ?? []).map(({ values, nullCount }) => {
    if (nullCount > 0 || !(values instanceof Float64Array)) {
      throw new ImportFault('has gaps; a row of a run has every number')
    }
    return values
  })
}
