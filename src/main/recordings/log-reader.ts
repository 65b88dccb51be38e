/** Reads one log of a recording: its segments and its tail, whole batches only, in order. */
import { join } from 'node:path'
import { ArrowStream, type BatchPlace } from './arrow/read-stream'
import type { Column, Values } from './arrow/columns'
import type { Zstd } from './arrow/zstd'
import { tailName, type Segment } from './segment-files'

interface Part {
  readonly stream: ArrowStream
  readonly batch: BatchPlace
}

/** Batches of a log that are kept in mind at most: months of them. */
const batchesMax = 200_000

export class LogReader {
  private readonly parts: Part[] = []
  private readonly unread = new Set<BatchPlace>()
  /** What is missing of it, in words. */
  readonly missing: string[] = []

  constructor(
    folder: string,
    private readonly name: string,
    private readonly columns: readonly Column[],
    segments: readonly Segment[],
    private readonly zstd: Zstd,
  ) {
    const paths = [...segments.map(({ path }) => path), join(folder, tailName(name))]
    for (const path of paths) this.open(path)
  }

  private open(path: string): void {
    const file = path.slice(path.lastIndexOf('/') + 1)
    let stream: ArrowStream | undefined
    try {
      stream = ArrowStream.open(path)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') this.missing.push(`${file} cannot be read: ${message}`)
      return
    }
    const wanted = this.columns
    if (!stream || !wanted.every((column, c) => sameColumn(stream.columns[c], column))) {
      this.missing.push(`${file} does not begin as a log of this recording`)
      return
    }
    const { damagedBytes, torn } = stream.faults
    if (damagedBytes > 0) this.missing.push(`${damagedBytes} damaged bytes of ${file}`)
    if (torn) this.missing.push(`${file} is torn; its last batch is lost`)
    const newest = this.parts.at(-1)?.batch.to ?? -Infinity
    for (const batch of stream.batches) {
      // A tail has for a moment what a segment has already.
      if (batch.to <= newest || this.parts.length >= batchesMax) continue
      this.parts.push({ stream, batch })
    }
  }

  /** First and last instant of its rows, as its batches say. */
  get from(): number | undefined {
    return this.parts[0]?.batch.from
  }
  get to(): number {
    return this.parts.at(-1)?.batch.to ?? 0
  }
  get rows(): number {
    return this.parts.reduce((sum, { batch }) => sum + batch.rows, 0)
  }

  /** Batches with rows after one instant and up to another. */
  *batches(
    after: number,
    to: number,
    wanted: readonly number[],
  ): Generator<{ readonly rows: number; readonly values: readonly Values[] }> {
    for (const part of this.parts) {
      const { batch, stream } = part
      if (batch.to <= after) continue
      if (batch.from > to) return
      const values = this.read(stream, batch, wanted)
      if (values) yield { rows: batch.rows, values }
    }
  }

  private read(
    stream: ArrowStream,
    batch: BatchPlace,
    wanted: readonly number[],
  ): readonly Values[] | undefined {
    try {
      const values = stream.read(batch, wanted, this.zstd)
      if (values || this.unread.has(batch)) return values
    } catch (error) {
      if (this.unread.has(batch)) return undefined
      this.missing.push(`${this.name}: ${(error as Error).message}`)
    }
    this.unread.add(batch)
    this.missing.push(`${batch.rows} rows of ${this.name} up to ${batch.to} are damaged`)
    return undefined
  }
}

const sameColumn = (found: Column | undefined, { name, type }: Column): boolean =>
  found?.name === name && found.type === type
