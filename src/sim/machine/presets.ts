/** The machines that scenarios name. */
import type { DiskGeometry } from './geometry'

export interface MachinePreset {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly cpus: number
  readonly clockMHz: number
  /** Private level-2 (AlphaStation: level-3) cache of one CPU. */
  readonly cacheKB: number
  readonly lineBytes: number
  readonly l2HitNs: number
  /** Time to load one line from memory. */
  readonly memoryMissNs: number
  readonly memoryMB: number
  readonly disk?: DiskGeometry
}

export const machinePresets: readonly MachinePreset[] = []

/** @throws RangeError when there is no such preset. */
export function machinePreset(id: string): MachinePreset {
  const preset = machinePresets.find((candidate) => candidate.id === id)
  if (!preset) throw new RangeError(`unknown machine ${id}`)
  return preset
}
