/**
 * A parameter of a scenario: everything that can be set by path, with its unit, range and source.
 */
export type ParameterValue = number | string

interface ParameterBase {
  /** Dotted path: `machine.cpus`, `sdet.scripts`, `kernel.bforget`. */
  readonly path: string
  /** One line for people. */
  readonly help: string
  /** Where the default comes from. */
  readonly source: string
  /** Whether it can be changed while the run goes on (by the action `set:<path>=<value>`). */
  readonly live: boolean
  /** Paths of numbers: while all of them are 0, this one says nothing. */
  readonly needs?: readonly string[]
  /** With which choices of others it says something. */
  readonly where?: Where
}
/** Values of choices that something needs, by path; it may be any one of a path's. */
export type Where = Readonly<Record<string, readonly string[]>>

export interface NumberParameter extends ParameterBase {
  readonly type: 'number'
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly integer: boolean
  readonly default: number
}
export interface ChoiceParameter extends ParameterBase {
  readonly type: 'choice'
  readonly choices: readonly string[]
  readonly default: string
  /** Defaults of other parameters that a choice brings with it. */
  readonly brings?: Readonly<Record<string, Parameters>>
}
export type Parameter = NumberParameter | ChoiceParameter

/** Every parameter of a run, by path, resolved. */
export type Parameters = Readonly<Record<string, ParameterValue>>

/** Whether a parameter says anything beside these values of the others. */
export const saysAnything = ({ needs, where }: Parameter, values: Parameters): boolean =>
  (needs === undefined || needs.some((path) => values[path] !== 0)) &&
  unmet(where, values).length === 0

/** Paths whose values are not what something needs. */
export const unmet = (where: Where | undefined, values: Parameters): string[] =>
  Object.keys(where ?? {}).filter((path) => !where?.[path]?.includes(String(values[path])))

/** What is needed of these paths, in words: `kernel=linux-2.2 and proxy.events=poll or select`. */
export const wordsOf = (where: Where, paths: readonly string[] = Object.keys(where)): string =>
  paths.map((path) => `${path}=${where[path]?.join(' or ')}`).join(' and ')

/** The default of every parameter, given what was chosen of them. */
export function defaultsOf(specs: readonly Parameter[], chosen: Parameters): Parameters {
  const defaults: Record<string, ParameterValue> = {}
  for (const spec of specs) defaults[spec.path] = spec.default
  for (const spec of specs) {
    if (spec.type !== 'choice' || !spec.brings) continue
    Object.assign(defaults, spec.brings[String(chosen[spec.path] ?? spec.default)])
  }
  return defaults
}
