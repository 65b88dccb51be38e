/**
 * What the profile's interval that is not over has so far, in a file of its own that is written
 * anew in one piece. It counts only while the profile has not come as far as where it begins, so
 * that whoever goes on with the recording has nothing twice.
 */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Zstd } from '../formats/zstd'
import type { ProfileInterval } from '../runs/run-tracer'
import { RowBuffer } from './arrow/columns'
import { ArrowStream } from './arrow/read-stream'
import { encodeBatch, encodeSchema } from './arrow/write-stream'
import type { LogKind } from './batch-log'
import { IntervalRows } from './interval-rows'
import { Packing } from './packing'
import { tailName } from './segment-files'

export class ProfilePart {
  private part: ProfileInterval | undefined
  private readonly path: string
  private readonly rows: IntervalRows
  /** Up to where the file has it. */
  private writtenTo = 0
  private written = 0
  private passedTo = 0

  constructor(
    private readonly folder: string,
    private readonly kind: LogKind,
    private readonly zstd: Zstd,
    cpus: number,
  ) {
    this.path = join(folder, tailName(kind.name))
    this.rows = new IntervalRows(cpus)
  }

  /** Bytes that it has on disk. */
  get bytes(): number {
    return this.written
  }

  /** What an earlier program has left stays until the run has come further. */
  takeUp(): void {
    if (!existsSync(this.path)) return
    this.writtenTo = ArrowStream.open(this.path)?.batches.at(-1)?.to ?? 0
    this.written = statSync(this.path).size
  }

  take(part: ProfileInterval): void {
    if (part.to > this.writtenTo) this.part = part
  }

  /** The profile has come to this instant. */
  passed(to: number): void {
    this.passedTo = to
    if (this.part && this.part.from < to) this.part = undefined
  }

  /** After the profile was flushed. @throws an error with a code when it cannot be written */
  flush(): void {
    if (this.written > 0 && this.passedTo >= this.writtenTo) {
      rmSync(this.path, { force: true })
      this.written = 0
    }
    const { part, kind, zstd } = this
    this.part = undefined
    const count = part ? this.rows.take(part) : 0
    if (!part || count === 0) return
    const rows = new RowBuffer(kind.columns)
    rows.write(count, (columns, first) => this.rows.write(columns, first))
    const packing = new Packing(kind.columns)
    const grown = packing.growth(rows.from(0), undefined)
    const columns = packing.columnsFor(grown)
    const span = { from: part.to, to: part.to }
    const batch = encodeBatch(columns, packing.packed(columns, grown), span, zstd)
    const bytes = Buffer.concat([encodeSchema(columns, kind.about), batch])
    const under = join(this.folder, `.${tailName(kind.name)}.part`)
    try {
      writeFileSync(under, bytes)
      renameSync(under, this.path)
    } catch (error) {
      rmSync(under, { force: true })
      throw error
    }
    this.writtenTo = part.to
    this.written = bytes.length
  }
}
