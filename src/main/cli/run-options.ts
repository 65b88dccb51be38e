/** What `soakscope run` was told, checked before anything runs. */
import { resolve } from 'node:path'
import type { Action, ParameterValue, Parameters } from '../../sim/index'
import {
  recordingsLimit,
  type Catalogue,
  type ScenarioInfo,
  type TimeWindow,
} from '../../shared/api'
import {
  parseCondition,
  parseDuration,
  parseSeed,
  parseTimedAction,
  secondsMax,
  type Condition,
} from '../../shared/parse'
import { parseSize } from '../../shared/size-text'
import { checkAction, checkParameters, countersOf } from '../api/checks'
import { unknownName } from '../api/nearest'
import { checkTrace, planExport, planWindow, type PlannedExport } from './export-options'
import { takeScenario, type GivenScenario } from './scenario-argument'
import type { RecordPlan } from './record-plan'
import { taken, UsageError } from './terminal'
import { planTrace, type TracePlan, type TraceWords } from './trace-plan'
import { parseAction } from '../../sim/index'

/** As commander hands it over. */
export interface RunWords extends TraceWords {
  readonly seed?: string
  readonly for?: string
  readonly until?: string
  readonly set?: readonly string[]
  readonly at?: readonly string[]
  readonly alarm?: readonly string[]
  readonly warmup?: string
  readonly every?: string
  readonly profiler?: string
  readonly vmstat?: string | true
  readonly samples?: string
  readonly profile?: string
  readonly json?: string
  readonly saveScenario?: string
  readonly export?: readonly string[]
  readonly window?: string
  readonly record?: string
  readonly recordLimit?: string
}

export interface RunPlan {
  readonly scenario: ScenarioInfo
  /** The scenario file, when it is one. */
  readonly scenarioPath: string | undefined
  readonly seed: number
  readonly parameters: Parameters
  /** The argument that is named when parameters do not go together. */
  readonly parametersBy: '--set' | '<scenario>'
  /** Simulated seconds, warm-up included. */
  readonly forSeconds: number
  readonly warmupSeconds: number
  readonly everySeconds: number
  readonly until: { readonly words: string; readonly condition: Condition } | undefined
  /** In order of time. Those of a file may lie after the end of the run, and then are not done. */
  readonly actions: readonly PlannedAction[]
  readonly outputs: {
    readonly vmstat: string | undefined
    readonly samples: string | undefined
    readonly profile: { readonly path: string; readonly kind: 'pprof' | 'collapsed' } | undefined
    readonly json: string | undefined
    readonly scenario: string | undefined
    readonly trace: TracePlan | undefined
  }
  readonly exports: readonly PlannedExport[]
  /** The part of the run that is exported; undefined for all of it. */
  readonly window: TimeWindow | undefined
  readonly record: RecordPlan | undefined
}

export interface PlannedAction {
  readonly seconds: number
  readonly action: Action
}

/** Simulated seconds of a run that was told neither --for nor --until. */
const defaultSeconds = 600
/** Shortest time between samples, in simulated seconds: one tick. */
const shortestEvery = 0.01

/** @throws UsageError that names the argument. */
export function planRun(catalogue: Catalogue, argument: string, words: RunWords): RunPlan {
  const given = takeScenario(catalogue, argument)
  const { scenario, path: scenarioPath } = given
  const duration = (argument: string, given: string): number =>
    taken(argument, parseDuration(given))

  const parameters = { ...given.parameters, ...planParameters(scenario, words) }
  const until = words.until === undefined ? undefined : planUntil(scenario, parameters, words.until)
  const forSeconds =
    words.for !== undefined
      ? duration('--for', words.for)
      : (given.forSeconds ?? (until ? secondsMax : defaultSeconds))
  const trace = planTrace(words)
  const traceEnd = trace ? trace.atSeconds + trace.forSeconds : 0
  if (trace?.reason === 'time' && traceEnd > forSeconds) {
    throw new UsageError(`--trace-at: the trace ends at ${traceEnd} s, the run at ${forSeconds} s`)
  }
  if (forSeconds === 0) throw new UsageError('--for: a run is longer than 0 s')
  const warmupSeconds = words.warmup === undefined ? 0 : duration('--warmup', words.warmup)
  if (warmupSeconds >= forSeconds) {
    throw new UsageError(`--warmup: ${words.warmup} is not shorter than the run (${forSeconds} s)`)
  }
  const everySeconds = words.every === undefined ? 1 : duration('--every', words.every)
  if (everySeconds < shortestEvery) {
    throw new UsageError(`--every: samples are at least 10ms apart, not ${words.every}`)
  }
  const exports = (words.export ?? []).map((word) => planExport('--export', word))
  const window = planPart(words, warmupSeconds, forSeconds)
  checkTrace(exports, window, words.trace !== undefined)
  return {
    scenario,
    scenarioPath,
    forSeconds,
    warmupSeconds,
    everySeconds,
    until,
    seed: words.seed === undefined ? given.seed : taken('--seed', parseSeed(words.seed)),
    parameters,
    parametersBy: words.set === undefined ? '<scenario>' : '--set',
    actions: [
      ...plannedInFile(given),
      ...planAlarms(catalogue, scenario, parameters, words.alarm ?? []),
      ...planActions(catalogue, scenario, parameters, words.at ?? [], forSeconds),
    ].sort((a, b) => a.seconds - b.seconds),
    outputs: planOutputs(words),
    exports,
    window,
    record: planRecord(words),
  }
}

