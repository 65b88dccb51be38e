/**
 * The drives that are modelled: Seagate's Cheetah 9LP as measured, and an 18.2 GB drive built on
 * it.
 *
 * Source of every figure unless it says otherwise: the DiskSim validation parameter set of the
 * ST39102LW, extracted from a real drive (valid/cheetah9LP.diskspecs, .model and .seek, commit
 * 84d646391ac7bbeb9106c88f0113b00147bfab55 of its public repository; reference-figures §8.4).
 */
import type { DiskGeometry, DiskZone } from './geometry'

/** As measured; the spare cylinder between two zones counts with the outer one. */
const zones: readonly DiskZone[] = [
  [0, 254, 97, 133],
  [848, 245, 97, 133],
  [1645, 238, 97, 117],
  [2394, 227, 97, 116],
  [3098, 217, 97, 108],
  [3759, 209, 97, 108],
  [4381, 201, 97, 108],
  [4966, 189, 88, 94],
  [5516, 181, 88, 93],
  [6032, 174, 88, 93],
  [6518, 167, 88, 80],
].map(([firstCylinder = 0, sectorsPerTrack = 0, trackSkew = 0, cylinderSkew = 0]) => ({
  firstCylinder,
  sectorsPerTrack,
  trackSkewSectors: trackSkew,
  cylinderSkewSectors: cylinderSkew,
}))

export const cheetah9LP: DiskGeometry = {
  name: 'Seagate Cheetah 9LP ST39102LW',
  source:
    'DiskSim validation parameters measured on an ST39102LW. Assumed: bus rate (Ultra2, as the ' +
    'test bed there was slower); writes wait for the medium; spares lie at the inner edge.',
  rpm: 10_045,
  sectorBytes: 512,
  sectors: 17_783_240,
  cylinders: 6_962,
  surfaces: 12,
  zones,
  seekCurve: [
    [1, 0.831],
    [2, 1.003],
    [5, 1.268],
    [10, 1.448],
    [20, 1.534],
    [50, 1.804],
    [100, 2.145],
    [200, 2.517],
    [300, 2.699],
    [500, 3.23],
    [700, 3.638],
    [1000, 4.118],
    [1500, 4.757],
    [2000, 5.282],
    [2500, 5.815],
    [3000, 6.345],
    [3500, 6.887],
    [4000, 7.419],
    [4500, 7.959],
    [5000, 8.492],
    [5500, 8.962],
    [6000, 9.698],
    [6500, 10.147],
    [6894, 10.627],
  ],
  writeSettleMs: 0.461,
  headSwitchMs: 0.03,
  cacheSegments: 3,
  segmentSectors: 561,
  overheadReadMissAfterReadMs: 0.284,
  overheadReadMissAfterWriteMs: 0.087,
  overheadReadHitAfterReadMs: 0.066,
  overheadReadHitAfterWriteMs: 0.273,
  overheadWriteAfterReadMs: 0.907,
  overheadWriteAfterWriteMs: 0.896,
  busMBperS: 80,
}

/**
 * The 18 GB Ultra2 LVD disk of the PowerEdge 6300. Which drive it was is not known, and no measured
 * parameter set of an 18.2 GB drive of that year was found; the 9LP's sister of twice the capacity
 * has the same 6,962 cylinders, so that one arm and one curve serve, with twice the surfaces.
 */
export const cheetah18GB: DiskGeometry = {
  ...cheetah9LP,
  name: '18.2 GB Cheetah-class, Ultra2 LVD',
  source:
    'Assumption: the measured set of the 9.1 GB Cheetah 9LP with 24 surfaces instead of 12; ' +
    '35,566,480 sectors as kernel boot logs print for 18.2 GB drives, which is twice the 9LP; ' +
    'Ultra2 80 MB/s as aic7xxx boot logs print for the ST318203LC.',
  sectors: 35_566_480,
  surfaces: 24,
}
