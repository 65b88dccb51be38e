/** Parameters of the machine and its profiler, which every scenario has. */
import type { Parameter } from './parameters'

const source = {
  machine: 'CITI TR 99-4: Dell PowerEdge 6300-450, 512 MB, 18 GB Ultra2 LVD',
}

export const machineParameters: readonly Parameter[] = [
  {
    type: 'number',
    path: 'machine.cpus',
    help: 'Processors.',
    unit: 'CPUs',
    min: 1,
    max: 8,
    integer: true,
    default: 4,
    source: source.machine,
    live: false,
  },
  {
    type: 'number',
    path: 'machine.clockMHz',
    help: 'Clock of the processors.',
    unit: 'MHz',
    min: 50,
    max: 2000,
    integer: true,
    default: 450,
    source: source.machine,
    live: false,
  },
  {
    type: 'number',
    path: 'machine.cacheKB',
    help: 'Private level-2 cache of each processor.',
    unit: 'kB',
    min: 64,
    max: 8192,
    integer: true,
    default: 512,
    source: 'assumption: the base model of the 450 MHz Xeon',
    live: false,
  },
  {
    type: 'number',
    path: 'machine.memoryMB',
    help: 'Main memory.',
    unit: 'MB',
    min: 64,
    max: 2048,
    integer: true,
    default: 512,
    source: source.machine,
    live: false,
  },
]

export const swapParameter: Parameter = {
  type: 'number',
  path: 'machine.swapMB',
  help: 'Swap partition at the end of the disk.',
  unit: 'MB',
  min: 16,
  max: 2048,
  integer: true,
  default: 512,
  source: 'assumption: as large as memory, in areas of 128 MB as 2.2 allows',
  live: false,
}

export const profilerParameter: Parameter = {
  type: 'choice',
  path: 'profiler.sampling',
  help: 'The DCPI sampler: an interrupt every 61,440 to 65,536 cycles, which costs cycles itself.',
  choices: ['off', 'on'],
  default: 'off',
  source: 'Anderson et al., SOSP 1997',
  live: true,
}
