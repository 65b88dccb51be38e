import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { cheetah18GB, cheetah9LP } from './cheetah'
import type { DiskGeometry, DiskService } from './disk'
import { DiskDrive } from './disk'

const revolutionNs = 60e9 / 10_045

/** A drive small enough to reason about: 2 zones, 2 surfaces, 10 ms a revolution. */
const toy: DiskGeometry = {
  ...cheetah9LP,
  name: 'toy',
  rpm: 6_000,
  sectors: 10 * 2 * 100 + 10 * 2 * 50,
  cylinders: 20,
  surfaces: 2,
  zones: [
    { firstCylinder: 0, sectorsPerTrack: 100, trackSkewSectors: 10, cylinderSkewSectors: 20 },
    { firstCylinder: 10, sectorsPerTrack: 50, trackSkewSectors: 5, cylinderSkewSectors: 10 },
  ],
  seekCurve: [
    [1, 1],
    [11, 3],
  ],
  writeSettleMs: 0.5,
  headSwitchMs: 0.25,
  cacheSegments: 2,
  segmentSectors: 40,
  overheadReadMissAfterReadMs: 0.3,
  overheadReadMissAfterWriteMs: 0.1,
  overheadReadHitAfterReadMs: 0.05,
  overheadReadHitAfterWriteMs: 0.2,
  overheadWriteAfterReadMs: 0.9,
  overheadWriteAfterWriteMs: 0.8,
  busMBperS: 51.2,
}

interface Means {
  totalMs: number
  seekMs: number
  rotationMs: number
  rotationMsMax: number
}

/** Serves requests at uniformly drawn sectors, each as soon as the one before it is done. */
function random4K(drive: DiskDrive, requests: number, write: boolean): Means {
  const random = new RandomStream(1, 'sectors')
  const means = { totalMs: 0, seekMs: 0, rotationMs: 0, rotationMsMax: 0 }
  let now = 0
  for (let i = 0; i < requests; i++) {
    const service = drive.service(now, write, random.below(drive.sectors - 8), 8)
    now += service.totalNs
    means.totalMs += service.totalNs / requests / 1e6
    means.seekMs += service.seekNs / requests / 1e6
    means.rotationMs += service.rotationNs / requests / 1e6
    means.rotationMsMax = Math.max(means.rotationMsMax, service.rotationNs / 1e6)
  }
  return means
}

/** 10^6 bytes per second over 64 MB of 64 KB reads from `first` on. */
function sequential64K(drive: DiskDrive, first: number): number {
  drive.reset()
  let now = 0
  for (let i = 0; i < 1_000; i++) now += drive.service(now, false, first + i * 128, 128).totalNs
  return (1_000 * 65_536 * 1e3) / now
}

const parts = (s: DiskService): number[] => [s.overheadNs, s.seekNs, s.rotationNs, s.transferNs]

