/**
 * One log of a recording, written row by row: what is new goes to its tail in small batches, as
 * often as it is flushed; when enough has come together it goes to a segment as one compressed
 * batch, and the tail begins anew. So a program that is killed loses what was not flushed, and
 * nothing else.
 */
import { closeSync, fdatasync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ArrowStream, wholeBytesOf } from './arrow/read-stream'
import { RowBuffer, type Column } from './arrow/columns'
import { encodeBatch, encodeSchema } from './arrow/write-stream'
import type { Zstd } from './arrow/zstd'
import { segmentName, segmentsIn, tailName, type Segment } from './segment-files'

export interface LogKind {
  readonly name: string
  /** The first of them grows from row to row: an instant, or a number. */
  readonly columns: readonly Column[]
  readonly about: Readonly<Record<string, string>>
  /** Rows of a batch of a segment. */
  readonly batchRows: number
  /** Simulated seconds of a segment. */
  readonly segmentSeconds: number
  /** Columns by which the rows of a compressed batch are in order, where that makes it smaller. */
  readonly sortedBy?: readonly number[]
  /** Without a tail, rows reach the disk when a batch of them is full, or at the end. */
  readonly tail: boolean
}

export class BatchLog {
  private readonly rows: RowBuffer
  private readonly schema: Uint8Array
  private tail: number | undefined
  private tailed = 0
  private segment: { file: number; readonly from: number; bytes: number } | undefined
  private written = 0
  /** Rows up to this instant are in the folder already: they come again and are passed over. */
  skipTo = -Infinity

  constructor(
    private readonly folder: string,
    private readonly kind: LogKind,
    private readonly zstd: Zstd,
  ) {
    this.rows = new RowBuffer(kind.columns)
    this.schema = encodeSchema(kind.columns, kind.about)
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
    let newest: Segment | undefined
    for (const segment of segments) {
      const stream = damaged ? undefined : ArrowStream.open(segment.path)
      if (!stream || !sameColumns(stream.columns, columns)) {
        damaged = true
        rmSync(segment.path)
        continue
      }
      const whole = wholeBytesOf(stream)
      damaged = whole < statSync(segment.path).size
      if (damaged) truncateSync(segment.path, whole)
      const last = stream.batches.filter(({ end }) => end <= whole).at(-1)
      if (last) this.skipTo = last.to
      this.written += whole
      newest = segment
    }
    if (newest) this.reopen(newest)
    this.takeUpTail(damaged)
  }

  private takeUpTail(damaged: boolean): void {
    const path = join(this.folder, tailName(this.kind.name))
    const stream = damaged ? undefined : openIfThere(path)
    if (!stream || !sameColumns(stream.columns, this.kind.columns)) return
    const all = this.kind.columns.map((_, c) => c)
    const whole = wholeBytesOf(stream)
    for (const batch of stream.batches) {
      if (batch.end > whole) break
      const values = stream.read(batch, all, this.zstd)
      if (!values) break
      for (let row = 0; row < batch.rows; row++) {
        this.add(values.map((column) => column[row] ?? 0))
      }
    }
    const newest = this.rows.length > 0 ? this.last() : undefined
    this.seal()
    if (newest !== undefined) this.skipTo = newest
  }

  private reopen(segment: Segment): void {
    const file = openSync(segment.path, 'a')
    this.segment = { file, from: segment.from, bytes: statSync(segment.path).size }
  }

  /** @param values one per column */
  add(values: ArrayLike<number | string>): void {
    if (Number(values[0]) <= this.skipTo) return
    this.rows.add(values)
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
    if (this.tail !== undefined) this.write(this.tail, bytes)
    this.tailed = this.rows.length
    this.written += bytes.length
    if (this.tail !== undefined) fdatasync(this.tail, () => undefined)
  }

  /** Everything becomes a batch of a segment. @throws as flush */
  seal(): void {
    if (this.rows.length > 0) {
      const { sortedBy } = this.kind
      const times = this.rows.from(0)[0] as Float64Array
      const span = { from: times[0] ?? 0, to: times.at(-1) ?? 0 }
      const values = sortedBy ? this.rows.sorted(sortedBy) : this.rows.from(0)
      const bytes = encodeBatch(this.kind.columns, values, span, this.zstd)
      const file = this.segmentFor(span.from)
      this.write(file.file, bytes)
      file.bytes += bytes.length
      this.written += bytes.length
      fdatasync(file.file, () => undefined)
      this.rows.clear()
    }
    this.tailed = 0
    if (this.tail === undefined && !this.kind.tail) return
    this.beginTail()
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

  private segmentFor(from: number): { file: number; bytes: number } {
    const { segmentSeconds, name } = this.kind
    const { segment } = this
    if (segment && from < segment.from + segmentSeconds) return segment
    // Forgotten first: what fails after it must not close it again.
    this.segment = undefined
    if (segment) closeSync(segment.file)
    const begin = from - (from % segmentSeconds || 0)
    const file = openSync(join(this.folder, segmentName(name, begin)), 'w')
    const opened = { file, from: begin, bytes: this.schema.length }
    this.segment = opened
    this.write(file, this.schema)
    this.written += this.schema.length
    return opened
  }

  private beginTail(): void {
    if (this.tail === undefined) {
      this.tail = openSync(join(this.folder, tailName(this.kind.name)), 'w')
      this.write(this.tail, this.schema)
      this.written += this.schema.length
      return
    }
    // Opened for writing from its beginning: what follows goes behind the schema.
    const { tail } = this
    this.tail = undefined
    closeSync(tail)
    const path = join(this.folder, tailName(this.kind.name))
    this.written -= statSync(path).size - this.schema.length
    this.tail = openSync(path, 'w')
    this.write(this.tail, this.schema)
  }

  private write(file: number, bytes: Uint8Array): void {
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

const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length && a.every(({ name, type }, c) => name === b[c]?.name && type === b[c].type)
