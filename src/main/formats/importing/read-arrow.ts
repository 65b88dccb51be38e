/**
 * Arrow as Soakscope writes it (`exports/arrow.ts`), as a file or a stream: a file is a stream with
 * a beginning and an index of its own, so both are read message by message, and of one that was cut
 * off every whole batch is there. Heads are read by `FlatTable`: a damaged one makes apache-arrow
 * ask for more memory than there is.
 */
import { FlatTable } from '../../recordings/arrow/flat-table'
import { arrowType, continuation, headerType } from '../../recordings/arrow/write-stream'
import { reasonOf } from '../place'
import type { SampleRow } from '../../runs/wide-row'
import { metadataIn } from './file-metadata'
import {
  byNameAndUnit,
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
const fieldsMax = 8192

const isFile = ({ bytes }: FileHead): boolean =>
  Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') === magic

function isStream({ bytes }: FileHead): boolean {
  if (bytes.length < 16) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getInt32(4, true)
  return view.getUint32(0, true) === continuation && length > 8 && length <= headMax
}

/** What the columns of a file are. */
interface Schema {
  readonly fields: readonly Field[]
  readonly metadata: ReadonlyMap<string, string>
}
interface Field {
  readonly name: string
  readonly isNumber: boolean
  readonly help: string | undefined
}

/** @throws ImportFault */
function readArrow(
  messages: Generator<Message, Ended>,
  { fields, metadata }: Schema,
  { known }: ImportOptions,
): ImportedFile {
  const names = fields.map(({ name }) => name)
  const odd = fields.find(({ isNumber }) => !isNumber)
  const helps = new Map(fields.map(({ name, help }) => [name, help]))
  const about = metadataIn(metadata, names, byNameAndUnit(known()), helps)
  if (odd) {
    throw new ImportFault(`has ${oneLine(odd.name, 80)} in another type than numbers of 64 bits`)
  }
  const notes: string[] = []
  const rows = rowsOf(messages, names.length, notes)
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
      const { head } = first.value
      const schema = intact(() => schemaIn(FlatTable.root(head).table(2), head.length))
      return readArrow(messages, schema, options)
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
  const footer = file.at(file.size - fileEnd - length, length)
  return intact(() => schemaIn(FlatTable.root(footer).table(1), footer.length))
}

/** @param bytes of the head that it is in: texts are not longer together */
function schemaIn(schema: FlatTable | undefined, bytes: number): Schema {
  if (!schema) throw new ImportFault('is damaged: it does not say what its columns are')
  let left = bytes
  const text = (table: FlatTable, field: number): string => {
    const found = table.text(field)
    left -= found.length
    if (left < 0) throw new ImportFault('is damaged: its head says one thing many times')
    return found
  }
  const pairs = (table: FlatTable, field: number): Map<string, string> =>
    new Map(table.tables(field).map((pair) => [text(pair, 0), text(pair, 1)]))
  const fields = schema.tables(1)
  if (fields.length > fieldsMax) {
    throw new ImportFault(`has ${fields.length} columns; a run has at most ${fieldsMax}`)
  }
  return {
    fields: fields.map((field) => ({
      name: text(field, 0),
      isNumber: field.uint8(2) === arrowType.floatingPoint && field.table(3)?.int16(0) === 2,
      help: pairs(field, 6).get('help'),
    })),
    metadata: pairs(schema, 2),
  }
}

interface Message {
  readonly type: number
  readonly head: Uint8Array
  readonly body: Uint8Array
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
    yield { type, bodyBytes, rows, head, body: file.at(end - bodyBytes, bodyBytes) }
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
    const { type, head, body, bodyBytes, rows } = next.value
    if (type !== headerType.recordBatch) {
      throw new ImportFault('has dictionaries in it; Soakscope writes numbers alone')
    }
    if (rows * width * Float64Array.BYTES_PER_ELEMENT > bodyBytes) {
      throw new ImportFault('is damaged, or compressed: a batch is smaller than its rows')
    }
    const columns = intact(() => columnsIn(head, body, rows, width))
    for (let at = 0; at < rows; at++) {
      row.time = columns[0]![at]!
      row.samples = columns[width - 1]![at]!
      for (let c = 0; c < values.length; c++) values[c] = columns[c + 1]![at]!
      read++
      yield row
    }
  }
}

/** The numbers of each column; its bits of what is there come before them. */
function columnsIn(
  head: Uint8Array,
  body: Uint8Array,
  rows: number,
  width: number,
): readonly Float64Array[] {
  const batch = FlatTable.root(head).table(2)
  const [nodes, buffers] = [batch?.pairs(1) ?? [], batch?.pairs(2) ?? []]
  if (batch?.table(3)) throw new ImportFault('is compressed; write it without compression')
  if (nodes.length !== width || buffers.length !== 2 * width) {
    throw new ImportFault('is damaged: a batch has other columns than its file')
  }
  const bytes = rows * Float64Array.BYTES_PER_ELEMENT
  return nodes.map(([length, gaps], column) => {
    if (gaps > 0) throw new ImportFault('has gaps; a row of a run has every number')
    const [at, stored] = buffers[2 * column + 1] ?? [0, 0]
    if (length !== rows || stored < bytes || at + bytes > body.length) {
      throw new ImportFault('is damaged: a column of a batch has fewer values than the others')
    }
    return new Float64Array(body.slice(at, at + bytes).buffer)
  })
}
