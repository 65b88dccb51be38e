/**
 * What a scenario is: a machine, the kernel, and a workload that is there from the beginning. Every
 * other workload can be put beside it by its presence parameter, and every parameter of all of them
 * has its path.
 */
import { kernelChoice, refuseKernel } from './kernel-choice'
import { kernelParameters } from './kernel-parameters'
import { machineParameters } from './machine-parameters'
import type { KernelId } from '../kernel/kernels'
import type { Parameter } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'
import { refuseMemory } from '../workloads/memory-room'
import type { Workload } from '../workloads/workload'

export interface Scenario {
  readonly id: string
  readonly title: string
  readonly citation: string
  /** Id of the machine preset that it begins with. */
  readonly machine: string
  /** The kernel that it begins with. */
  readonly kernel: KernelId
  /** What its work, rounds and structures are of. */
  readonly main: Workload
  /** All workloads there are, the main one first. */
  readonly workloads: readonly Workload[]
  readonly parameters: readonly Parameter[]
}

/**
 * The main workload's parameters first, as people look for them first, and how much there is of the
 * others; then the kernel's, the machine's, and the other workloads'.
 */
export function composeScenario(
  facts: Pick<Scenario, 'id' | 'title' | 'citation' | 'machine' | 'kernel' | 'main'>,
  workloads: readonly Workload[],
): Scenario {
  const { main, machine, kernel } = facts
  const others = workloads.filter((workload) => workload !== main)
  const beside = others.flatMap(parametersBeside)
  return {
    ...facts,
    workloads: [main, ...others],
    parameters: [
      ...main.parameters,
      ...beside.filter(({ needs }) => needs === undefined),
      kernelChoice(kernel),
      ...kernelParameters(kernel),
      ...machineParameters(machine),
      ...beside.filter(({ needs }) => needs !== undefined),
    ],
  }
}

/**
 * Beside another workload it is absent unless it is asked for, and there from the first boot on or
 * not at all.
 */
function parametersBeside({ parameters, presence }: Workload): Parameter[] {
  return parameters.map((parameter) =>
    parameter.path === presence && parameter.type === 'number'
      ? { ...parameter, min: 0, default: 0, live: false, help: `${parameter.help} 0: none.` }
      : { ...parameter, needs: [presence] },
  )
}

/** The workloads that a run has. */
export const presentIn = (scenario: Scenario, settings: Settings): readonly Workload[] =>
  scenario.workloads.filter(({ presence }) => settings.number(presence) > 0)

/** Why values that are each in their range do not go together; undefined when they do. */
export function refuseTogether(scenario: Scenario, settings: Settings): string | undefined {
  const refused = refuseKernel(settings, presentIn(scenario, settings))
  if (refused !== undefined) return refused
  const ports = new Map<number, string>()
  const present = presentIn(scenario, settings)
  for (const { port, ...workload } of present) {
    const refused = workload.refuse?.(settings)
    if (refused !== undefined) return refused
    if (port === undefined) continue
    const number = settings.number(port)
    const taken = ports.get(number)
    if (taken !== undefined)
      return `${port} is another port than ${taken} = ${number}, not ${number} too`
    ports.set(number, port)
  }
  return refuseMemory(present, settings)
}
