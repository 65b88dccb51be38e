/** Reads one log of a recording: its segments and its tail, whole batches only, in order. */
import { join } from 'node:path'
import { ArrowStream, type BatchPlace } from './arrow/read-stream'
import { KnownColumns, type BatchRooms } from './arrow/columns'
import type { Zstd } from '../formats/zstd'
import { isOfLog, LogBatch } from './log-batch'
import type { LogColumn } from './packing'
import { tailName, type Segment } from './segment-files'

interface Part {
  readonly stream: ArrowStream
  readonly place: BatchPlace
}

/** Batches of a log that are kept in mind at most: months of them. */
const batchesMax = 200_000

export class LogReader {
  private readonly parts: Part[] = []
  private readonly unread = new Set<BatchPlace>()
  private readonly columnsKnown = new KnownColumns()
  /** What is missing of it, in words. */
  readonly missing: string[] = []

  constructor(
    folder: string,
    private readonly name: string,
    private readonly kind: readonly LogColumn[],
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
      stream = ArrowStream.open(path, this.columnsKnown)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') this.missing.push(`${file} cannot be read: ${message}`)
      return
    }
    if (!stream || !isOfLog(stream.columns, this.kind)) {
      this.missing.push(`${file} does not begin as a log of this recording`)
      return
    }
    const { damagedBytes, torn } = stream.faults
    if (damagedBytes > 0) this.missing.push(`${damagedBytes} damaged bytes of ${file}`)
    if (torn) this.missing.push(`${file} is torn; its last batch is lost`)
    const newest = this.parts.at(-1)?.place.to ?? -Infinity
    for (const place of stream.batches) {
      // A tail has for a moment what a segment has already.
      if (place.to <= newest || this.parts.length >= batchesMax) continue
      this.parts.push({ stream, place })
    }
  }

  /** First and last instant of its rows, as its batches say. */
  get from(): number | undefined {
    return this.parts[0]?.place.from
  }
  get to(): number {
    return this.parts.at(-1)?.place.to ?? 0
  }
  get rows(): number {
    return this.parts.reduce((sum, { place }) => sum + place.rows, 0)
  }

  /**
   * Batches with rows after one instant and up to another.
   * @param rooms where they are read to; each is then good until the next
   */
  *batches(after: number, to: number, rooms?: BatchRooms): Generator<LogBatch> {
    let before: WeakRef<LogBatch> | undefined
    for (const [i, { place }] of this.parts.entries()) {
      if (place.to <= after) continue
      if (place.from > to) return
      const batch = this.read(i, rooms)
      if (!batch) continue
      // Held weakly: else the last batch would hold all of them.
      const last = before
      let again: LogBatch | undefined
      batch.previous = () => last?.deref() ?? (again ??= i > 0 ? this.read(i - 1) : undefined)
      before = rooms ? undefined : new WeakRef(batch)
      yield batch
    }
  }

  /**
   * The same, with some columns unpacked; a batch that cannot be is passed over.
   * @param rooms where they are read and unpacked to; each is then good until the next
   */
  *columns(
    after: number,
    to: number,
    names: readonly string[],
    rooms?: BatchRooms,
  ): Generator<[LogBatch, readonly ArrayLike<number | string>[]]> {
    for (const batch of this.batches(after, to, rooms)) {
      let values: readonly ArrayLike<number | string>[]
      try {
        values = names.map((name, c) =>
          batch.values(name, rooms && (() => rooms.of(c, batch.rows))),
        )
      } catch {
        this.passOver(batch)
        continue
      }
      yield [batch, values]
    }
  }

  /** It turned out that it cannot be read. @returns whether it is one of these, and news */
  passOver({ place }: LogBatch): boolean {
    if (this.unread.has(place) || !this.parts.some((part) => part.place === place)) return false
    this.lose(place)
    return true
  }

  private lose(place: BatchPlace): void {
    this.unread.add(place)
    this.missing.push(`${place.rows} rows of ${this.name} up to ${place.to} are damaged`)
  }

  private read(index: number, rooms?: BatchRooms): LogBatch | undefined {
    const part = this.parts[index]
    if (!part || this.unread.has(part.place)) return undefined
    const { stream, place } = part
    try {
      const batch = LogBatch.open(stream, place, this.zstd, rooms)
      if (batch) return batch
    } catch (error) {
      this.missing.push(`${this.name}: ${(error as Error).message}`)
    }
    this.lose(place)
    return undefined
  }
}
