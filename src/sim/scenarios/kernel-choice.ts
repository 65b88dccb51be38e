/** Which kernel a run begins with, and what does not go together with it. */
import { defaultPerProcess } from '../kernel/fs/descriptor-tables'
import { defaultSystemWide } from '../kernel/fs/files'
import { defaultMaxBacklog } from '../kernel/net/tcp/listener'
import type { KernelId } from '../kernel/kernels'
import { kernelIds } from '../kernel/kernels'
import { machinePreset, machinePresets } from '../machine/presets'
import type { ChoiceParameter, Parameters } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'
import type { Workload } from '../workloads/workload'

const linuxDefaults: Parameters = {
  'kernel.fd.alloc': 'one-bitmap',
  'kernel.fd.perProcess': defaultPerProcess,
  'kernel.fd.systemWide': defaultSystemWide,
  'kernel.somaxconn': defaultMaxBacklog,
}
/**
 * Digital UNIX 4.0 from memory of its tuning manual: open_max 4,096, file structures as they are
 * needed, somaxconn 1,024.
 */
const digitalUnixDefaults: Parameters = {
  'kernel.fd.alloc': 'ufalloc',
  'kernel.fd.perProcess': 4096,
  'kernel.fd.systemWide': 65_536,
  'kernel.somaxconn': 1024,
}

export const kernelChoice = (id: KernelId): ChoiceParameter => ({
  type: 'choice',
  path: 'kernel',
  help: 'Kernel that the machine boots. What of it is set apart below wins.',
  choices: kernelIds,
  default: id,
  brings: {
    'linux-2.2': linuxDefaults,
    'digital-unix-4.0': digitalUnixDefaults,
  },
  source: 'CITI TR 99-4: Linux 2.2; Banga & Mogul, USENIX 1998: Digital UNIX 4.0B',
  live: false,
})

export const kernelOf = (settings: Settings): KernelId => settings.text('kernel') as KernelId

/**
 * Why a kernel does not go with the machine, a workload or a switch that is set; undefined when it
 * does.
 */
export function refuseKernel(
  settings: Settings,
  workloads: readonly Workload[],
): string | undefined {
  const kernel = kernelOf(settings)
  if (kernel === 'linux-2.2') return undefined
  const machine = settings.text('machine')
  if (machinePreset(machine).core.name !== 'EV5') {
    const alphas = machinePresets.filter(({ core }) => core.name === 'EV5').map(({ id }) => id)
    return `kernel ${kernel} runs on an Alpha (machine ${alphas.join(', ')}), not on ${machine}`
  }
  for (const { id, onlyLinux } of workloads) {
    if (onlyLinux !== undefined) {
      return `workload ${id} needs ${onlyLinux}, which kernel linux-2.2 has and ${kernel} has not`
    }
  }
  const other = settings.specs.find(
    ({ path, where, default: usual }) =>
      where?.kernel?.includes(kernel) === false && settings.text(path) !== String(usual),
  )?.path
  if (other === undefined) return undefined
  return `${other}=${settings.text(other)} needs kernel linux-2.2; ${kernel} has no ${other}`
}
