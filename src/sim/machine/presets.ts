/**
 * The machines that scenarios name. Every figure has its source beside it: a text or a measurement
 * that was published, or `assumption:` and why. The residency model has one cache level per CPU:
 * the last one before memory.
 */
import type { Nanoseconds } from '../units/cycles'
import { cheetah18GB } from './cheetah'
import type { Core } from './core'
import { p6Core } from './core'
import type { DiskGeometry } from './geometry'

/** What of a machine is a number with a source. */
export type MachineFigure =
  | 'cpus'
  | 'clockMHz'
  | 'cacheKB'
  | 'cacheWays'
  | 'lineBytes'
  | 'l2HitNs'
  | 'memoryMissNs'
  | 'memoryMB'

export interface NetworkCard {
  readonly name: string
  /** Megabits (10^6) per second. */
  readonly linkMbitPerS: number
  readonly source: string
}

/** The card of a machine of which no source names one. */
export const fastEthernet: NetworkCard = {
  name: '100 Mb Ethernet',
  linkMbitPerS: 100,
  source: "assumption: the PowerEdge's",
}

export interface MachinePreset extends Readonly<Record<MachineFigure, number>> {
  readonly id: string
  /** For people, short. */
  readonly name: string
  readonly title: string
  /** Where the machine is described. */
  readonly source: string
  /** What CPUs it has. */
  readonly core: Core
  /** CPUs, all alike. */
  readonly cpus: number
  readonly clockMHz: number
  /** Private last-level cache of one CPU, in units of 1,024 bytes. */
  readonly cacheKB: number
  /** Lines of that cache that may have the same place: its associativity. */
  readonly cacheWays: number
  /** Bytes that one miss loads. */
  readonly lineBytes: number
  /** Load from that cache, in nanoseconds. */
  readonly l2HitNs: Nanoseconds
  /** Load of one line from memory, in nanoseconds. */
  readonly memoryMissNs: Nanoseconds
  /** Memory in units of 1,048,576 bytes. */
  readonly memoryMB: number
  readonly sources: Readonly<Record<MachineFigure, string>>
  /** Undefined where no source names one. */
  readonly disk?: DiskGeometry
  /** Undefined where no source names one. */
  readonly nic?: NetworkCard
}

const tr994 = 'CITI TR 99-4, section on the bforget bug'
const bangaMogul = 'Banga & Mogul, USENIX 1998, section on the test environment'
const p6Ways = 'P6 family: second-level cache 4-way (assumption: from memory of the Intel manuals)'
const p6Line = 'P6 family: 32-byte lines (assumption: from memory of the Intel manuals)'

export const powerEdge6300: MachinePreset = {
  id: 'poweredge-6300',
  name: 'PowerEdge 6300',
  title: 'Dell PowerEdge 6300: 4 × 450 MHz Xeon, 512 MB',
  source: tr994,
  core: p6Core,
  cpus: 4,
  clockMHz: 450,
  cacheKB: 512,
  cacheWays: 4,
  lineBytes: 32,
  l2HitNs: 23.6,
  memoryMissNs: 203,
  memoryMB: 512,
  sources: {
    cpus: tr994,
    clockMHz: tr994,
    cacheKB: 'assumption: the base model of the 450 MHz Pentium II Xeon; 1 MB and 2 MB existed',
    cacheWays: p6Ways,
    lineBytes: p6Line,
    l2HitNs:
      'derived: Pentium Pro 200, whose cache also runs at the core clock: 53 ns × 200/450 ' +
      '(lmbench 1.1, 28 Feb 1996)',
    memoryMissNs:
      'lmbench 1.9–2.0, Celeron 466, main memory: the nearest core ' +
      'measured; assumption: the 450NX chip set is no faster, though its bus is',
    memoryMB: tr994,
  },
  disk: cheetah18GB,
  nic: {
    name: '100 Mb Ethernet',
    linkMbitPerS: 100,
    source: 'CITI TR 99-4, accept() macro-benchmark',
  },
}