describe('disk: figures of a 10,000 rpm drive of 1999', () => {
  it.each([cheetah9LP, cheetah18GB])('$name reads random 4 KB in 8.9 ms ± 5 %', (geometry) => {
    const { totalMs } = random4K(new DiskDrive(geometry), 20_000, false)
    expect(totalMs).toBeGreaterThan(8.9 * 0.95)
    expect(totalMs).toBeLessThan(8.9 * 1.05)
  })

  it('waits half a revolution on average and never a whole one', () => {
    const { rotationMs, rotationMsMax } = random4K(new DiskDrive(cheetah18GB), 50_000, false)
    const halfMs = revolutionNs / 2e6
    expect(halfMs).toBeCloseTo(2.99, 2)
    expect(Math.abs(rotationMs / halfMs - 1)).toBeLessThan(0.02)
    expect(rotationMsMax).toBeLessThanOrEqual(revolutionNs / 1e6 + 1e-6)
  })

  it('streams sequential 64 KB reads at 14–22 MB/s where the data of a fresh disk lies', () => {
    const rate = sequential64K(new DiskDrive(cheetah18GB), 0)
    expect(rate).toBeGreaterThan(14)
    expect(rate).toBeLessThan(22)
  })

  it.each(cheetah18GB.zones.map((zone, index) => [index, zone] as const))(
    'streams at the media rate less the skew in zone %i',
    (index, zone) => {
      const drive = new DiskDrive(cheetah18GB)
      let first = 0
      for (const [z, { firstCylinder, sectorsPerTrack }] of cheetah18GB.zones.entries()) {
        if (z === index) break
        const end = cheetah18GB.zones[z + 1]?.firstCylinder ?? 0
        first += (end - firstCylinder) * cheetah18GB.surfaces * sectorsPerTrack
      }
      const { surfaces } = cheetah18GB
      const { sectorsPerTrack, trackSkewSectors, cylinderSkewSectors } = zone
      const bytes = surfaces * sectorsPerTrack * 512
      const skewed = (surfaces - 1) * trackSkewSectors + cylinderSkewSectors
      const turns = surfaces + skewed / sectorsPerTrack
      const expected = (bytes / (turns * revolutionNs)) * 1e3
      expect(Math.abs(sequential64K(drive, first) / expected - 1)).toBeLessThan(0.01)
    },
  )

  it('adds the write settling time to random writes, beside the overheads', () => {
    const reads = random4K(new DiskDrive(cheetah18GB), 20_000, false)
    const writes = random4K(new DiskDrive(cheetah18GB), 20_000, true)
    // Reads move the head while they read ahead; that shifts a mean seek by microseconds.
    expect(writes.seekMs - reads.seekMs).toBeCloseTo(0.461, 2)
    expect(writes.totalMs - reads.totalMs).toBeGreaterThan(0.461)
  })
})

describe('disk: one request', () => {
  it('adds overhead, seek, rotation and transfer, and a bus that hides behind the medium', () => {
    const drive = new DiskDrive(toy)
    // Cylinder 3: seek 1 + 2/10 × 2 ms. Skew up to it: 3 × (10 + 20) sectors of 0.1 ms.
    // At 0.3 + 1.4 ms the platter is at sector 17 of 100, and sector 5 lies at 95.
    const service = drive.service(0, false, 3 * 200 + 5, 4)
    expect(parts(service)).toEqual([300_000, 1_400_000, 7_800_000, 400_000])
    expect(service.busNs).toBe(10_000)
    expect(service.totalNs).toBe(9_910_000)
    expect(service.cacheHit).toBe(false)
  })

  it('waits less when it comes later in the same revolution', () => {
    const early = new DiskDrive(toy).service(0, false, 605, 4).rotationNs
    const late = new DiskDrive(toy).service(2_000_000, false, 605, 4).rotationNs
    expect(early - late).toBe(2_000_000)
  })

  it('crosses heads and cylinders within the skew', () => {
    // 100 + 100 sectors of one cylinder and 4 of the next: 204 × 0.1 ms and both skews.
    const service = new DiskDrive(toy).service(0, false, 0, 204)
    expect(service.transferNs).toBe(20_400_000 + 1_000_000 + 2_000_000)
  })

  it('loses a revolution when a switch takes longer than its skew', () => {
    const drive = new DiskDrive({ ...toy, headSwitchMs: 1.1 })
    expect(drive.service(0, false, 0, 101).transferNs).toBe(10_100_000 + 1_000_000 + 10_000_000)
  })

  it('goes on over the border of two zones at the index mark', () => {
    const drive = new DiskDrive(toy)
    const service = drive.service(0, false, 1_999, 2)
    // The last track of the zone begins at skew 9 × 30 + 10 = 280, so it ends at sector 80 of 100.
    expect(service.transferNs).toBe(100_000 + 2_000_000 + 200_000)
    expect(drive.headCylinderAt(service.totalNs)).toBe(10)
  })

  it('takes the overheads by this request and the one before it', () => {
    const drive = new DiskDrive(toy)
    let now = 0
    const overheadMs = (write: boolean, sector: number): number => {
      const service = drive.service(now, write, sector, 1)
      now += service.totalNs
      return service.overheadNs / 1e6
    }
    expect(overheadMs(true, 0)).toBe(0.9)
    expect(overheadMs(true, 1_000)).toBe(0.8)
    expect(overheadMs(false, 0)).toBe(0.1)
    expect(overheadMs(false, 1_500)).toBe(0.3)
    expect(overheadMs(false, 1_500)).toBe(0.05)
    expect(overheadMs(true, 0)).toBe(0.9)
    expect(overheadMs(false, 1_500)).toBe(0.2)
  })

  it('settles before a write only when the head moved', () => {
    const drive = new DiskDrive(toy)
    const there = drive.service(0, true, 0, 1)
    expect(there.seekNs).toBe(0)
    let now = there.totalNs
    const otherHead = drive.service(now, true, 100, 1)
    expect(otherHead.seekNs).toBe(750_000)
    now += otherHead.totalNs
    expect(drive.service(now, true, 200, 1).seekNs).toBe(1_500_000)
  })

  it('refuses sectors that it has not, and a second request at a time', () => {
    const drive = new DiskDrive(toy)
    expect(() => drive.service(0, false, toy.sectors, 1)).toThrow('toy has no sectors 3000 to 3000')
    expect(() => drive.service(0, false, toy.sectors - 1, 2)).toThrow(RangeError)
    expect(() => drive.service(0, false, -1, 1)).toThrow(RangeError)
    expect(() => drive.cylinderOf(toy.sectors)).toThrow(RangeError)
    const { totalNs } = drive.service(0, false, 0, 1)
    expect(() => drive.service(totalNs - 1, false, 0, 1)).toThrow(`busy until ${totalNs}`)
    drive.service(totalNs, false, 0, 1)
  })
})

