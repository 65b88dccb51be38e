/**
 * One log of a recording, written row by row: what is new goes to its tail in small batches, as
 * often as it is flushed; when enough has come together it goes to a segment as one compressed
 * batch, and the tail begins anew. So a program that is killed loses what was not flushed, and
 * nothing else.
 */
import { closeSync, fdatasync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ArrowStream, wholeBytesOf } from './arrow/read-stream'
import { RowBuffer, type Column, type RowColumns, type Values } from './arrow/columns'
import { encodeBatch, encodeSchema } from './arrow/write-stream'
import type { Zstd } from '../formats/zstd'
import { isOfLog, LogBatch } from './log-batch'
import { beforeText, Packing, type Grown, type LogColumn } from './packing'
import { segmentName, segmentsIn, tailName, type Segment } from './segment-files'

export interface LogKind {
  readonly name: string
  /** The first of them grows from row to row: an instant, or a number. */
  readonly columns: readonly LogColumn[]
  readonly about: Readonly<Record<string, string>>
  /** Rows of a batch of a segment. */
  readonly batchRows: number
  /** Simulated seconds of a segment. */
  readonly segmentSeconds: number
  /** Columns by which the rows of a compressed batch are in order, as small as that makes it. */
  readonly sortedBy?: readonly number[]
  /** Without a tail, rows reach the disk when a batch of them is full, or at the end. */
  readonly tail: boolean
}

interface OpenSegment {
  readonly file: number
  readonly from: number
  /** How they are packed in it. */
  readonly columns: readonly Column[]
}
type Row = ArrayLike<number | string>

export class BatchLog {
  private readonly rows: RowBuffer
  private readonly tailSchema: Uint8Array
  private readonly packing: Packing
  private tail: number | undefined
  private tailed = 0
  private segment: OpenSegment | undefined
  private segmentsTo = -1
  private written = 0
  /** The last row that a segment has, or that was passed over. */
  private before: Row | undefined
  /** Rows up to this instant are in the folder already: they come again and are passed over. */
  skipTo = -Infinity

  constructor(
    private readonly folder: string,
    private readonly kind: LogKind,
    private readonly zstd: Zstd,
  ) {
    this.rows = new RowBuffer(kind.columns)
    this.tailSchema = encodeSchema(kind.columns, kind.about)
    this.packing = new Packing(kind.columns)
  }

  /** Bytes that it has on disk. */
  get bytes(): number {
    return this.written
  }
  get name(): string {
    return this.kind.name
  }
  /** The segment that is being written, which cannot be dropped. */
  get segmentFrom(): number | undefined {
    return this.segment?.from
  }

  /**
   * Takes up what an earlier program has left: whole batches stay, what is torn or comes after
   * damage goes, and the rows of the tail become a batch of a segment.
   */
  takeUp(): void {
    const { name, columns } = this.kind
    const segments = segmentsIn(this.folder).get(name) ?? []
    let damaged = false
    let newest: { readonly segment: Segment; readonly stream: ArrowStream } | undefined
    for (const segment of segments) {
      const stream = damaged ? undefined : ArrowStream.open(segment.path)
      if (!stream || !isOfLog(stream.columns, columns)) {
        damaged = true
        rmSync(segment.path)
        continue
      }
      const whole = wholeBytesOf(stream)
      damaged = whole < statSync(segment.path).size
      if (damaged) truncateSync(segment.path, whole)
      const last = stream.batches.filter(({ end }) => end <= whole).at(-1)
      if (last) {
        this.skipTo = last.to
        this.before = LogBatch.open(stream, last, this.zstd)?.lastRow(columns)
      }
      this.written += whole
      this.segmentsTo = segment.from
      newest = { segment, stream }
    }
    if (newest) this.reopen(newest.segment, newest.stream)
    this.takeUpTail(damaged)
  }

  private takeUpTail(damaged: boolean): void {
    const { columns, name } = this.kind
    const stream = damaged ? undefined : openIfThere(join(this.folder, tailName(name)))
    if (!stream || !isOfLog(stream.columns, columns)) return
    const whole = wholeBytesOf(stream)
    for (const place of stream.batches) {
      const batch = place.end > whole ? undefined : LogBatch.open(stream, place, this.zstd)
      if (!batch) break
      for (const row of batch.rowsOf(columns)) this.add(row)
    }
    const newest = this.rows.length > 0 ? this.last() : undefined
    this.seal()
    if (newest !== undefined) this.skipTo = newest
  }

  /** What a segment of an earlier version has stays as it is; what is new goes to another one. */
  private reopen({ path, from }: Segment, { columns }: ArrowStream): void {
    const own = this.kind.columns
    if (columns.length !== own.length || columns.some(({ name }, c) => name !== own[c]?.name))
      return
    this.segment = { file: openSync(path, 'a'), from, columns }
  }

  /** @param values one per column, kept for as long as nothing follows */
  add(values: Row): void {
    if (Number(values[0]) <= this.skipTo) this.before = values
    else this.rows.add(values)
  }

