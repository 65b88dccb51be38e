/**
 * The head following logical sectors: along a track, over a head or cylinder switch, on. Skew
 * leaves time for the switch; a switch that takes longer than the skew costs whole revolutions.
 */
import type { DiskLayout, Place } from './disk-layout'

export class HeadStream {
  /** The next sector to pass under the head begins at `atNs`. */
  sector = 0
  /** Absolute nanoseconds; not an integer. */
  atNs = 0
  /** Where the head is: behind the last sector it passed, so possibly at the end of a track. */
  readonly place: Place = { zone: 0, cylinder: 0, head: 0, sector: 0 }
  /** The extra time that a switch takes before a write, in nanoseconds. */
  settleNs = 0
  /** Every movement of the arm takes longer by this factor. */
  seekFactor = 1

  private readonly headSwitchNs: number

  constructor(private readonly layout: DiskLayout) {
    this.headSwitchNs = layout.geometry.headSwitchMs * 1e6
  }

  /** Follows until all sectors before `end` have passed. */
  followTo(end: number): void {
    while (this.sector < end) {
      if (this.trackHasEnded()) this.switchTrack(this.switchGapNs())
      this.pass(Math.min(end - this.sector, this.leftOnTrack()))
    }
  }

  /** Follows the sectors before `end` that have passed whole by `untilNs`. */
  followUntil(untilNs: number, end: number): void {
    while (this.sector < end) {
      if (this.trackHasEnded()) {
        const gapNs = this.switchGapNs()
        if (this.atNs + gapNs > untilNs) return
        this.switchTrack(gapNs)
      }
      const left = Math.min(end - this.sector, this.leftOnTrack())
      const passed = Math.floor((untilNs - this.atNs) / this.layout.sectorNs[this.place.zone]!)
      if (passed < left) {
        if (passed > 0) this.pass(passed)
        return
      }
      this.pass(left)
    }
  }

  private leftOnTrack(): number {
    return this.layout.sectorsPerTrack[this.place.zone]! - this.place.sector
  }

  private trackHasEnded(): boolean {
    return this.place.sector === this.layout.sectorsPerTrack[this.place.zone]
  }

  private pass(count: number): void {
    this.atNs += count * this.layout.sectorNs[this.place.zone]!
    this.sector += count
    this.place.sector += count
  }

  private nextCylinder(): boolean {
    return this.place.head + 1 === this.layout.geometry.surfaces
  }

  private nextZone(): boolean {
    const { zone, cylinder } = this.place
    return (
      zone + 1 < this.layout.zoneCount &&
      this.nextCylinder() &&
      cylinder + 1 === this.layout.firstCylinder[zone + 1]
    )
  }

  /** From the end of this track to the first sector of the next, in nanoseconds. */
  private switchGapNs(): number {
    const { layout, place } = this
    const movesArm = this.nextCylinder()
    let skewNs: number
    if (this.nextZone()) {
      // A track ends at the angle at which it begins; the next zone begins at the index mark.
      const toIndex = 1 - layout.angle(place)
      skewNs = (toIndex === 1 ? 0 : toIndex) * layout.revolutionNs
    } else {
      skewNs = movesArm ? layout.cylinderSkewNs[place.zone]! : layout.trackSkewNs[place.zone]!
    }
    const neededNs =
      (movesArm ? layout.seekNs(1) * this.seekFactor : this.headSwitchNs) + this.settleNs
    if (neededNs <= skewNs) return skewNs
    const { revolutionNs } = layout
    return skewNs + revolutionNs * Math.ceil((neededNs - skewNs) / revolutionNs)
  }

  private switchTrack(gapNs: number): void {
    this.atNs += gapNs
    if (this.nextZone()) this.place.zone++
    if (this.nextCylinder()) {
      this.place.cylinder++
      this.place.head = 0
    } else {
      this.place.head++
    }
    this.place.sector = 0
  }
}