describe('disk: the drive cache', () => {
  it('serves from a segment what it read ahead, at the speed of the bus', () => {
    const drive = new DiskDrive(toy)
    const { totalNs } = drive.service(0, false, 0, 8)
    // Two milliseconds later 20 more sectors have passed under the head.
    const hit = drive.service(totalNs + 2_000_000, false, 8, 20)
    expect(hit.cacheHit).toBe(true)
    expect([hit.seekNs, hit.rotationNs, hit.transferNs]).toEqual([0, 0, 0])
    expect(hit.totalNs).toBe(50_000 + 20 * 10_000)
  })

  it('waits for the medium where the head is still on its way, without a rotation', () => {
    const drive = new DiskDrive(toy)
    const { totalNs } = drive.service(0, false, 0, 8)
    const service = drive.service(totalNs, false, 8, 16)
    expect(service.cacheHit).toBe(false)
    expect([service.seekNs, service.rotationNs]).toEqual([0, 0])
    // The bus time of the first request and the overhead of this one passed under the head.
    expect(service.transferNs).toBe(1_600_000 - 10_000 - 50_000)
  })

  it('stops reading ahead when the segment is full', () => {
    const drive = new DiskDrive(toy)
    const { totalNs } = drive.service(0, false, 0, 8)
    const later = totalNs + 1e9
    expect(drive.service(later, false, 8, 40).cacheHit).toBe(true)
    expect(drive.service(later + 1e9, false, 48, 1).cacheHit).toBe(false)
  })

  it('keeps as many streams as it has segments, and replaces the oldest', () => {
    const drive = new DiskDrive(toy)
    let now = 0
    const hits = (sector: number): boolean => {
      const service = drive.service(now, false, sector, 1)
      now += service.totalNs + 1e8
      return service.cacheHit
    }
    expect([hits(0), hits(1_000), hits(1), hits(1_001)]).toEqual([false, false, true, true])
    expect(hits(2_500)).toBe(false)
    expect([hits(1_002), hits(2)]).toEqual([true, false])
  })

  it('drops what is written, and what is read ahead no further than a write lets it', () => {
    const drive = new DiskDrive(toy)
    let now = drive.service(0, false, 0, 8).totalNs + 1e8
    now += drive.service(now, true, 20, 4).totalNs
    const before = drive.service(now, false, 8, 12)
    expect(before.cacheHit).toBe(true)
    now += before.totalNs
    expect(drive.service(now, false, 20, 1).cacheHit).toBe(false)
  })

  it('reaches the last sector of the drive and stops there', () => {
    const drive = new DiskDrive(toy)
    const { totalNs } = drive.service(0, false, toy.sectors - 1, 1)
    expect(drive.headCylinderAt(totalNs + 1e9)).toBe(19)
    expect(drive.service(totalNs + 1e9, false, toy.sectors - 1, 1).cacheHit).toBe(true)
  })
})

