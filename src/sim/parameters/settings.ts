/** The values of a scenario's parameters: checked when they are set, read by path. */
import type { Parameter, ParameterValue, Parameters } from './parameters'
import { defaultsOf } from './parameters'

export class Settings {
  private readonly values: Record<string, ParameterValue> = {}

  private constructor(
    readonly specs: readonly Parameter[],
    defaults: Parameters,
  ) {
    Object.assign(this.values, defaults)
  }

  /** Defaults with overrides. A string is the message for people when one is refused. */
  static create(specs: readonly Parameter[], overrides: Parameters): Settings | string {
    const settings = new Settings(specs, defaultsOf(specs, overrides))
    for (const [path, value] of Object.entries(overrides)) {
      const refused = settings.set(path, value)
      if (refused !== undefined) return refused
    }
    return settings
  }

  spec(path: string): Parameter | undefined {
    return this.specs.find((candidate) => candidate.path === path)
  }

  /**
   * Sets one value, given as itself or as text. Returns the message for people when it is refused.
   */
  set(path: string, value: ParameterValue): string | undefined {
    const spec = this.spec(path)
    if (!spec) {
      const near = this.specs.map((candidate) => candidate.path).join(', ')
      return `unknown parameter ${path}; there are ${near}`
    }
    if (spec.type === 'choice') {
      const text = String(value)
      if (!spec.choices.includes(text)) {
        return `${path} is one of ${spec.choices.join(', ')}, not "${text}"`
      }
      this.values[path] = text
      return undefined
    }
    const number = typeof value === 'number' ? value : value.trim() === '' ? NaN : Number(value)
    const inRange = number >= spec.min && number <= spec.max
    if (!inRange || (spec.integer && !Number.isInteger(number))) {
      const kind = spec.integer ? 'a whole number' : 'a number'
      return (
        `${path} is ${kind} from ${spec.min} to ${spec.max} ${spec.unit === '1' ? '' : spec.unit}`.trimEnd() +
        `, not "${value}"`
      )
    }
    this.values[path] = number
    return undefined
  }

  number(path: string): number {
    const value = this.values[path]
    if (typeof value !== 'number') throw new Error(`${path} is not a number`)
    return value
  }

  text(path: string): string {
    return String(this.values[path])
  }

  all(): Parameters {
    return { ...this.values }
  }
}
