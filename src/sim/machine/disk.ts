/**
 * A mechanical drive: controller overhead, seek by the measured curve, rotation as a function of
 * absolute time, transfer sector by sector with head and cylinder switches, a read cache that goes
 * on reading ahead until its segment is full or the next request comes. One request at a time: the
 * queue belongs to the kernel. Leaves out: the write cache (every write waits for the medium;
 * drives of the time ran either way), command queueing in the drive, thermal recalibration.
 * Constants come from the geometry alone.
 */
import type { Place } from './disk-layout'
import { DiskLayout } from './disk-layout'
import { DriveCache } from './drive-cache'
import type { DiskGeometry } from './geometry'
import { HeadStream } from './head-stream'

export type { DiskGeometry, DiskZone } from './geometry'

export type DiskPhase = 'idle' | 'overhead' | 'seek' | 'rotation' | 'transfer'

/**
 * Where the time of one request went, in integer nanoseconds; the parts add up to the total. The
 * drive reuses the object: read it before the next request.
 */
export interface DiskService {
  readonly overheadNs: number
  /** Seek or head switch, write settling included. */
  readonly seekNs: number
  readonly rotationNs: number
  /** The medium passing under the head, switches in between included. */
  readonly transferNs: number
  /** Bus time that nothing else hid. */
  readonly busNs: number
  readonly totalNs: number
  /** The drive's cache held every sector. */
  readonly cacheHit: boolean
}

export class DiskDrive {
  readonly sectors: number

  private readonly layout: DiskLayout
  private readonly cache: DriveCache
  private readonly stream: HeadStream
  private readonly target: Place = { zone: 0, cylinder: 0, head: 0, sector: 0 }
  private readonly result = {
    overheadNs: 0,
    seekNs: 0,
    rotationNs: 0,
    transferNs: 0,
    busNs: 0,
    totalNs: 0,
    cacheHit: false,
  }
  private readonly overheads: Readonly<
    Record<'hitAfterRead' | 'hitAfterWrite' | 'missAfterRead' | 'missAfterWrite', number>
  >
  private readonly writeOverheads: Readonly<Record<'afterRead' | 'afterWrite', number>>
  private readonly headSwitchNs: number
  private readonly settleNs: number
  private readonly busSectorNs: number
  private factor = 1

  private lastWasWrite = false
  /** The segment that is being read into, or -1; it reads on up to `aheadEnd`. */
  private filling = -1
  private aheadEnd = 0
  private startNs = 0
  private endNs = 0
  private fromCylinder = 0
  private seekToCylinder = 0
  private toCylinder = 0

  /** @throws RangeError when the geometry contradicts itself. */
  constructor(readonly geometry: DiskGeometry) {
    this.layout = new DiskLayout(geometry)
    this.sectors = this.layout.sectors
    this.cache = new DriveCache(geometry.cacheSegments, geometry.segmentSectors)
    this.stream = new HeadStream(this.layout)
    const wholeNs = (ms: number): number => Math.round(ms * 1e6)
    this.overheads = {
      hitAfterRead: wholeNs(geometry.overheadReadHitAfterReadMs),
      hitAfterWrite: wholeNs(geometry.overheadReadHitAfterWriteMs),
      missAfterRead: wholeNs(geometry.overheadReadMissAfterReadMs),
      missAfterWrite: wholeNs(geometry.overheadReadMissAfterWriteMs),
    }
    this.writeOverheads = {
      afterRead: wholeNs(geometry.overheadWriteAfterReadMs),
      afterWrite: wholeNs(geometry.overheadWriteAfterWriteMs),
    }
    this.headSwitchNs = geometry.headSwitchMs * 1e6
    this.settleNs = geometry.writeSettleMs * 1e6
    this.busSectorNs = (geometry.sectorBytes / geometry.busMBperS) * 1e3
  }

  /** Every movement of the arm takes longer by this factor (the fault of a slow drive); 1: none. */
  get seekFactor(): number {
    return this.factor
  }
  /** @throws RangeError below 1. */
  set seekFactor(factor: number) {
    if (!(factor >= 1 && factor < Infinity)) {
      throw new RangeError(`a seek factor is at least 1, not ${factor}`)
    }
    this.factor = factor
    this.stream.seekFactor = factor
  }

