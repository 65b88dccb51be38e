/** Which parameters the dialog of a new run lists, and in which groups. */
import type { ScenarioInfo } from '../../../shared/api'
import {
  saysAnything,
  unmet,
  wordsOf,
  type Parameter,
  type Parameters,
} from '../../../sim/parameters/parameters'

export interface ParameterGroup {
  /** First word of the paths, or what its parameters have in common. */
  readonly name: string
  readonly parameters: readonly Parameter[]
}

/** Group of how much there is of the workloads beside the main one. */
export const beside = 'beside it'

type Listed = Pick<ScenarioInfo, 'parameters' | 'workloads'>

/**
 * Without words to find, a parameter that says nothing is left out, unless it was changed: then
 * there is something to take back.
 *
 * @param values what each parameter stands at
 * @param words found in path or description, all of them
 */
export function parameterGroups(
  { parameters, workloads }: Listed,
  values: Parameters,
  isChanged: (path: string) => boolean,
  words: string,
): ParameterGroup[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const others = workloads.slice(1).map(({ presence }) => presence)
  const found = new Map<string, Parameter[]>()
  for (const parameter of parameters) {
    const { path, help } = parameter
    const text = `${path} ${help}`.toLowerCase()
    const listed =
      wanted.length > 0
        ? wanted.every((word) => text.includes(word))
        : saysAnything(parameter, values) || isChanged(path)
    if (!listed) continue
    const name = others.includes(path) ? beside : (path.split('.')[0] ?? '')
    found.set(name, [...(found.get(name) ?? []), parameter])
  }
  return [...found].map(([name, of]) => ({ name, parameters: of }))
}

/** Why a parameter says nothing, in words; undefined when it says something. */
export const whySilent = (parameter: Parameter, values: Parameters): string | undefined =>
  saysAnything(parameter, values) ? undefined : `says nothing ${silence(parameter, values)}`

function silence({ needs = [], where = {} }: Parameter, values: Parameters): string {
  const missing = unmet(where, values)
  if (missing.length > 0) return `without ${wordsOf(where, missing)}`
  return `while ${needs.join(' and ')} ${needs.length === 1 ? 'is' : 'are'} 0`
}
