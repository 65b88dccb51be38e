/**
 * The samples of one run, in memory, within a limit: the newest as they are, older ones as tiers
 * whose rows stand for 10, 60 and 600 simulated seconds and keep least, largest, mean and last, so
 * that a second's trouble is still there when a day is looked at. When the last tier is full as
 * well, its rows are joined by twos.
 */
import type { SampleBlock } from '../../shared/frame'
import { RowRing, type RowView } from './row-ring'
import { BlockBuilder, evenBlock, rowsOf } from './sample-block'
import { RowMaker, RowMerger, type SampleRow, type WideRow } from './wide-row'

/** Bytes of samples that are kept in memory unless told otherwise. */
export const sampleMemoryBytes = 64 * 1024 * 1024
/** Simulated seconds that a row of each tier stands for. */
export const tierSeconds = [10, 60, 600] as const
/** Rows that are read for each one that is wanted, at most about. */
const rowsPerWanted = 8

/** What a level has from some instant on. */
export interface LevelView {
  readonly after: number
  readonly rows: RowView
}

export class SampleTiers {
  private readonly rings: readonly RowRing[]
  private readonly mergers: readonly RowMerger[]
  /** The last tier, which reaches back to the beginning. */
  private readonly oldest: BlockBuilder
  private readonly maker: RowMaker
  private newest = 0
  private samplesDropped = false

  /** @param width counters in a sample. @param isTotal by counter; all are gauges when left out */
  constructor(
    readonly width: number,
    limitBytes = sampleMemoryBytes,
    isTotal?: readonly boolean[],
  ) {
    this.maker = new RowMaker(isTotal)
    const share = limitBytes / (tierSeconds.length + 1)
    this.rings = [0, ...tierSeconds.slice(0, -1)].map(
      (_, level) => new RowRing(width, level > 0, share, level > 0 ? undefined : isTotal),
    )
    this.oldest = new BlockBuilder(width, Math.max(64, Math.floor(share / (12 + 32 * width))))
    this.mergers = tierSeconds.map(
      (seconds, tier) => new RowMerger(seconds, (row) => this.take(row, tier + 1)),
    )
  }

  /** Bytes that the kept rows take. */
  get bytes(): number {
    return this.rings.reduce((sum, ring) => sum + ring.bytes, this.oldest.bytes)
  }

  /** Samples up to this simulated second are in tiers only. */
  get wholeAfter(): number {
    return this.rings[0]?.after ?? 0
  }

  /**
   * @param values copied.
   * @returns true when, for the first time, samples were dropped that only tiers have now
   */
  append(time: number, values: Float64Array): boolean {
    const row = this.maker.row(time, values)
    this.newest = time
    const dropped = this.rings[0]?.append(row) ?? false
    this.mergers[0]?.add(row)
    const first = dropped && !this.samplesDropped
    this.samplesDropped ||= dropped
    return first
  }

  /**
   * Every kept row in order, each at the finest resolution that is kept, as they are at this call,
   * so that a file can be written while the run goes on. Can be gone through several times.
   */
  rows(): Iterable<SampleRow> {
    const levels = this.levels(0)
    const each = function* (): Generator<SampleRow> {
      for (const { time, samples, last } of joinLevels(levels, 0, -Infinity, Infinity)) {
        yield { time, samples, values: last }
      }
    }
    return { [Symbol.iterator]: each }
  }

  /** Rows between two instants, neighbours merged until there are at most `maxRows`. */
  block(maxRows: number, from = 0, to = Infinity): SampleBlock {
    const end = Math.min(to, this.newest)
    const length = end - from
    const finest = [0, ...tierSeconds].findLastIndex(
      (seconds) => seconds * maxRows * rowsPerWanted <= length,
    )
    const rows = this.wideRows(Math.max(0, finest), from, to)
    return evenBlock(rows, this.width, { from, to: end }, maxRows)
  }

  private wideRows(finest: number, from: number, to: number): Iterable<WideRow> {
    return joinLevels(this.levels(finest), finest, from, to)
  }

  private levels(finest: number): LevelView[] {
    const levels: LevelView[] = this.rings.map((ring) => ({ after: ring.after, rows: ring.view() }))
    const old = this.samplesDropped || finest > 0 ? this.oldest.peek() : undefined
    levels.push({ after: 0, rows: between(() => (old ? rowsOf(old) : [])) })
    return levels
  }

  private take(row: WideRow, level: number): void {
    const ring = this.rings[level]
    if (ring) ring.append(row)
    else this.oldest.addRow(row)
    this.mergers[level]?.add(row)
  }
}

const between = (rows: () => Iterable<WideRow>): RowView =>
  function* (after, before) {
    for (const row of rows()) {
      if (row.time <= after) continue
      yield row
      if (row.time >= before) return
    }
  }

/**
 * Coarse rows first, each level up to where the next finer one has its own; the finest that is
 * wanted as far as it goes, and what is newer than its last row from the finer ones.
 */
function* joinLevels(
  levels: readonly LevelView[],
  finest: number,
  from: number,
  to: number,
): Generator<WideRow> {
  let since = Math.max(0, from)
  for (let level = levels.length - 1; level >= 0; level--) {
    const until = level > finest ? (levels[level - 1]?.after ?? 0) : Infinity
    if (until <= since) continue
    for (const row of levels[level]?.rows(since, Math.min(until, to)) ?? []) {
      since = row.time
      yield row
    }
    if (since >= to) return
  }
}