  /**
   * Serves one request that begins at `startNs`: moves the head and updates the drive's cache.
   * `startNs` is absolute simulated time, because the platter turns with it.
   * @throws RangeError for sectors that the drive does not have, or a start before the end of
   *   the request before it.
   */
  service(startNs: number, write: boolean, sector: number, count: number): DiskService {
    if (!(sector >= 0 && count >= 1 && sector + count <= this.sectors)) {
      throw new RangeError(
        `disk ${this.geometry.name} has no sectors ${sector} to ${sector + count - 1}`,
      )
    }
    if (!(startNs >= this.endNs)) {
      throw new RangeError(`a request at ${startNs} ns, but the drive is busy until ${this.endNs}`)
    }
    this.readAheadUntil(startNs)
    this.fromCylinder = this.stream.place.cylinder
    this.seekToCylinder = this.fromCylinder
    if (write) this.write(startNs, sector, sector + count)
    else this.read(startNs, sector, sector + count)
    this.toCylinder = this.stream.place.cylinder
    const { result } = this
    result.totalNs =
      result.overheadNs + result.seekNs + result.rotationNs + result.transferNs + result.busNs
    this.startNs = startNs
    this.endNs = startNs + result.totalNs
    this.lastWasWrite = write
    return result
  }

  /** The cylinder of a logical sector. @throws RangeError when there is no such sector. */
  cylinderOf(sector: number): number {
    if (!(sector >= 0 && sector < this.sectors)) {
      throw new RangeError(`disk ${this.geometry.name} has no sector ${sector}`)
    }
    this.layout.locate(sector, this.target)
    return this.target.cylinder
  }

  /**
   * The cylinder under the head, for drawing: between two cylinders while the arm moves, as if it
   * moved evenly. Meant for instants from the start of the last request on. Changes nothing.
   */
  headCylinderAt(nowNs: number): number {
    const { overheadNs, seekNs, rotationNs, transferNs } = this.result
    if (nowNs >= this.endNs) return this.aheadCylinderAt(nowNs)
    const since = nowNs - this.startNs - overheadNs
    if (since <= 0) return this.fromCylinder
    if (since < seekNs) {
      return this.fromCylinder + ((this.seekToCylinder - this.fromCylinder) * since) / seekNs
    }
    const share = Math.min(1, Math.max(0, (since - seekNs - rotationNs) / transferNs))
    const cylinders = this.toCylinder - this.seekToCylinder
    return transferNs > 0 ? this.seekToCylinder + Math.floor(cylinders * share) : this.toCylinder
  }

  /** What the drive does for its request at an instant from the start of the last one on. */
  phaseAt(nowNs: number): DiskPhase {
    if (nowNs < this.startNs || nowNs >= this.endNs) return 'idle'
    const { overheadNs, seekNs, rotationNs } = this.result
    const since = nowNs - this.startNs
    if (since < overheadNs) return 'overhead'
    if (since < overheadNs + seekNs) return 'seek'
    return since < overheadNs + seekNs + rotationNs ? 'rotation' : 'transfer'
  }

  /** As after power-on at time 0: arm at the outer edge, cache empty. The fault stays. */
  reset(): void {
    this.cache.clear()
    this.layout.locate(0, this.stream.place)
    this.stream.sector = 0
    this.stream.atNs = 0
    this.lastWasWrite = false
    this.filling = -1
    this.startNs = 0
    this.endNs = 0
    this.fromCylinder = 0
    this.seekToCylinder = 0
    this.toCylinder = 0
  }

