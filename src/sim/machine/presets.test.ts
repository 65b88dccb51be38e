import { describe, expect, it } from 'vitest'
import { CacheResidency } from './cache'
import { DiskDrive } from './disk'
import { machinePreset, machinePresets } from './presets'

describe('machine presets', () => {
  it.each(machinePresets)('$title has a positive figure and a source for each', (preset) => {
    for (const [figure, source] of Object.entries(preset.sources)) {
      expect(preset[figure as keyof typeof preset.sources], figure).toBeGreaterThan(0)
      expect(source.length, figure).toBeGreaterThan(10)
    }
  })

  it.each(machinePresets)('$title is slower at every step away from the CPU', (preset) => {
    expect(preset.l2HitNs).toBeGreaterThan(1e3 / preset.clockMHz)
    expect(preset.memoryMissNs).toBeGreaterThan(preset.l2HitNs)
    expect(preset.lineBusNs).toBeLessThanOrEqual(preset.memoryMissNs)
  })

  it('are found by id, and a stranger is told which there are', () => {
    const machine = machinePreset('poweredge-6300')
    expect([machine.cpus, machine.clockMHz, machine.memoryMB]).toEqual([4, 450, 512])
    expect(() => machinePreset('pdp-11')).toThrow('no machine pdp-11; there are poweredge-6300, ')
    expect(new Set(machinePresets.map(({ id }) => id)).size).toBe(machinePresets.length)
  })

  it('build their parts', () => {
    for (const { cpus, cacheKB, lineBytes, memoryMissNs, disk } of machinePresets) {
      const cache = new CacheResidency(cpus, cacheKB * 1024, lineBytes, memoryMissNs)
      expect(cache.cacheLines * lineBytes).toBe(cacheKB * 1024)
      if (disk) expect(new DiskDrive(disk).sectors * disk.sectorBytes).toBeGreaterThan(9e9)
    }
  })
})