/** Warm-up is left out of what is exported, unless a window is asked for. */
function planPart(
  words: RunWords,
  warmupSeconds: number,
  forSeconds: number,
): TimeWindow | undefined {
  if (words.window === undefined) {
    return warmupSeconds > 0 ? { from: warmupSeconds, to: forSeconds } : undefined
  }
  if (words.export === undefined) {
    throw new UsageError('--window: it is for what --export writes; name a file with --export')
  }
  const window = planWindow('--window', words.window)
  if (window.from < warmupSeconds) {
    throw new UsageError(`--window: ${words.window} begins in the warm-up (${warmupSeconds} s)`)
  }
  if (window.to > forSeconds) {
    throw new UsageError(`--window: ${words.window} ends after the run (${forSeconds} s)`)
  }
  return window
}

function planUntil(
  scenario: ScenarioInfo,
  parameters: Parameters,
  words: string,
): NonNullable<RunPlan['until']> {
  const condition = taken('--until', parseCondition(words))
  const ids = countersOf(scenario, parameters)
  if (!ids.includes(condition.counter)) {
    throw new UsageError(`--until: ${unknownName('counter', condition.counter, ids)}`)
  }
  return { words, condition }
}

function planParameters(scenario: ScenarioInfo, words: RunWords): Parameters {
  const given: Record<string, ParameterValue> = {}
  for (const setting of words.set ?? []) {
    const at = setting.indexOf('=')
    if (at < 1) throw new UsageError(`--set: "${setting}" is no setting; write <path>=<value>`)
    given[setting.slice(0, at)] = setting.slice(at + 1)
  }
  const checked = checkParameters(scenario, given)
  if (!checked.ok) throw new UsageError(`--set: ${checked.error.message}`)
  if (words.profiler === undefined) return checked.value
  const sampler = checkParameters(scenario, { 'profiler.sampling': words.profiler })
  if (!sampler.ok) throw new UsageError(`--profiler: ${sampler.error.message}`)
  return { ...checked.value, ...sampler.value }
}

const plannedInFile = ({ timeline }: GivenScenario): PlannedAction[] =>
  timeline.map(({ at, action }) => ({
    seconds: at,
    action: taken('<scenario>', parseAction(action)),
  }))

function planActions(
  catalogue: Catalogue,
  scenario: ScenarioInfo,
  parameters: Parameters,
  words: readonly string[],
  forSeconds: number,
): PlannedAction[] {
  return pairs(words).map((pair) => {
    const timed = taken('--at', parseTimedAction(pair))
    if (timed.seconds > forSeconds) {
      throw new UsageError(`--at: ${pair} lies after the end of the run (${forSeconds} s)`)
    }
    const checked = checkAction(catalogue, scenario, parameters, pair.trim().replace(/^\S+\s+/, ''))
    if (!checked.ok) throw new UsageError(`--at: ${checked.error.message}`)
    return { seconds: timed.seconds, action: taken('--at', parseAction(checked.value)) }
  })
}

/** From the beginning on. */
function planAlarms(
  catalogue: Catalogue,
  scenario: ScenarioInfo,
  parameters: Parameters,
  words: readonly string[],
): PlannedAction[] {
  return words.map((alarm) => {
    const checked = checkAction(catalogue, scenario, parameters, `alarm:${alarm}`)
    if (!checked.ok) throw new UsageError(`--alarm: ${checked.error.message}`)
    return { seconds: 0, action: taken('--alarm', parseAction(checked.value)) }
  })
}

/** `--at 10m reboot` comes as two words, `--at "10m reboot"` as one. */
function pairs(words: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (/\s/.test(word.trim())) joined.push(word)
    else joined.push(`${word} ${words[++at] ?? ''}`)
  }
  return joined
}

function planRecord({ record, recordLimit }: RunWords): RecordPlan | undefined {
  if (record === undefined) {
    if (recordLimit === undefined) return undefined
    throw new UsageError('--record-limit: there is no --record that it could be for')
  }
  if (record === '' || record === '-') throw new UsageError('--record: name a folder')
  return { folder: resolve(record), limitBytes: limitOf('--record-limit', recordLimit) }
}

/** Bytes of `500MB`. */
export function limitOf(argument: string, words: string | undefined): number | undefined {
  if (words === undefined) return undefined
  const bytes = parseSize(words)
  if (bytes !== undefined && bytes >= recordingsLimit.least) return bytes
  throw new UsageError(`${argument}: a size from 1MB, such as 500MB or 2GB, not "${words}"`)
}

function planOutputs(words: RunWords): RunPlan['outputs'] {
  const vmstat = words.vmstat === true ? '-' : words.vmstat
  const { samples, json, saveScenario: scenario } = words
  const [profile, trace] = [planProfile(words.profile), planTrace(words)]
  return { vmstat, samples, json, scenario, profile, trace }
}

function planProfile(path: string | undefined): RunPlan['outputs']['profile'] {
  if (path === undefined) return undefined
  if (/\.(pb\.gz|pprof)$/.test(path)) return { path, kind: 'pprof' }
  if (/\.txt$/.test(path)) return { path, kind: 'collapsed' }
  const endings = '.pb.gz or .pprof for pprof, .collapsedstack.txt or .txt for collapsed stacks'
  const given = path === '' ? '""' : path
  throw new UsageError(`--profile: what to write to ${given} is told by its ending: ${endings}`)
}