  private read(startNs: number, sector: number, end: number): void {
    const { cache, result, stream, overheads } = this
    const busNs = (end - sector) * this.busSectorNs
    const holder = cache.holder(sector, end)
    result.cacheHit = holder >= 0
    result.seekNs = 0
    result.rotationNs = 0
    result.transferNs = 0
    if (holder >= 0) {
      cache.use(holder)
      result.overheadNs = this.lastWasWrite ? overheads.hitAfterWrite : overheads.hitAfterRead
      result.busNs = Math.round(busNs)
      if (holder === this.filling) this.readAheadOf(end)
      return
    }
    if (this.filling >= 0 && cache.leadsTo(this.filling, sector)) {
      result.overheadNs = this.lastWasWrite ? overheads.hitAfterWrite : overheads.hitAfterRead
      stream.followTo(end)
      const waitNs = stream.atNs - startNs - result.overheadNs
      result.transferNs = Math.max(0, Math.round(waitNs))
      cache.use(this.filling)
    } else {
      result.overheadNs = this.lastWasWrite ? overheads.missAfterWrite : overheads.missAfterRead
      this.positionAt(startNs + result.overheadNs, sector, 0)
      this.transferTo(end, startNs + result.overheadNs + result.seekNs)
      this.filling = cache.replace(sector)
    }
    cache.fill(this.filling, end)
    this.readAheadOf(end)
    // The bus is faster than the medium: only what cannot go out before the last sector is left.
    result.busNs = Math.round(Math.max(this.busSectorNs, busNs - result.transferNs))
  }

  private write(startNs: number, sector: number, end: number): void {
    const { result, stream } = this
    this.filling = -1
    this.cache.drop(sector, end)
    result.cacheHit = false
    result.overheadNs = this.lastWasWrite
      ? this.writeOverheads.afterWrite
      : this.writeOverheads.afterRead
    // The first sector comes over the bus while the arm moves.
    this.positionAt(startNs + result.overheadNs, sector, this.settleNs)
    result.busNs = 0
    stream.settleNs = this.settleNs
    this.transferTo(end, startNs + result.overheadNs + result.seekNs)
    stream.settleNs = 0
  }

  /** Moves the head to a sector and waits until it comes round. */
  private positionAt(readyNs: number, sector: number, settleNs: number): void {
    const { layout, stream, target, result } = this
    const { place } = stream
    layout.locate(sector, target)
    const distance = Math.abs(target.cylinder - place.cylinder)
    let seekNs = 0
    if (distance > 0) seekNs = layout.seekNs(distance) * this.factor + settleNs
    else if (target.head !== place.head) seekNs = this.headSwitchNs + settleNs
    result.seekNs = Math.round(seekNs)
    const arrivedNs = readyNs + result.seekNs
    const turns = arrivedNs / layout.revolutionNs
    const ahead = layout.angle(target) - (turns - Math.floor(turns))
    const waitNs = (ahead < 0 ? ahead + 1 : ahead) * layout.revolutionNs
    result.rotationNs = Math.round(waitNs)
    stream.sector = sector
    stream.atNs = arrivedNs + waitNs
    place.zone = target.zone
    place.cylinder = target.cylinder
    place.head = target.head
    place.sector = target.sector
    this.seekToCylinder = target.cylinder
  }

  private transferTo(end: number, arrivedNs: number): void {
    this.stream.followTo(end)
    this.result.transferNs = Math.round(this.stream.atNs - arrivedNs) - this.result.rotationNs
  }

  private readAheadOf(end: number): void {
    this.aheadEnd = Math.min(end + this.geometry.segmentSectors, this.sectors)
  }

  /** What the drive did by itself since the last request. */
  private readAheadUntil(nowNs: number): void {
    if (this.filling < 0) return
    this.stream.followUntil(nowNs, this.aheadEnd)
    this.cache.fill(this.filling, this.stream.sector)
    if (this.stream.sector >= this.aheadEnd) this.filling = -1
  }

  private aheadCylinderAt(nowNs: number): number {
    const { stream } = this
    if (this.filling < 0) return stream.place.cylinder
    const { sector, atNs } = stream
    const { zone, cylinder, head, sector: onTrack } = stream.place
    stream.followUntil(nowNs, this.aheadEnd)
    const there = stream.place.cylinder
    stream.sector = sector
    stream.atNs = atNs
    Object.assign(stream.place, { zone, cylinder, head, sector: onTrack })
    return there
  }
}
