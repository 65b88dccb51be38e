/** Checks what was asked for against the catalogue, before a run or its server hears of it. */
import {
  counterNames,
  describeServer,
  defaultsOf,
  formatAction,
  parseAction,
  refuseSetting,
  scenarios,
  usable,
  whyUseless,
  type Parameter,
  type Parameters,
  type ParameterValue,
  type TimedAction,
} from '../../sim/index'
import type { Catalogue, ScenarioInfo, StartRequest } from '../../shared/api'
import { preview } from '../../shared/parse'
import { workloadsIn } from '../../shared/workloads-in'
import { failure, success, type Result } from '../../shared/result'
import { unknownName } from './nearest'

/** A run that can be started: its timeline in order of time. */
export type CheckedStart = StartRequest & { readonly timeline: readonly TimedAction[] }

/** Failure with the code of what was wrong with scenario, parameters or timeline. */
export function checkStart(catalogue: Catalogue, request: StartRequest): Result<CheckedStart> {
  const scenario = findScenario(catalogue, request.scenario)
  if (!scenario.ok) return scenario
  const parameters = checkParameters(scenario.value, request.parameters)
  if (!parameters.ok) return parameters
  const timeline = checkTimeline(
    ...([catalogue, scenario.value, parameters.value, request.timeline ?? []] as const),
  )
  if (!timeline.ok) return timeline
  const { scenario: id, seed } = request
  return success({ scenario: id, seed, parameters: parameters.value, timeline: timeline.value })
}

/** Failure `unknown-scenario` with what there is. */
export function findScenario(catalogue: Catalogue, id: string): Result<ScenarioInfo> {
  const found = catalogue.scenarios.find((scenario) => scenario.id === id)
  if (found) return success(found)
  const ids = catalogue.scenarios.map((scenario) => scenario.id)
  return failure('unknown-scenario', unknownName('scenario', id, ids))
}

/** Parameters as the scenario takes them. Failure `unknown-path` or `out-of-range`. */
export function checkParameters(
  scenario: ScenarioInfo,
  given: Readonly<Record<string, ParameterValue>>,
): Result<Record<string, ParameterValue>> {
  const checked: Record<string, ParameterValue> = {}
  for (const [path, value] of Object.entries(given)) {
    const parameter = findParameter(scenario, path)
    if (!parameter.ok) return parameter
    const parsed = checkValue(parameter.value, value)
    if (!parsed.ok) return parsed
    checked[path] = parsed.value
  }
  return success(checked)
}

/**
 * The words of an action that a run of this scenario knows. Failure with the code of what was
 * wrong.
 *
 * @param parameters what the run's parameters are where they are not at their defaults
 */
export function checkAction(
  catalogue: Catalogue,
  scenario: ScenarioInfo,
  parameters: Parameters,
  words: string,
): Result<string> {
  const action = parseAction(words)
  if (typeof action === 'string') return failure('unknown-action', action)
  switch (action.kind) {
    case 'reboot':
    case 'note':
    case 'no-alarm':
      return success(formatAction(action))
    case 'caption':
    case 'alarm': {
      const names = counterNames(action)
      if (names.length === 0) return success(formatAction(action))
      const known = countersOf(scenario, parameters)
      const unknown = names.find((name) => !known.includes(name.replace(/\/s$/, '')))
      if (unknown === undefined) return success(formatAction(action))
      return failure('unknown-counter', unknownName('counter', unknown, known))
    }
    case 'set': {
      const parameter = findParameter(scenario, action.path)
      if (!parameter.ok) return parameter
      if (!parameter.value.live) {
        const message = `${action.path} cannot change while the run goes on; start a new run with it`
        return failure('refused', message)
      }
      const value = checkValue(parameter.value, action.value)
      if (!value.ok) return value
      const plan = scenarios.find(({ id }) => id === scenario.id)
      const refused = plan && refuseSetting(plan, parameters, action.path, value.value)
      if (refused !== undefined) return failure('refused', refused)
      return success(formatAction({ ...action, value: String(value.value) }))
    }
    case 'fault':
    case 'fix': {
      const present = workloadsIn(scenario, parameters)
      const values = { ...defaultsOf(scenario.parameters, parameters), ...parameters }
      const ofKind = catalogue.disturbances.filter(({ kind }) => kind === action.kind)
      const here = usable(ofKind, present, values)
      const found = ofKind.find(({ id }) => id === action.id)
      const useless = found && whyUseless(found, present, values)
      if (useless !== undefined) return failure('refused', useless)
      if (!found || !here.includes(found)) {
        const ids = here.map(({ id }) => id)
        return failure('unknown-action', unknownName(action.kind, action.id, ids))
      }
      return success(formatAction(action))
    }
  }
}

