/**
 * Scenario files: a run to begin, as JSON that people can write by hand. Scenario, seed,
 * parameters, and a timeline of actions. They may come from strangers, so they are read with
 * limits; whether the scenario knows its parameters and actions is checked elsewhere.
 */
import { z } from 'zod'
import type { TimedAction } from '../sim/actions/action'
import { scenarioTextMax, type StartRequest } from './api'
import { explain, parameters, parseDuration, secondsMax, seed, text, timelineMax } from './parse'
import { keyFault, pathText, writtenNumber, type JsonPath } from './json-keys'
import { failure, success, type Result } from './result'

/** Longest description, in characters. */
const aboutMax = 1000
const version = 1

export interface ScenarioFile extends StartRequest {
  /** Empty when it has none. */
  readonly title: string
  readonly about: string
  /** In the order of the file. */
  readonly timeline: readonly TimedAction[]
  /**
   * How long it runs from the command line, in simulated seconds; undefined when it does not say.
   */
  readonly forSeconds: number | undefined
}

/** Simulated seconds of `"90s"`, `"10m"` or a plain number; undefined when it is none. */
function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? parseDuration(value) : value
  return typeof seconds === 'number' && seconds >= 0 && seconds <= secondsMax ? seconds : undefined
}
const time = (name: string) =>
  z.custom<number | string>(
    (value) => secondsOf(value) !== undefined,
    `${name} is a time such as "90s" or "10m", or a number of seconds, at most 104 days`,
  )

const contents = z.strictObject(
  {
    soakscope: z.literal('scenario', 'a scenario file has "soakscope": "scenario"'),
    version: z.literal(version, `version is ${version}, the one that this Soakscope reads`),
    title: text('title').optional(),
    about: z
      .string('about is text')
      .max(aboutMax, `about has at most ${aboutMax} characters`)
      .optional(),
    scenario: text('scenario'),
    seed: seed.optional(),
    parameters: parameters.optional(),
    timeline: z.array(z.unknown(), 'timeline is a list of actions').max(timelineMax).optional(),
    for: time('for')
      .refine((value) => secondsOf(value) !== 0, 'for is longer than 0 s')
      .optional(),
  },
  'a scenario file is an object',
)
const entry = z.strictObject(
  { at: time('at'), action: text('action') },
  'an action is written as { "at": "60s", "action": "…" }',
)

/**
 * Reads the text of a scenario file. Failure `bad-argument` with one line that names fault and
 * place.
 */
export function parseScenarioFile(words: string): Result<ScenarioFile> {
  if (words.length > scenarioTextMax) {
    const most = scenarioTextMax.toLocaleString('en')
    return failure('bad-argument', `a scenario file has at most ${most} characters`)
  }
  if (/^\uFFFD|\0/.test(words)) {
    return failure('bad-argument', 'a scenario file is UTF-8, and this one is not; is it UTF-16?')
  }
  const text = words.replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return failure('bad-argument', notJson(text, error))
  }
  const fault = keyFault(text)
  return fault === undefined ? readScenarioFile(value, text) : failure('bad-argument', fault)
}

/**
 * As parseScenarioFile, for what has been read as JSON already.
 *
 * @param words the text, where there is one: a number is quoted as it is written there
 */
export function readScenarioFile(value: unknown, words = ''): Result<ScenarioFile> {
  const wrong = (error: z.ZodError, given: unknown, at: JsonPath = []): Result<never> => {
    const path = [...at, ...(error.issues[0]?.path ?? [])]
    const written = (): string | undefined => writtenNumber(words, path)
    return failure('bad-argument', placed(path, at.length, explain(error, given, written)))
  }
  const parsed = contents.safeParse(value)
  if (!parsed.success) return wrong(parsed.error, value)
  const { data } = parsed
  const timeline: TimedAction[] = []
  for (const [index, given] of (data.timeline ?? []).entries()) {
    const read = entry.safeParse(given)
    if (!read.success) return wrong(read.error, given, ['timeline', index])
    timeline.push({ at: secondsOf(read.data.at) ?? 0, action: read.data.action })
  }
  const { title = '', about = '', scenario } = data
  return success({
    title,
    about,
    scenario,
    seed: data.seed ?? 1,
    parameters: data.parameters ?? {},
    timeline,
    forSeconds: secondsOf(data.for),
  })
}

/**
 * With the way to the place in the file, unless the words begin with its name at the top of the
 * file.
 */
function placed(path: JsonPath, above: number, words: string): string {
  const [name] = path
  if (
    path.length === 0 ||
    (above === 0 && path.length === 1 && words.startsWith(`${String(name)} `))
  )
    return words
  return `${pathText(path)}: ${words}`
}

/**
 * Where the text stops being JSON: the line when the language tells the place, else its own words.
 */
function notJson(words: string, error: unknown): string {
  const said = error instanceof Error ? error.message : ''
  const [, position] = /position (\d+)/.exec(said) ?? []
  const line = words.slice(0, Number(position ?? 0)).split('\n').length
  const where = position === undefined ? said.replace(/[\s\p{Cc}]+/gu, ' ') : `see its line ${line}`
  return `a scenario file is JSON, and this one is not: ${where}`
}

/**
 * The text of a scenario file: what is at its default is left out, and an action takes one line.
 */
export function scenarioText({ title, about, forSeconds, ...run }: ScenarioFile): string {
  const value = {
    soakscope: 'scenario',
    version,
    ...(title === '' ? {} : { title }),
    ...(about === '' ? {} : { about }),
    scenario: run.scenario,
    seed: run.seed,
    parameters: run.parameters,
    timeline: run.timeline.map(({ at, action }) => ({ at, action })),
    ...(forSeconds === undefined ? {} : { for: forSeconds }),
  }
  const lines = JSON.stringify(value, undefined, 2)
  return `${lines.replace(/\{\n\s+("at": .*,)\n\s+("action": .*)\n\s+\}/g, '{ $1 $2 }')}\n`
}
