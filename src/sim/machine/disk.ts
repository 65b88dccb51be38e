/** A mechanical drive. */
import type { DiskGeometry } from './geometry'

export type { DiskGeometry, DiskZone } from './geometry'

export type DiskPhase = 'idle' | 'overhead' | 'seek' | 'rotation' | 'transfer'

/** Where the time of one request went, in nanoseconds. The drive reuses the object. */
export interface DiskService {
  readonly overheadNs: number
  readonly seekNs: number
  readonly rotationNs: number
  readonly transferNs: number
  /** Bus time that the media transfer did not hide. */
  readonly busNs: number
  readonly totalNs: number
  readonly cacheHit: boolean
}

export class DiskDrive {
  readonly sectors: number = 0
  /** At least 1: every seek takes longer by this factor. */
  seekFactor = 1

  constructor(readonly geometry: DiskGeometry) {}

  /**
   * Serves one request that begins at `startNs`: moves the head and updates the drive's cache.
   * `startNs` is absolute simulated time and never lies before the end of the request before it.
   */
  service(_startNs: number, _write: boolean, _sector: number, _count: number): DiskService {
    throw new Error('not yet')
  }
  cylinderOf(_sector: number): number {
    throw new Error('not yet')
  }
  /** For drawing: a fraction between two cylinders while the head seeks. */
  headCylinderAt(_nowNs: number): number {
    throw new Error('not yet')
  }
  phaseAt(_nowNs: number): DiskPhase {
    throw new Error('not yet')
  }
  reset(): void {}
}
