/**
 * The machines that scenarios name. Every figure has its source beside it: a text or a measurement
 * that was published, or `assumption:` and why. The residency model has one cache level per CPU:
 * the last one before memory.
 */
import type { Nanoseconds } from '../units/cycles'
import { cheetah18GB } from './cheetah'
import type { Core } from './core'
import { ev5Core, p6Core } from './core'
import type { DiskGeometry } from './geometry'

/** What of a machine is a number with a source. */
export type MachineFigure =
  | 'cpus'
  | 'clockMHz'
  | 'cacheKB'
  | 'cacheWays'
  | 'lineBytes'
  | 'firstLevelKB'
  | 'firstLevelWays'
  | 'l2HitNs'
  | 'memoryMissNs'
  | 'lineBusNs'
  | 'copyNsPerByte'
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
  /** First-level data cache, in units of 1,024 bytes, and its associativity. */
  readonly firstLevelKB: number
  readonly firstLevelWays: number
  /** Load from the last-level cache, in nanoseconds. */
  readonly l2HitNs: Nanoseconds
  /** Load of one line from memory, or from the cache of the CPU that wrote it, in nanoseconds. */
  readonly memoryMissNs: Nanoseconds
  /** How long a line occupies the bus: what each line more takes of those asked for at once. */
  readonly lineBusNs: Nanoseconds
  /** Copying a byte from memory to memory, in nanoseconds. */
  readonly copyNsPerByte: Nanoseconds
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
const cpuid = "Intel Architecture Software Developer's Manual, vol. 2 (243191), CPUID, table 3-9"
const p6Ways = `${cpuid}: descriptors 42H to 45H, second level of 256 KB to 2 MB, 4-way`
const p6Line = `${cpuid}: 32-byte lines in every cache of a P6`
const p6FirstLevel = `${cpuid}: descriptor 0CH, data cache of 16 KB`
const p6FirstLevelWays = `${cpuid}: descriptor 0CH, 2-way or 4-way; assumption: 4-way since the Pentium II`
const celeronCopy = 'lmbench 1.9–2.0, Celeron 466, bcopy libc 109 MB/s: the nearest core measured'

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
  firstLevelKB: 16,
  firstLevelWays: 4,
  l2HitNs: 23.6,
  memoryMissNs: 203,
  lineBusNs: 98,
  copyNsPerByte: 9.2,
  memoryMB: 512,
  sources: {
    cpus: tr994,
    clockMHz: tr994,
    cacheKB: 'assumption: the base model of the 450 MHz Pentium II Xeon; 1 MB and 2 MB existed',
    cacheWays: p6Ways,
    lineBytes: p6Line,
    firstLevelKB: p6FirstLevel,
    firstLevelWays: p6FirstLevelWays,
    l2HitNs:
      'derived: Pentium Pro 200, whose cache also runs at the core clock: 53 ns × 200/450 ' +
      '(lmbench 1.1, 28 Feb 1996)',
    memoryMissNs:
      'lmbench 1.9–2.0, Celeron 466, main memory: the nearest core ' +
      'measured; assumption: the 450NX chip set is no faster, though its bus is',
    lineBusNs: `derived: a third of 32 bytes at that rate (read, owned, written back); ${celeronCopy}`,
    copyNsPerByte: celeronCopy,
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
  core: ev5Core,
  cpus: 1,
  clockMHz: 400,
  cacheKB: 2048,
  cacheWays: 1,
  lineBytes: 64,
  firstLevelKB: 8,
  firstLevelWays: 1,
  l2HitNs: 48,
  memoryMissNs: 360,
  lineBusNs: 360,
  copyNsPerByte: 15.4,
  memoryMB: 192,
  sources: {
    cpus: bangaMogul,
    clockMHz: bangaMogul,
    cacheKB: `${bangaMogul}: the third level; the 96 KB second level is not modelled apart`,
    cacheWays:
      'Alpha 21164: board cache, direct-mapped (assumption: from memory of the data sheet)',
    lineBytes: 'assumption: 64-byte blocks of the 21164 board cache, from memory of its manual',
    firstLevelKB: bangaMogul,
    firstLevelWays: 'Alpha 21164: direct-mapped (assumption: from memory of the data sheet)',
    l2HitNs:
      'lmbench 1.1, 28 Feb 1996, Alpha 300 MHz, L2 column; assumption: ' +
      'the board cache of the 400 MHz machine is no faster',
    memoryMissNs:
      'lmbench 1.1, 28 Feb 1996, Alpha 300 MHz, main memory; ' + 'a 400 MHz 21164 was not found',
    lineBusNs:
      'assumption: the whole of memoryMissNs; 64 bytes at 129 MB/s (lmbench 1.1, Alpha 300, memory ' +
      'read) are 496 ns, so nothing is gained by asking for several at once',
    copyNsPerByte: 'lmbench 1.1, 28 Feb 1996, Alpha 300 MHz, bcopy libc 65 MB/s',
    memoryMB: bangaMogul,
  },
  nic: { name: '100 Mb/s FDDI', linkMbitPerS: 100, source: bangaMogul },
}