  /** So many rows that are not there yet. @param write writes them straight into the columns */
  write(rows: number, write: (columns: RowColumns, first: number) => void): void {
    this.rows.write(rows, write)
  }

  /** Rows of numbers. @param first of each, and `rest` what follows it, row after row */
  addNumbers(first: Float64Array, rest: Float64Array, count: number): void {
    const width = this.kind.columns.length - 1
    let since = 0
    while (since < count && first[since]! <= this.skipTo) since++
    if (since > 0) {
      const [at, end] = [(since - 1) * width, since * width]
      this.before = [first[since - 1]!, ...rest.subarray(at, end)]
    }
    if (since === count) return
    this.rows.write(count - since, (columns, row) => {
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c]!
        for (let i = since; i < count; i++) {
          column[row + i - since] = c === 0 ? first[i]! : rest[i * width + c - 1]!
        }
      }
    })
  }

  /** Whether enough has come together for a batch of a segment. */
  get isFull(): boolean {
    return this.rows.length >= this.kind.batchRows
  }

  /** What is new is handed to the system. @throws an error with a code when it cannot be. */
  flush(): void {
    if (this.isFull) return this.seal()
    if (!this.kind.tail || this.rows.length === this.tailed) return
    if (this.tail === undefined) this.beginTail()
    const { columns } = this.kind
    const values = this.rows.from(this.tailed)
    const times = values[0] as Float64Array
    const span = { from: times[0] ?? 0, to: times.at(-1) ?? 0 }
    const bytes = encodeBatch(columns, values, span)
    if (this.tail !== undefined) this.append(this.tail, bytes)
    this.tailed = this.rows.length
    this.written += bytes.length
    if (this.tail !== undefined) fdatasync(this.tail, () => undefined)
  }

  /** Everything becomes a batch of a segment. @throws as flush */
  seal(): void {
    if (this.rows.length > 0) {
      const { sortedBy } = this.kind
      const all = this.rows.from(0)
      const times = all[0] as Float64Array
      const span = { from: times[0] ?? 0, to: times.at(-1) ?? 0 }
      this.writeBatch(sortedBy ? this.rows.sorted(sortedBy) : all, span)
      this.before = all.map((column) => column.at(-1) ?? 0)
      this.rows.clear()
    }
    this.tailed = 0
    if (this.tail === undefined && !this.kind.tail) return
    this.beginTail()
  }

  private writeBatch(values: readonly Values[], span: { from: number; to: number }): void {
    const { packing, before } = this
    const grown = packing.growth(values, before)
    const { file, columns } = this.segmentFor(span.from, grown)
    const packed = packing.packed(columns, grown)
    const said = { ...span, before: beforeText(columns, before) }
    const bytes = encodeBatch(columns, packed, said, this.zstd)
    this.append(file, bytes)
    this.written += bytes.length
    fdatasync(file, () => undefined)
  }

  close(): void {
    this.seal()
    this.letGo()
  }

  /** Closes the files as they are. */
  letGo(): void {
    const files = [this.segment?.file, this.tail]
    this.segment = this.tail = undefined
    for (const file of files) if (file !== undefined) closeSync(file)
  }

  /** It has lost this many bytes to the limit. */
  dropped(bytes: number): void {
    this.written -= bytes
  }

  private last(): number {
    const times = this.rows.from(0)[0] as Float64Array
    return times.at(-1) ?? 0
  }

  private segmentFor(from: number, grown: Grown): OpenSegment {
    const { segmentSeconds, name, about } = this.kind
    const { segment, packing } = this
    const goesOn = segment && from < segment.from + segmentSeconds
    if (goesOn && packing.fits(segment.columns, grown)) return segment
    // Forgotten first: what fails after it must not close it again.
    this.segment = undefined
    if (segment) closeSync(segment.file)
    // One that ended before its time has its successor in the same stretch.
    const stretch = from - (from % segmentSeconds || 0)
    const begin = stretch > this.segmentsTo ? stretch : Math.max(from, this.segmentsTo + 1)
    const columns = packing.columnsFor(grown)
    const file = openSync(join(this.folder, segmentName(name, begin)), 'w')
    this.segment = { file, from: Math.floor(begin), columns }
    this.segmentsTo = Math.floor(begin)
    const schema = encodeSchema(columns, about)
    this.append(file, schema)
    this.written += schema.length
    return this.segment
  }

  private beginTail(): void {
    if (this.tail === undefined) {
      this.tail = openSync(join(this.folder, tailName(this.kind.name)), 'w')
      this.append(this.tail, this.tailSchema)
      this.written += this.tailSchema.length
      return
    }
    // Opened for writing from its beginning: what follows goes behind the schema.
    const { tail } = this
    this.tail = undefined
    closeSync(tail)
    const path = join(this.folder, tailName(this.kind.name))
    this.written -= statSync(path).size - this.tailSchema.length
    this.tail = openSync(path, 'w')
    this.append(this.tail, this.tailSchema)
  }

  private append(file: number, bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) at += writeSync(file, bytes, at)
  }
}

function openIfThere(path: string): ArrowStream | undefined {
  try {
    return ArrowStream.open(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
