/** Parameters of the machine and its profiler, which every scenario has. */
import type { MachinePreset } from '../machine/presets'
import { machinePreset, machinePresets } from '../machine/presets'
import type { ChoiceParameter, NumberParameter, Parameter } from '../parameters/parameters'

/** What of a preset can be set apart: the path, and what else there is to say. */
const figures = [
  { figure: 'cpus', help: 'Processors.', unit: 'CPUs', min: 1, max: 8 },
  { figure: 'clockMHz', help: 'Clock of the processors.', unit: 'MHz', min: 50, max: 2000 },
  {
    figure: 'cacheKB',
    help: 'Private level-2 cache of each processor.',
    unit: 'kB',
    min: 64,
    max: 8192,
  },
  { figure: 'memoryMB', help: 'Main memory.', unit: 'MB', min: 64, max: 2048 },
] as const

function figureParameters(preset: MachinePreset): NumberParameter[] {
  return figures.map(({ figure, ...rest }) => ({
    type: 'number',
    path: `machine.${figure}`,
    ...rest,
    integer: true,
    live: false,
    default: preset[figure],
    source: preset.sources[figure],
  }))
}

const figuresOf = (preset: MachinePreset): Record<string, number> =>
  Object.fromEntries(figures.map(({ figure }) => [`machine.${figure}`, preset[figure]]))

const machineChoice = (id: string): ChoiceParameter => ({
  type: 'choice',
  path: 'machine',
  help: 'Machine that the run begins with. What of it is set apart below wins.',
  choices: machinePresets.map((preset) => preset.id),
  default: id,
  brings: Object.fromEntries(machinePresets.map((preset) => [preset.id, figuresOf(preset)])),
  source: machinePreset(id).source,
  live: false,
})

const swapParameter: Parameter = {
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

const linkParameter: Parameter = {
  type: 'number',
  path: 'machine.linkMbit',
  help: "Rate of the server's Ethernet link, each way.",
  unit: 'Mbit/s',
  min: 1,
  max: 1000,
  integer: true,
  default: 100,
  source: 'CITI TR 99-4, Accept scalability',
  live: false,
  needs: ['httpd.processes', 'httpd2.processes', 'proxy.port'],
}

const profilerParameter: Parameter = {
  type: 'choice',
  path: 'profiler.sampling',
  help: 'The DCPI sampler: an interrupt every 61,440 to 65,536 cycles, which costs cycles itself.',
  choices: ['off', 'on'],
  default: 'off',
  source: 'Anderson et al., SOSP 1997',
  live: true,
}

/** @param id machine preset that a scenario begins with */
export const machineParameters = (id: string): Parameter[] => [
  machineChoice(id),
  ...figureParameters(machinePreset(id)),
  swapParameter,
  linkParameter,
  profilerParameter,
]
