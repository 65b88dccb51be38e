/**
 * What is known of a mechanical drive: layout, mechanics, cache and controller, as measured.
 * The vocabulary is that of the DiskSim parameter sets extracted from real drives.
 */

/**
 * A run of cylinders with the same number of sectors on each track; it ends where the next zone
 * begins. The first sector of a zone lies at the index mark.
 */
export interface DiskZone {
  readonly firstCylinder: number
  readonly sectorsPerTrack: number
  /** Sectors by which a track's first sector lies behind the end of the track before it. */
  readonly trackSkewSectors: number
  /** The same from the last track of a cylinder to the first of the next one. */
  readonly cylinderSkewSectors: number
}

export interface DiskGeometry {
  readonly name: string
  /** Where the figures come from, and what of them is assumed. */
  readonly source: string
  /** Revolutions per minute. */
  readonly rpm: number
  readonly sectorBytes: number
  /** Logical sectors; what the zones hold beyond them are spares at the inner edge. */
  readonly sectors: number
  readonly cylinders: number
  readonly surfaces: number
  /** From the outer edge inwards. */
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
  readonly overheadReadHitAfterReadMs: number
  readonly overheadReadHitAfterWriteMs: number
  readonly overheadWriteAfterReadMs: number
  readonly overheadWriteAfterWriteMs: number
  /** Bus rate in 10^6 bytes per second. */
  readonly busMBperS: number
}

/** @throws RangeError with the first thing that cannot be true of a drive. */
export function checkGeometry(geometry: DiskGeometry): void {
  const { name, zones, seekCurve, cylinders, surfaces } = geometry
  const refuse = (what: string): never => {
    throw new RangeError(`disk ${name}: ${what}`)
  }
  const [firstZone] = zones
  if (!firstZone || firstZone.firstCylinder !== 0) refuse('the first zone begins at cylinder 0')
  let held = 0
  zones.forEach((zone, index) => {
    const end = zones[index + 1]?.firstCylinder ?? cylinders
    if (end <= zone.firstCylinder) refuse('zones ascend and lie within the cylinders')
    if (zone.trackSkewSectors < 0 || zone.trackSkewSectors >= zone.sectorsPerTrack)
      refuse('a track skew is less than a track')
    if (zone.cylinderSkewSectors < 0 || zone.cylinderSkewSectors >= zone.sectorsPerTrack)
      refuse('a cylinder skew is less than a track')
    held += (end - zone.firstCylinder) * surfaces * zone.sectorsPerTrack
  })
  if (geometry.sectors > held) refuse(`${geometry.sectors} sectors are more than zones of ${held}`)
  if (seekCurve[0]?.[0] !== 1) refuse('the seek curve begins at distance 1')
  seekCurve.forEach(([distance, ms], index) => {
    const before = seekCurve[index - 1]
    if (before && distance <= before[0]) refuse('the seek curve ascends by distance')
    if (!(ms > 0)) refuse('a seek takes time')
  })
}