const pentiumPro2Way: MachinePreset = {
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
  firstLevelKB: 8,
  firstLevelWays: 2,
  l2HitNs: 53,
  memoryMissNs: 179,
  lineBusNs: 154,
  copyNsPerByte: 17.9,
  memoryMB: 128,
  sources: {
    cpus: 'CITI TR 99-4, section on malloc()',
    clockMHz: 'CITI TR 99-4, section on malloc()',
    cacheKB: 'assumption: the base model of the 200 MHz Pentium Pro; 512 KB and 1 MB existed',
    cacheWays: p6Ways,
    lineBytes: p6Line,
    firstLevelKB: `${cpuid}: descriptor 0AH, data cache of 8 KB, 2-way`,
    firstLevelWays: `${cpuid}: descriptor 0AH, data cache of 8 KB, 2-way`,
    l2HitNs: 'lmbench 1.1, 28 Feb 1996, P-Pro 200, L2',
    memoryMissNs: 'lmbench 1.1, 28 Feb 1996, P-Pro 200, main memory',
    lineBusNs: 'derived: 32 bytes at 208 MB/s, lmbench 1.1, 28 Feb 1996, P-Pro 200, memory read',
    copyNsPerByte: 'lmbench 1.1, 28 Feb 1996, P-Pro 200, bcopy libc 56 MB/s',
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
  firstLevelKB: 16,
  firstLevelWays: 4,
  l2HitNs: 10,
  memoryMissNs: 230,
  lineBusNs: 57,
  copyNsPerByte: 4.1,
  memoryMB: 1024,
  sources: {
    cpus: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    clockMHz: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    cacheKB: 'M. Kravetz, linux-kernel, 18 Jan 2001',
    cacheWays:
      `${cpuid}: descriptor 85H in later editions, second level of 2 MB, 8-way; assumption: a ` +
      '700 MHz Pentium III Xeon with 2 MB on the die is one of these',
    lineBytes: p6Line,
    firstLevelKB: p6FirstLevel,
    firstLevelWays: p6FirstLevelWays,
    l2HitNs: 'derived: 2 × P-III 997 MHz, L2 7.02 ns × 997/700 (lmbench 1.9–2.0)',
    memoryMissNs:
      'lmbench 1.9–2.0, P-III Coppermine 633, main memory: the nearest ' +
      'clock measured; assumption: an 8-way chip set is no slower',
    lineBusNs:
      'derived: a third of 32 bytes at 222–271 MB/s (lmbench 1.9–2.0, 2 × P-III 997, bcopy libc), ' +
      '43 ns on a bus of 133 MHz; assumption: this one has 100 MHz',
    copyNsPerByte:
      'lmbench 1.9–2.0, 2 × P-III 997, bcopy libc 222–271 MB/s; assumption: this machine is as fast',
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
