/**
 * The drive's own read cache: segments, each a run of consecutive sectors, replaced by age.
 * Written sectors are dropped, not kept.
 */
export class DriveCache {
  /** Kept sectors of each segment: from `first` up to, not including, `end`. */
  private readonly first: Float64Array
  private readonly end: Float64Array
  private readonly usedAt: Float64Array
  private uses = 0

  constructor(
    readonly segments: number,
    readonly segmentSectors: number,
  ) {
    this.first = new Float64Array(segments)
    this.end = new Float64Array(segments)
    this.usedAt = new Float64Array(segments)
  }

  /** The segment that holds all the sectors from `sector` up to `end`, or -1. */
  holder(sector: number, end: number): number {
    for (let segment = 0; segment < this.segments; segment++) {
      if (this.first[segment]! <= sector && end <= this.end[segment]!) return segment
    }
    return -1
  }

  /** Whether reading on in this segment reaches `sector` without a gap. */
  leadsTo(segment: number, sector: number): boolean {
    return this.first[segment]! <= sector && sector <= this.end[segment]!
  }

  use(segment: number): void {
    this.usedAt[segment] = ++this.uses
  }

  /** Empties the segment that was used least recently, to be filled from `sector` on. */
  replace(sector: number): number {
    let oldest = 0
    for (let segment = 1; segment < this.segments; segment++) {
      if (this.usedAt[segment]! < this.usedAt[oldest]!) oldest = segment
    }
    this.first[oldest] = sector
    this.end[oldest] = sector
    this.use(oldest)
    return oldest
  }

  /** The segment now holds sectors up to `end`; its oldest give way when it is full. */
  fill(segment: number, end: number): void {
    this.end[segment] = end
    this.first[segment] = Math.max(this.first[segment]!, end - this.segmentSectors)
  }

  /** Drops the sectors from `sector` up to `end`; a segment keeps what lies on one side of them. */
  drop(sector: number, end: number): void {
    for (let segment = 0; segment < this.segments; segment++) {
      const first = this.first[segment]!
      if (first >= end || this.end[segment]! <= sector) continue
      if (first < sector) this.end[segment] = sector
      else this.first[segment] = Math.min(end, this.end[segment]!)
    }
  }

  clear(): void {
    this.first.fill(0)
    this.end.fill(0)
    this.usedAt.fill(0)
    this.uses = 0
  }
}
