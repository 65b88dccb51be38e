/** The machine of a run. */
import { cheetah18GB } from '../machine/cheetah'
import type { MachinePreset } from '../machine/presets'
import { fastEthernet, machinePreset } from '../machine/presets'
import type { Settings } from '../parameters/settings'

/** The preset that was chosen, with what was set apart from it. */
export function machineOf(settings: Settings): MachinePreset {
  const preset = machinePreset(settings.text('machine'))
  return {
    // Where no source names the disk, it is the PowerEdge's (assumed).
    disk: cheetah18GB,
    ...preset,
    nic: { ...(preset.nic ?? fastEthernet), linkMbitPerS: settings.number('machine.linkMbit') },
    cpus: settings.number('machine.cpus'),
    clockMHz: settings.number('machine.clockMHz'),
    cacheKB: settings.number('machine.cacheKB'),
    memoryMB: settings.number('machine.memoryMB'),
  }
}
