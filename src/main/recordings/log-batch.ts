/**
 * One batch of a log as it is read: by column, whatever its version called it and however it is
 * packed. Each column is unpacked when it is asked for, so that one is in memory at a time.
 */
import type { ArrowStream, BatchPlace } from './arrow/read-stream'
import type { BatchRooms, Column, Values } from './arrow/columns'
import type { Zstd } from '../formats/zstd'
import { beforeFrom, isDistance, isGrowth, type LogColumn } from './packing'

/** A batch whose columns cannot be unpacked, although its checksums are right. */
export class UnreadableBatch extends Error {
  constructor(readonly batch: LogBatch) {
    super('a batch cannot be unpacked')
  }
}

/** Whether a stream has what a log of this kind must have, of whatever type. */
export function isOfLog(found: readonly Column[], kind: readonly LogColumn[]): boolean {
  const types = new Map(found.map(({ name, type }) => [name, type]))
  return kind.every(({ name, type, optional }) => {
    const there = types.get(name)
    return there === undefined ? optional === true : (there === 'text') === (type === 'text')
  })
}

/** What a total had come to, from how much it grew. */
function sums(
  growth: ArrayLike<number>,
  before: number,
  levels: Float64Array = new Float64Array(growth.length),
): Float64Array {
  let sum = before
  for (let row = 0; row < growth.length; row++) levels[row] = sum += growth[row] ?? 0
  return levels
}

/** Instants, from how far they are before others. */
function awayFrom(
  times: ArrayLike<number>,
  distances: ArrayLike<number>,
  instants: Float64Array = new Float64Array(times.length),
): Float64Array {
  for (let row = 0; row < times.length; row++) {
    instants[row] = (times[row] ?? 0) - (distances[row] ?? 0)
  }
  return instants
}

export class LogBatch {
  /** What came before it in its log, where it does not say so itself. */
  previous: (() => LogBatch | undefined) | undefined
  private readonly places: ReadonlyMap<string, number>
  /** Asked for again with each of the others. */
  private times: ArrayLike<number> | undefined
  private even: { readonly seconds: number | undefined } | undefined

  private constructor(
    readonly place: BatchPlace,
    private readonly columns: readonly Column[],
    private readonly unpack: (column: number) => Values,
    private readonly before: Float64Array,
    /** Whether it says itself what came before it. */
    private readonly saysBefore: boolean,
  ) {
    this.places = new Map(columns.map(({ name }, c) => [name, c]))
  }

  /**
   * Undefined when it is damaged. @throws an error with a code when it cannot be read
   * @param rooms where it is read to; it is then good until the next
   */
  static open(
    stream: ArrowStream,
    place: BatchPlace,
    zstd: Zstd,
    rooms?: BatchRooms,
  ): LogBatch | undefined {
    const read = stream.columnsOf(place, zstd, rooms)
    const before = beforeFrom(stream.columns, read?.before)
    const says = read?.before !== undefined
    return read && before && new LogBatch(place, stream.columns, read.column, before, says)
  }

  get rows(): number {
    return this.place.rows
  }
  has(name: string): boolean {
    return this.placeOf(name) !== undefined
  }

  /** The first version has what a total's rates were between as `….rate.min`. */
  private placeOf(name: string): number | undefined {
    return this.places.get(name) ?? this.places.get(name.replace(/\.(?=min$|max$|mean$)/, '.rate.'))
  }

  /**
   * Numbers as they are: of a total, what it had come to. @throws UnreadableBatch
   * @param room where they are written; else they may be of any type
   */
  level(name: string, room?: Float64Array): ArrayLike<number> {
    const c = this.placeOf(name)
    const column = c === undefined ? undefined : this.columns[c]
    if (c === undefined || !column) return room?.fill(0) ?? new Uint8Array(this.rows)
    const values = c === 0 ? this.timesNow() : (this.unpacked(c) as ArrayLike<number>)
    if (isGrowth(column)) return sums(values, this.before[c] ?? 0, room)
    if (isDistance(column)) return awayFrom(this.timesNow(), values, room)
    room?.set(values)
    return room ?? values
  }
  private timesNow(): ArrayLike<number> {
    return (this.times ??= this.unpacked(0) as ArrayLike<number>)
  }

  /** How much a number grew since the row before; before the very first row it was 0. */
  growth(name: string): ArrayLike<number> {
    const c = this.placeOf(name)
    const column = c === undefined ? undefined : this.columns[c]
    if (c !== undefined && column && isGrowth(column)) return this.unpacked(c) as ArrayLike<number>
    const levels = this.level(name)
    const growth = new Float64Array(levels.length)
    let last = this.valueBefore(name)
    for (let row = 0; row < levels.length; row++) {
      const level = levels[row] ?? 0
      growth[row] = level - last
      last = level
    }
    return growth
  }

  /** Simulated seconds between its rows, where each is as far from the one before it. */
  get evenSeconds(): number | undefined {
    return (this.even ??= { seconds: this.evenDistance() }).seconds
  }
  private evenDistance(): number | undefined {
    const times = this.level('time')
    let before = this.valueBefore('time')
    const seconds = (times[0] ?? 0) - before
    for (let row = 0; row < times.length; row++) {
      const at = times[row] ?? 0
      if (at - before !== seconds) return undefined
      before = at
    }
    return seconds
  }

  /** Of a column that is text. @throws UnreadableBatch */
  texts(name: string): readonly string[] {
    const c = this.placeOf(name)
    return c === undefined ? [] : (this.unpacked(c) as readonly string[])
  }

  /** What a column had in the row before the first one. */
  valueBefore(name: string): number {
    const c = this.placeOf(name) ?? 0
    const column = this.columns[c]
    if (this.saysBefore && column && (c === 0 || isGrowth(column))) return this.before[c] ?? 0
    const levels = this.previous?.()?.level(name)
    return levels?.[levels.length - 1] ?? 0
  }

  /** A column as it is, numbers or text. @throws UnreadableBatch */
  values(name: string, room?: () => Float64Array): ArrayLike<number | string> {
    const column = this.columns[this.placeOf(name) ?? -1]
    return column?.type === 'text' ? this.texts(name) : this.level(name, room?.())
  }

  *rowsOf(columns: readonly Column[]): Generator<(number | string)[]> {
    const values = columns.map(({ name }) => this.values(name))
    for (let row = 0; row < this.rows; row++) yield values.map((column) => column[row] ?? 0)
  }

  lastRow(columns: readonly Column[]): (number | string)[] {
    return columns.map(({ name }) => this.values(name)[this.rows - 1] ?? 0)
  }

  private unpacked(c: number): Values {
    try {
      return this.unpack(c)
    } catch {
      throw new UnreadableBatch(this)
    }
  }
}
