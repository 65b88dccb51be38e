/**
 * From logical sectors to places on the platters, and how long the arm needs between them.
 * Sectors go along a track, then through the surfaces of a cylinder, then inwards. Leaves out
 * slipped defects: the spares are all taken to lie at the inner edge.
 */
import type { DiskGeometry } from './geometry'
import { checkGeometry } from './geometry'

/** A place on the platters; `sector` equals the track's length when the track has just ended. */
export interface Place {
  zone: number
  cylinder: number
  head: number
  sector: number
}

export class DiskLayout {
  readonly sectors: number
  /** Nanoseconds; not an integer. */
  readonly revolutionNs: number
  readonly zoneCount: number
  readonly sectorsPerTrack: Float64Array
  readonly sectorNs: Float64Array
  readonly trackSkewNs: Float64Array
  readonly cylinderSkewNs: Float64Array
  readonly firstCylinder: Int32Array
  private readonly firstSector: Float64Array
  private readonly seekNsByDistance: Float64Array

  /** @throws RangeError when the geometry contradicts itself. */
  constructor(readonly geometry: DiskGeometry) {
    checkGeometry(geometry)
    const { zones, surfaces } = geometry
    this.sectors = geometry.sectors
    this.revolutionNs = 60e9 / geometry.rpm
    this.zoneCount = zones.length
    this.sectorsPerTrack = Float64Array.from(zones, (zone) => zone.sectorsPerTrack)
    this.sectorNs = this.sectorsPerTrack.map((sectors) => this.revolutionNs / sectors)
    this.trackSkewNs = this.sectorNs.map((ns, z) => ns * (zones[z]?.trackSkewSectors ?? 0))
    this.cylinderSkewNs = this.sectorNs.map((ns, z) => ns * (zones[z]?.cylinderSkewSectors ?? 0))
    this.firstCylinder = Int32Array.from(zones, (zone) => zone.firstCylinder)
    this.firstSector = new Float64Array(zones.length)
    let sector = 0
    zones.forEach((zone, index) => {
      this.firstSector[index] = sector
      const end = zones[index + 1]?.firstCylinder ?? geometry.cylinders
      sector += (end - zone.firstCylinder) * surfaces * zone.sectorsPerTrack
    })
    this.seekNsByDistance = interpolatedSeeks(geometry)
  }

  /** Writes the place of a logical sector into `place`. */
  locate(sector: number, place: Place): void {
    let zone = this.zoneCount - 1
    while (this.firstSector[zone]! > sector) zone--
    const perTrack = this.sectorsPerTrack[zone]!
    const inZone = sector - this.firstSector[zone]!
    const track = Math.floor(inZone / perTrack)
    const cylinderInZone = Math.floor(track / this.geometry.surfaces)
    place.zone = zone
    place.cylinder = this.firstCylinder[zone]! + cylinderInZone
    place.head = track - cylinderInZone * this.geometry.surfaces
    place.sector = inZone - track * perTrack
  }

  /** The logical sector at a place: the inverse of `locate`. */
  sectorAt(place: Readonly<Place>): number {
    const { surfaces } = this.geometry
    const track = (place.cylinder - this.firstCylinder[place.zone]!) * surfaces + place.head
    return this.firstSector[place.zone]! + track * this.sectorsPerTrack[place.zone]! + place.sector
  }

  /** Where on its circle a sector begins, in revolutions from the index mark, 0–1. */
  angle(place: Readonly<Place>): number {
    const zone = this.geometry.zones[place.zone]!
    const { surfaces } = this.geometry
    const cylinders = place.cylinder - zone.firstCylinder
    const behindIndex =
      cylinders * ((surfaces - 1) * zone.trackSkewSectors + zone.cylinderSkewSectors) +
      place.head * zone.trackSkewSectors +
      place.sector
    // Whole numbers below 2^31: the quotient is exact, and cheaper than a remainder of doubles.
    const turns = Math.floor(behindIndex / zone.sectorsPerTrack)
    return (behindIndex - turns * zone.sectorsPerTrack) / zone.sectorsPerTrack
  }

  /** Nanoseconds that the arm needs for a distance in cylinders; 0 for none. */
  seekNs(distance: number): number {
    return this.seekNsByDistance[distance]!
  }
}

/** Straight lines between the measured points; beyond the last one its time holds. */
function interpolatedSeeks({ seekCurve, cylinders }: DiskGeometry): Float64Array {
  const seeks = new Float64Array(cylinders)
  let point = 0
  for (let distance = 1; distance < cylinders; distance++) {
    while (point + 1 < seekCurve.length && seekCurve[point + 1]![0] <= distance) point++
    const [fromDistance, fromMs] = seekCurve[point]!
    const [toDistance, toMs] = seekCurve[point + 1] ?? [fromDistance + 1, fromMs]
    const share = (distance - fromDistance) / (toDistance - fromDistance)
    seeks[distance] = (fromMs + (toMs - fromMs) * share) * 1e6
  }
  return seeks
}
