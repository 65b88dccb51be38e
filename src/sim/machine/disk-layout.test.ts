import { describe, expect, it } from 'vitest'
import { cheetah18GB, cheetah9LP } from './cheetah'
import type { Place } from './disk-layout'
import { DiskLayout } from './disk-layout'
import { DiskDrive } from './disk'
import { checkGeometry } from './geometry'

const place = (): Place => ({ zone: 0, cylinder: 0, head: 0, sector: 0 })

describe('disk layout: zones', () => {
  it('give every logical sector one place of its own, inwards without a gap', () => {
    // Fewer cylinders, so that every sector can be looked at.
    const zones = cheetah9LP.zones.map((zone, i) => ({ ...zone, firstCylinder: i * 3 }))
    const tracks = zones.map((zone) => 3 * 12 * zone.sectorsPerTrack)
    const sectors = tracks.reduce((sum, count) => sum + count)
    const layout = new DiskLayout({ ...cheetah9LP, zones, cylinders: zones.length * 3, sectors })
    const at = place()
    let before = -1
    for (let sector = 0; sector < sectors; sector++) {
      layout.locate(sector, at)
      const perTrack = zones[at.zone]!.sectorsPerTrack
      const order = (at.cylinder * 12 + at.head) * 1_000 + at.sector
      const follows = at.sector > 0 ? order === before + 1 : order > before
      const within = at.sector < perTrack && at.head < 12
      if (!follows || !within || layout.sectorAt(at) !== sector) {
        expect.fail(`sector ${sector} at ${JSON.stringify(at)}`)
      }
      before = order
    }
    expect(at).toEqual({ zone: 10, cylinder: 32, head: 11, sector: 166 })
  })

  it('of the 18.2 GB drive hold its 35,566,480 sectors with under 1 % to spare', () => {
    const layout = new DiskLayout(cheetah18GB)
    const at = place()
    layout.locate(layout.sectors - 1, at)
    expect(layout.sectorAt(at)).toBe(35_566_479)
    expect(at.zone).toBe(10)
    const spare = layout.sectorAt({ zone: 10, cylinder: 6_961, head: 23, sector: 166 }) + 1
    expect(spare / layout.sectors).toBeGreaterThan(1)
    expect(spare / layout.sectors).toBeLessThan(1.01)
    expect(new DiskDrive(cheetah18GB).cylinderOf(0)).toBe(0)
    expect(new DiskDrive(cheetah18GB).cylinderOf(848 * 24 * 254)).toBe(848)
  })

  it('place the first sector of a track behind the last of the one before by the skew', () => {
    const layout = new DiskLayout(cheetah9LP)
    const turnOf = (head: number, cylinder: number): number =>
      layout.angle({ zone: 0, cylinder, head, sector: 0 })
    expect(turnOf(0, 0)).toBe(0)
    expect(turnOf(1, 0)).toBe(97 / 254)
    expect(turnOf(0, 1)).toBe(((11 * 97 + 133) % 254) / 254)
    expect(layout.angle({ zone: 0, cylinder: 0, head: 1, sector: 200 })).toBe((297 - 254) / 254)
  })
})

describe('disk layout: seeks', () => {
  const layout = new DiskLayout(cheetah18GB)

  it('take the measured time at every measured distance', () => {
    for (const [distance, ms] of cheetah18GB.seekCurve) {
      expect(layout.seekNs(distance)).toBe(ms * 1e6)
    }
    expect(layout.seekNs(0)).toBe(0)
    expect(layout.seekNs(750) / 1e6).toBeCloseTo(3.638 + (50 / 300) * (4.118 - 3.638), 9)
  })

  it('average 5.47 ms between uniformly drawn cylinders, within 2 %', () => {
    const cylinders = cheetah18GB.cylinders
    let mean = 0
    for (let distance = 1; distance < cylinders; distance++) {
      mean += (layout.seekNs(distance) * 2 * (cylinders - distance)) / cylinders ** 2
    }
    expect(Math.abs(mean / 5.47e6 - 1)).toBeLessThan(0.02)
  })

  it('never get shorter with distance', () => {
    for (let distance = 1; distance < cheetah18GB.cylinders; distance++) {
      expect(layout.seekNs(distance)).toBeGreaterThanOrEqual(layout.seekNs(distance - 1))
    }
  })
})

describe('disk geometry', () => {
  it.each([
    ['more sectors', { sectors: 20_000_000 }, 'are more than'],
    ['no zones', { zones: [] }, 'the first zone begins at cylinder 0'],
    ['a hole before the zones', { zones: cheetah9LP.zones.slice(1) }, 'begins at cylinder 0'],
    ['zones out of order', { zones: [...cheetah9LP.zones, cheetah9LP.zones[0]!] }, 'ascend'],
    ['an endless skew', { zones: [{ ...cheetah9LP.zones[0]!, trackSkewSectors: 254 }] }, 'skew'],
    ['no first seek', { seekCurve: cheetah9LP.seekCurve.slice(1) }, 'begins at distance 1'],
    ['a seek of no time', { seekCurve: [[1, 0]] as const }, 'takes time'],
  ])('with %s is refused by name', (_what, change, message) => {
    expect(() => new DiskDrive({ ...cheetah9LP, ...change })).toThrow(message)
    expect(() => new DiskDrive({ ...cheetah9LP, ...change })).toThrow('Seagate Cheetah 9LP')
  })

  it('as measured is accepted', () => {
    expect(() => {
      checkGeometry(cheetah9LP)
      checkGeometry(cheetah18GB)
    }).not.toThrow()
  })
})
