/** What is known of a mechanical drive: layout, mechanics, cache and controller, as measured. */

/** A run of cylinders with the same number of sectors on each track; it ends where the next begins. */
export interface DiskZone {
  readonly firstCylinder: number
  readonly sectorsPerTrack: number
  /** Sectors by which a track's first sector lies behind the one of the track before it. */
  readonly trackSkewSectors: number
  /** The same from the last track of a cylinder to the first of the next one. */
  readonly cylinderSkewSectors: number
}

export interface DiskGeometry {
  readonly name: string
  readonly source: string
  /** Revolutions per minute. */
  readonly rpm: number
  readonly sectorBytes: number
  readonly cylinders: number
  readonly surfaces: number
  readonly zones: readonly DiskZone[]
  /** Measured seek times: [distance in cylinders, milliseconds], ascending by distance. */
  readonly seekCurve: readonly (readonly [distance: number, ms: number])[]
  /** Added to a seek or head switch that ends in a write. */
  readonly writeSettleMs: number
  readonly headSwitchMs: number
  readonly cacheSegments: number
  readonly segmentSectors: number
  /** Controller overhead before the mechanics start, by this request and the one before it. */
  readonly overheadReadMissAfterReadMs: number
  readonly overheadReadMissAfterWriteMs: number
  readonly overheadWriteAfterReadMs: number
  readonly overheadWriteAfterWriteMs: number
  /** Overhead of a read that the drive's cache serves. */
  readonly overheadReadHitMs: number
  /** Bus rate in 10^6 bytes per second. */
  readonly busMBperS: number
}