describe('disk: the slow-seek fault', () => {
  it('lengthens every seek by its factor and nothing else', () => {
    const slow = new DiskDrive(toy)
    slow.seekFactor = 3
    const [healthy, sick] = [new DiskDrive(toy), slow].map((drive) => {
      const { overheadNs, seekNs, transferNs } = drive.service(0, false, 605, 4)
      return { overheadNs, seekNs, transferNs }
    })
    expect(sick).toEqual({ ...healthy, seekNs: 3 * 1_400_000 })
  })

  it('leaves the drive as it was at factor 1 and after it is healed', () => {
    const requests = (drive: DiskDrive): number[] => {
      const random = new RandomStream(7, 'heal')
      let now = 0
      return Array.from({ length: 200 }, () => {
        const { totalNs } = drive.service(now, random.chance(0.3), random.below(2_900), 8)
        now += totalNs
        return totalNs
      })
    }
    const healed = new DiskDrive(toy)
    healed.seekFactor = 5
    healed.service(0, false, 2_000, 8)
    healed.seekFactor = 1
    healed.reset()
    expect(requests(healed)).toEqual(requests(new DiskDrive(toy)))
  })

  it('refuses a factor below 1', () => {
    const drive = new DiskDrive(toy)
    expect(() => (drive.seekFactor = 0.5)).toThrow('at least 1, not 0.5')
    expect(() => (drive.seekFactor = NaN)).toThrow(RangeError)
    expect(drive.seekFactor).toBe(1)
  })
})

describe('disk: what can be seen of it', () => {
  it('shows the phases in order and the head between two cylinders while it seeks', () => {
    const drive = new DiskDrive(toy)
    const { totalNs } = drive.service(0, false, 605, 4)
    expect(drive.phaseAt(0)).toBe('overhead')
    expect(drive.headCylinderAt(100_000)).toBe(0)
    expect(drive.phaseAt(1_000_000)).toBe('seek')
    expect(drive.headCylinderAt(1_000_000)).toBeCloseTo(1.5)
    expect(drive.phaseAt(1_700_000)).toBe('rotation')
    expect(drive.headCylinderAt(1_700_000)).toBe(3)
    expect(drive.phaseAt(9_600_000)).toBe('transfer')
    expect(drive.phaseAt(totalNs)).toBe('idle')
  })

  it('shows the head move on while it reads ahead, and looking changes nothing', () => {
    const watched = new DiskDrive({ ...toy, segmentSectors: 300 })
    const alone = new DiskDrive({ ...toy, segmentSectors: 300 })
    let now = watched.service(0, false, 0, 8).totalNs
    alone.service(0, false, 0, 8)
    expect(watched.headCylinderAt(now)).toBe(0)
    expect(watched.headCylinderAt(now + 1e9)).toBe(1)
    expect(watched.headCylinderAt(now + 1_000)).toBe(0)
    watched.cylinderOf(2_999)
    now += 5_000_000
    expect({ ...watched.service(now, false, 20, 30) }).toEqual({
      ...alone.service(now, false, 20, 30),
    })
  })

  it('does the same for the same requests', () => {
    const run = (): number[] => {
      const drive = new DiskDrive(cheetah18GB)
      const random = new RandomStream(3, 'mixed')
      let now = 0
      return Array.from({ length: 2_000 }, () => {
        const sector = random.below(drive.sectors - 128)
        now += drive.service(now, random.chance(0.4), sector, 1 + random.below(128)).totalNs
        return now
      })
    }
    expect(run()).toEqual(run())
  })

  it('splits the total into integer parts that add up, hours into a run too', () => {
    const drive = new DiskDrive(cheetah18GB)
    const random = new RandomStream(4, 'parts')
    let now = 90 * 86_400e9
    for (let i = 0; i < 5_000; i++) {
      const near = random.chance(0.5) ? 1_000 : drive.sectors - 128
      const s = drive.service(now, random.chance(0.3), random.below(near), 1 + random.below(128))
      const all = [...parts(s), s.busNs]
      expect(all.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true)
      expect(all.reduce((sum, ns) => sum + ns)).toBe(s.totalNs)
      now += s.totalNs + random.below(3_000_000)
    }
  })
})
