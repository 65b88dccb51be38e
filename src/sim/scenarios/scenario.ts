/**
 * What a scenario is: a machine, the kernel, and a workload that is there from the beginning. Every
 * other workload can be put beside it by its presence parameter, and every parameter of all of them
 * has its path.
 */
import { kernelChoice, refuseKernel } from './kernel-choice'
import { kernelParameters } from './kernel-parameters'
import { machineParameters } from './machine-parameters'
import type { KernelId } from '../kernel/kernels'
import type { Parameter, Parameters, ParameterValue } from '../parameters/parameters'
import { Settings } from '../parameters/settings'
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

/** What a scenario is made of. */
export interface ScenarioFacts extends Pick<
  Scenario,
  'id' | 'title' | 'citation' | 'machine' | 'kernel' | 'main'
> {
  /** Where it begins with other values than its workloads by themselves, and why. */
  readonly begins?: { readonly with: Parameters; readonly source: string }
}

/**
 * The main workload's parameters first, as people look for them first, and how much there is of the
 * others; then the kernel's, the machine's, and the other workloads'.
 */
export function composeScenario(
  { begins, ...facts }: ScenarioFacts,
  workloads: readonly Workload[],
): Scenario {
  const { main, machine, kernel } = facts
  const others = workloads.filter((workload) => workload !== main)
  const beside = others.flatMap(parametersBeside)
  const parameters = [
    ...main.parameters,
    ...beside.filter(({ needs }) => needs === undefined),
    kernelChoice(kernel),
    ...kernelParameters(kernel),
    ...machineParameters(machine),
    ...beside.filter(({ needs }) => needs !== undefined),
  ]
  return {
    ...facts,
    workloads: [main, ...others],
    parameters: begins ? beginningWith(parameters, begins) : parameters,
  }
}

/** @throws where a path is not there, or its value is of another type: they are in the program. */
function beginningWith(
  parameters: readonly Parameter[],
  { with: values, source }: NonNullable<ScenarioFacts['begins']>,
): Parameter[] {
  const paths = new Set(parameters.map(({ path }) => path))
  const unknown = Object.keys(values).find((path) => !paths.has(path))
  if (unknown !== undefined) throw new Error(`${unknown} is no parameter`)
  return parameters.map((parameter): Parameter => {
    const value = values[parameter.path]
    if (value === undefined) return parameter
    if (parameter.type === 'number' && typeof value === 'number')
      return { ...parameter, default: value, source }
    if (parameter.type === 'choice' && typeof value === 'string')
      return { ...parameter, default: value, source }
    throw new Error(`${parameter.path} is no ${typeof value}`)
  })
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

/** Why the kernel cannot do what is asked of it; undefined when it can. */
function refuseByKernel(scenario: Scenario, settings: Settings): string | undefined {
  const present = presentIn(scenario, settings)
  const refused = refuseKernel(settings, present)
  if (refused !== undefined) return refused
  for (const workload of present) {
    const beyond = workload.beyondKernel?.(settings)
    if (beyond !== undefined) return beyond
  }
  return undefined
}

/** Why a value cannot be set while a run with these parameters goes on; undefined when it can. */
export function refuseSetting(
  scenario: Scenario,
  parameters: Parameters,
  path: string,
  value: ParameterValue,
): string | undefined {
  const trial = Settings.create(scenario.parameters, { ...parameters, [path]: value })
  return typeof trial === 'string' ? trial : refuseByKernel(scenario, trial)
}

/** Why values that are each in their range do not go together; undefined when they do. */
export function refuseTogether(scenario: Scenario, settings: Settings): string | undefined {
  const refused = refuseByKernel(scenario, settings)
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