/** The newest answer: every caption and alarm of a timeline asks for the counters of one run. */
let newestCounters: { readonly of: string; readonly ids: readonly string[] } | undefined

/** Counters of a run with these parameters; what is refused is told of when the run begins. */
export function countersOf(scenario: ScenarioInfo, parameters: Parameters): readonly string[] {
  // The catalogue has asked a server already.
  if (Object.keys(parameters).length === 0) return scenario.counters.map(({ id }) => id)
  const of = JSON.stringify([scenario.id, parameters])
  if (newestCounters?.of === of) return newestCounters.ids
  const description = describeServer({ scenario: scenario.id, seed: 1, parameters })
  const specs = typeof description === 'string' ? scenario.counters : description.counters
  newestCounters = { of, ids: specs.map(({ id }) => id) }
  return newestCounters.ids
}

/** The actions in order of time; those of one instant stay in theirs. */
function checkTimeline(
  catalogue: Catalogue,
  scenario: ScenarioInfo,
  parameters: Parameters,
  timeline: readonly TimedAction[],
): Result<readonly TimedAction[]> {
  const checked: TimedAction[] = []
  for (const [index, { at, action }] of timeline.entries()) {
    const known = checkAction(catalogue, scenario, parameters, action)
    if (!known.ok) {
      const { code, message } = known.error
      return failure(code, `timeline[${index}].action: ${message}`)
    }
    checked.push({ at, action: known.value })
  }
  return success(checked.sort((a, b) => a.at - b.at))
}

function findParameter(scenario: ScenarioInfo, path: string): Result<Parameter> {
  const found = scenario.parameters.find((parameter) => parameter.path === path)
  if (found) return success(found)
  const paths = scenario.parameters.map((parameter) => parameter.path)
  return failure('unknown-path', unknownName(`parameter of ${scenario.id}`, path, paths))
}

/** Takes a number with or without the parameter's own unit: `64` and `64MB` for one in MB. */
function checkValue(parameter: Parameter, value: ParameterValue): Result<ParameterValue> {
  if (parameter.type === 'choice') {
    if (parameter.choices.includes(String(value))) return success(String(value))
    const choices = parameter.choices.join(', ')
    return failure('out-of-range', `${parameter.path} is one of ${choices}, not ${preview(value)}`)
  }
  const { path, unit, min, max, integer } = parameter
  const named = unit === '1' ? '' : ` ${unit}`
  const wanted = `${path} is a ${integer ? 'whole ' : ''}number from ${min} to ${max}${named}`
  const number = typeof value === 'number' ? value : numberIn(value, unit)
  if (number === undefined || (integer && !Number.isInteger(number))) {
    return failure('bad-argument', `${wanted}, not ${preview(value)}`)
  }
  if (!(number >= min && number <= max)) {
    return failure('out-of-range', `${wanted}, not ${preview(value)}`)
  }
  return success(number)
}

function numberIn(words: string, unit: string): number | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(\S*)\s*$/i.exec(words)
  if (!match || (match[2] !== '' && match[2] !== unit)) return undefined
  return Number(match[1])
}