export const alphaStation500: MachinePreset = {
  id: 'alphastation-500',
  name: 'AlphaStation 500',
  title: 'AlphaStation 500: 400 MHz 21164, 192 MB',
  source: bangaMogul,
  // The costs of a 21164 are not there yet: a P6's, at the Alpha's clock.
  core: p6Core,
  cpus: 1,
  clockMHz: 400,
  cacheKB: 2048,
  cacheWays: 1,
  lineBytes: 64,
  l2HitNs: 48,
  memoryMissNs: 360,
  memoryMB: 192,
  sources: {
    cpus: bangaMogul,
    clockMHz: bangaMogul,
    cacheKB: `${bangaMogul}: the third level; the 96 KB second level is not modelled apart`,
    cacheWays:
      'Alpha 21164: board cache, direct-mapped (assumption: from memory of the data sheet)',
    lineBytes: 'assumption: 64-byte blocks of the 21164 board cache, from memory of its manual',
    l2HitNs:
      'lmbench 1.1, 28 Feb 1996, Alpha 300 MHz, L2 column; assumption: ' +
      'the board cache of the 400 MHz machine is no faster',
    memoryMissNs:
      'lmbench 1.1, 28 Feb 1996, Alpha 300 MHz, main memory; ' + 'a 400 MHz 21164 was not found',
    memoryMB: bangaMogul,
  },
  nic: { name: '100 Mb/s FDDI', linkMbitPerS: 100, source: bangaMogul },
}

export const pentiumPro2Way: MachinePreset = {
  id: 'pentium-pro-2way',
  name: 'two-way Pentium Pro',
  title: 'Two-way Pentium Pro: 2 × 200 MHz, 128 MB',
  source: 'CITI TR 99-4, section on malloc()',
  core: p6Core,
  cpus: 2,
  clockMHz: 200,
  cacheKB: 256,
  cacheWays: 4,
  lineBytes: 32,
  l2HitNs: 53,
  memoryMissNs: 179,
  memoryMB: 128,
  sources: {
    cpus: 'CITI TR 99-4, section on malloc()',
    clockMHz: 'CITI TR 99-4, section on malloc()',
    cacheKB: 'assumption: the base model of the 200 MHz Pentium Pro; 512 KB and 1 MB existed',
    cacheWays: p6Ways,
    lineBytes: p6Line,
    l2HitNs: 'lmbench 1.1, 28 Feb 1996, P-Pro 200, L2',
    memoryMissNs: 'lmbench 1.1, 28 Feb 1996, P-Pro 200, main memory',
    memoryMB: 'CITI TR 99-4, section on malloc()',
  },
}

export const pentiumIII8Way: MachinePreset = {
  id: 'pentium-iii-8way',
  name: '8-way Pentium III',
  title: '8-way Pentium III: 8 × 700 MHz, 2 MB cache each',
  source: 'M. Kravetz, linux-kernel, 18 Jan 2001',
  core: p6Core,
  cpus: 8,
  clockMHz: 700,
  cacheKB: 2048,
  cacheWays: 8,
  lineBytes: 32,
  l2HitNs: 10,
  memoryMissNs: 230,
  memoryMB: 1024,
  sources: {
    cpus: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    clockMHz: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    cacheKB: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    cacheWays:
      'Pentium III Xeon 700 MHz: 2 MB on the die, 8-way (assumption: from memory of the data sheet)',
    lineBytes: p6Line,
    l2HitNs: 'derived: 2 × P-III 997 MHz, L2 7.02 ns × 997/700 (lmbench 1.9–2.0)',
    memoryMissNs:
      'lmbench 1.9–2.0, P-III Coppermine 633, main memory: the nearest ' +
      'clock measured; assumption: an 8-way chip set is no slower',
    memoryMB: 'assumption: not stated; the scheduler test needs a few megabytes',
  },
}

export const machinePresets: readonly MachinePreset[] = [
  powerEdge6300,
  alphaStation500,
  pentiumPro2Way,
  pentiumIII8Way,
]

/** @throws RangeError that names the presets there are when `id` is none of them. */
export function machinePreset(id: string): MachinePreset {
  const preset = machinePresets.find((candidate) => candidate.id === id)
  if (preset) return preset
  const known = machinePresets.map((candidate) => candidate.id).join(', ')
  throw new RangeError(`no machine ${id}; there are ${known}`)
}
