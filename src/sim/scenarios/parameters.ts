/** A parameter of a scenario: everything that can be set by path, with its unit, range and source. */
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
}
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
}
export type Parameter = NumberParameter | ChoiceParameter

/** Every parameter of a run, by path, resolved. */
export type Parameters = Readonly<Record<string, ParameterValue>>
