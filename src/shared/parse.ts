/**
 * Parsers for everything that comes from outside: a page, a command line, a scenario's parameters.
 * Each answers with the parsed value, or with one line that says what was wrong and what would be
 * right.
 */
import { z } from 'zod'
import { parseAction, type Action } from '../sim/actions/action'
import { conditionIn, type Condition } from '../sim/observe/condition'
import { structureKinds } from '../sim/observe/structures'
import {
  branchChangesMax,
  rangeRowsMax,
  recordingNameMax,
  recordingNotesMax,
  recordingsLimit,
  recordingTagMax,
  recordingTagsMax,
  saveKinds,
  traceMsMax,
  type ApiCall,
} from './api'
import { apiCalls, type CallArguments, type PageMessage } from './ipc-contract'
import { parseSpan } from './format/clock'
import { paces } from './frame'
import { preview, short } from './preview'
import { importPieceMax } from './recorded-parts'
import { failure, success, type Result } from './result'

export { preview }

/** Longest text that is taken as an action, a condition, a path or a choice. */
const textMax = 200
/** Simulated time reaches about 104 days of nanoseconds in a safe integer. */
export const secondsMax = 104 * 86_400
/** Most actions of a timeline: a run of hours by hand has some hundred. */
export const timelineMax = 1000
/** Largest seed: 32 bits. */
export const seedMax = 0xffff_ffff

const listed = (values: readonly unknown[]): string => values.map(String).join(', ')
const oneOf = <T extends string | number>(name: string, values: readonly T[]) =>
  z.custom<T>((value) => values.includes(value as T), `${name} is one of ${listed(values)}`)
/** Text of one line, so that what quotes it is one line too. */
export const text = (name: string) =>
  z
    .string(`${name} is text`)
    .max(textMax, `${name} is at most ${textMax} characters`)
    .regex(/^\P{Cc}*$/u, `${name} is one line of text`)

export const seed = z
  .int(`seed is a whole number from 0 to ${seedMax}`)
  .min(0, `seed is a whole number from 0 to ${seedMax}`)
  .max(seedMax, `seed is a whole number from 0 to ${seedMax}`)
const simulatedSeconds = z
  .number('the time to run until is a number of simulated seconds')
  .min(0, 'the time to run until is not before the start')
  .max(secondsMax, `the time to run until is at most ${secondsMax} simulated seconds (104 days)`)
export const parameters = z.record(
  text('a parameter path'),
  z.union([z.number(), text('a parameter')], 'a parameter is a number or a text'),
  'parameters map paths to numbers or texts',
)
const instantRange = `the instant of an action is a number of seconds from 0 to ${secondsMax}`
const timedAction = z.strictObject(
  {
    at: z.number(instantRange).min(0, instantRange).max(secondsMax, instantRange),
    action: text('an action'),
  },
  'an action of a timeline is { at, action }',
)
const startRequest = z.strictObject(
  {
    scenario: text('scenario'),
    seed,
    parameters,
    timeline: z.array(timedAction, 'a timeline is a list of actions').max(timelineMax).optional(),
  },
  'a run is started with { scenario, seed, parameters }',
)
const runUntil = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('time'), seconds: simulatedSeconds }),
    z.strictObject({ kind: z.literal('condition'), text: text('the condition') }),
  ],
  'until is { kind: "time", seconds } or { kind: "condition", text }',
)

const windowRange = `a window begins and ends between 0 and ${secondsMax} simulated seconds`
const windowEnd = z.number(windowRange).min(0, windowRange).max(secondsMax, windowRange)
const wholeWindow = z
  .strictObject({ from: windowEnd, to: windowEnd }, 'a window is { from, to }')
  .refine(({ from, to }) => from <= to, 'a window does not end before it begins')
const timeWindow = wholeWindow.optional()

/** A folder's name, and never a path. */
const recordingId = text('a recording').regex(
  /^(?!\.{1,2}$)[^/\\]+$/,
  'a recording is named by its folder in the library',
)
const traceRange = `a trace lasts at most ${traceMsMax} simulated milliseconds, and more than 0`
const traceRequest = z.strictObject(
  {
    reason: oneOf('reason', ['time', 'connection'] as const),
    milliseconds: z.number(traceRange).positive(traceRange).max(traceMsMax, traceRange),
    fromSeconds: windowEnd.optional(),
    of: recordingId.optional(),
  },
  'a trace is asked for with { reason, milliseconds, fromSeconds, of }',
)

const rowsRange = `rows is a whole number from 2 to ${rangeRowsMax}`
const rangeRequest = z
  .strictObject(
    {
      from: windowEnd,
      to: windowEnd,
      rows: z.int(rowsRange).min(2, rowsRange).max(rangeRowsMax, rowsRange),
    },
    'a range is { from, to, rows }',
  )
  .refine(({ from, to }) => from <= to, 'a range does not end before it begins')

const recordingWords = z.strictObject(
  {
    name: z
      .string('the name of a recording is text')
      .max(recordingNameMax, `the name of a recording is at most ${recordingNameMax} characters`)
      .regex(/^\P{Cc}*$/u, 'the name of a recording is one line of text')
      .exactOptional(),
    notes: z
      .string('notes are text')
      .max(recordingNotesMax, `notes are at most ${recordingNotesMax} characters`)
      .exactOptional(),
    kept: z.boolean('a recording is kept or it is not: true or false').exactOptional(),
    tags: z
      .array(
        z
          .string('a tag is text')
          .min(1, 'a tag has at least one character')
          .max(recordingTagMax, `a tag is at most ${recordingTagMax} characters`)
          .regex(/^[^\s,]*$/, 'a tag is one word'),
        'tags are a list of words',
      )
      .max(recordingTagsMax, `a recording has at most ${recordingTagsMax} tags`)
      .exactOptional(),
  },
  'a recording is described with { name, notes, kept, tags }',
)

const fileName = text('a file').regex(/^[\w.-]+$/, 'a file of a recording has a plain name')
const importStep = z.discriminatedUnion(
  'step',
  [
    z.strictObject({ step: z.literal('begin') }),
    z.strictObject({
      step: z.literal('piece'),
      file: fileName,
      base64: z
        .string('a piece is base64 text')
        .max(importPieceMax, `a piece is at most ${importPieceMax} characters of base64`)
        .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'a piece is base64 text'),
    }),
    z.strictObject({ step: z.literal('end'), called: text('what is imported') }),
    z.strictObject({ step: z.literal('forget') }),
  ],
  'a recording is imported by steps: begin, piece, end, forget',
)

const chapterRequest = z.strictObject(
  {
    at: windowEnd,
    title: text('a chapter'),
    isWanted: z.boolean('a chapter is wanted now or it is not: true or false'),
  },
  'a chapter is { at, title, isWanted }',
)
const differenceRequest = z.strictObject(
  { base: recordingId, of: recordingId.optional(), window: timeWindow },
  'a difference is { base, of, window }',
)

const pastRequest = z
  .strictObject(
    { of: recordingId.optional(), at: windowEnd, profileFrom: windowEnd.optional() },
    'a past moment is { of, at, profileFrom }',
  )
  .refine(
    ({ at, profileFrom = 0 }) => profileFrom < Math.max(at, Number.MIN_VALUE),
    'a window begins before it ends',
  )

const branchRequest = z.strictObject(
  {
    of: recordingId.optional(),
    at: windowEnd,
    changes: z
      .array(text('an action'), 'the changes of a branch are a list of actions')
      .max(branchChangesMax, `a branch has at most ${branchChangesMax} changes`),
  },
  'a branch is { of, at, changes }',
)

const limitRange = 'a limit is a whole number of bytes, from 1 MB'
const limitBytes = z
  .int(limitRange)
  .min(recordingsLimit.least, limitRange)
  .max(recordingsLimit.most, limitRange)

/** Which structure of a kind: a name that a snapshot has told. */
const structureName = z.string('a structure has a name').max(100, 'a name is short').optional()

const argumentsOf = {
  catalogue: z.tuple([]),
  start: z.tuple([startRequest]),
  openScenario: z.tuple([z.string('a scenario file is text')]),
  runAgain: z.tuple([]),
  status: z.tuple([]),
  pace: z.tuple([oneOf('pace', paces)]),
  pause: z.tuple([]),
  resume: z.tuple([]),
  step: z.tuple([oneOf('step', ['event', 'tick', 'sample'] as const)]),
  runUntil: z.tuple([runUntil]),
  cancelUntil: z.tuple([]),
  slowMotion: z.tuple([z.boolean('slow motion is on or off: true or false')]),
  act: z.tuple([text('an action')]),
  clearFaults: z.tuple([]),
  snapshot: z.tuple([oneOf('structure', structureKinds), structureName]),
  range: z.tuple([rangeRequest]),
  profile: z.tuple([timeWindow]),
  trace: z.tuple([traceRequest]),
  traceState: z.tuple([]),
  forgetTrace: z.tuple([]),
  takeTrace: z.tuple([]),
  keptTraces: z.tuple([recordingId]),
  openTrace: z.tuple([recordingId, fileName]),
  saveTrace: z.tuple([recordingId, fileName, oneOf('kind', ['trace', 'chrome-trace'] as const)]),
  save: z.tuple([oneOf('what to save', saveKinds), timeWindow]),
  recordings: z.tuple([]),
  chooseRecordingsFolder: z.tuple([]),
  limitRecordings: z.tuple([limitBytes]),
  describeRecording: z.tuple([recordingId, recordingWords]),
  openRecording: z.tuple([recordingId]),
  recordingRange: z.tuple([recordingId, rangeRequest]),
  recordingProfile: z.tuple([recordingId, wholeWindow]),
  saveState: z.tuple([]),
  cancelSave: z.tuple([]),
  saveDifference: z.tuple([differenceRequest]),
  saveRecording: z.tuple([recordingId, oneOf('what to save', saveKinds), timeWindow]),
  recordingStatistics: z.tuple([recordingId, wholeWindow]),
  statistics: z.tuple([wholeWindow]),
  trimRecording: z.tuple([recordingId, wholeWindow]),
  importRecording: z.tuple([importStep]),
  recordingRequest: z.tuple([recordingId]),
  offerPast: z.tuple([pastRequest]),
  showPast: z.tuple([pastRequest]),
  pastState: z.tuple([]),
  pastSnapshot: z.tuple([oneOf('structure', structureKinds), structureName]),
  pastProfile: z.tuple([]),
  forgetPast: z.tuple([]),
  beginRecordingAgain: z.tuple([recordingId]),
  continueRecording: z.tuple([recordingId]),
  branch: z.tuple([branchRequest]),
  goToChapter: z.tuple([chapterRequest]),
  forgetChapter: z.tuple([]),
  cancelAside: z.tuple([]),
  revealRecording: z.tuple([recordingId]),
  trashRecording: z.tuple([recordingId]),
  history: z.tuple([]),
} satisfies { readonly [C in ApiCall]: z.ZodType<CallArguments<C>> }

/** Parses the arguments of a call. Failure `bad-argument` when they are not what the call takes. */
export function parseArguments<C extends ApiCall>(
  call: C,
  args: unknown,
): Result<CallArguments<C>> {
  const parsed = argumentsOf[call].safeParse(args)
  if (parsed.success) return success(parsed.data as CallArguments<C>)
  const words = explain(parsed.error, args)
  return failure('bad-argument', words.startsWith(call) ? words : `${call}: ${words}`)
}

const pageMessage = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('call'),
      id: z.int('a call is numbered with a whole number'),
      call: oneOf('call', apiCalls),
      args: z.array(z.unknown(), 'the arguments of a call are a list'),
    }),
    z.strictObject({ kind: z.literal('watch') }),
    z.strictObject({ kind: z.literal('unwatch') }),
    z.strictObject({
      kind: z.literal('hidden'),
      hidden: z.boolean('a page is hidden or it is not: true or false'),
    }),
    z.strictObject({
      kind: z.literal('acknowledge'),
      sequence: z.int('a frame is acknowledged with its sequence number'),
    }),
  ],
  'a message is a call, watch, unwatch, hidden or acknowledge',
)

/** Parses what a page sent over the WebSocket. Failure `bad-argument` when it is not a message. */
export function parsePageMessage(received: string): Result<PageMessage> {
  let value: unknown
  try {
    value = JSON.parse(received)
  } catch {
    return failure('bad-argument', `a message is JSON text, not ${preview(received)}`)
  }
  const parsed = pageMessage.safeParse(value)
  if (parsed.success) return success(parsed.data)
  return failure('bad-argument', `message: ${explain(parsed.error, value)}`)
}

/** Parses the sequence number with which a page acknowledges a frame. */
export function parseSequence(value: unknown): Result<number> {
  const parsed = z.int().min(0).safeParse(value)
  if (parsed.success) return success(parsed.data)
  return failure('bad-argument', `a frame is acknowledged with its number, not ${preview(value)}`)
}

/** Simulated seconds of `10m`, `8 min 7 s` or `00:08:07`, or a message for people. */
export function parseDuration(words: string): number | string {
  const bare = /^\d+(\.\d+)?$/.test(words)
  const length = bare ? undefined : parseSpan(words)
  if (length === undefined) {
    const example = bare && Number(words) > 0 ? `${words}s` : '10m'
    const right = `write a number with ms, s, m, h or d, such as ${example}`
    return `${preview(words)} is not a duration; ${right}`
  }
  if (length > secondsMax) return `${words} is longer than a run can be; write at most 104d`
  return length
}

/** Parses a seed given as text, or answers with a message for people. */
export function parseSeed(words: string): number | string {
  const value = /^\d{1,10}$/.test(words) ? Number(words) : Number.NaN
  if (value >= 0 && value <= seedMax) return value
  return `${preview(words)} is not a seed; write a whole number from 0 to ${seedMax}`
}

export { holds, type Comparison, type Condition } from '../sim/observe/condition'

/** Parses a condition such as `processes.blocked > 64`, or answers with a message for people. */
export function parseCondition(words: string): Condition | string {
  return (
    conditionIn(words) ??
    `${preview(words)} is not a condition; write <counter> > <value>, such as processes.blocked > 64`
  )
}

/** Parses the `<time> <action>` of `--at`, or answers with a message for people. */
export function parseTimedAction(words: string): { seconds: number; action: Action } | string {
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(words)
  if (!match) return `${preview(words)} is not a time and an action; write such as 10m reboot`
  const seconds = parseDuration(match[1] ?? '')
  if (typeof seconds === 'string') return seconds
  const action = parseAction(match[2] ?? '')
  return typeof action === 'string' ? action : { seconds, action }
}

/**
 * One line: what would be right, and what came instead.
 *
 * @param written a number that came, as it was written, where it may have lost digits since
 */
export function explain(
  error: z.ZodError,
  input: unknown,
  written?: () => string | undefined,
): string {
  const issue = error.issues[0]
  if (!issue) return 'not understood'
  if (issue.code === 'too_big' && issue.origin === 'array') {
    if (issue.path.length > 0) return `a timeline has at most ${timelineMax} actions`
    return 'takes fewer arguments'
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return 'takes more arguments'
  if (issue.code === 'unrecognized_keys') return `${keyName(issue.keys[0])} is not known here`
  const found = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  )
  const number = typeof found === 'number' ? written?.() : undefined
  return `${issue.message}, not ${number === undefined ? preview(found) : short(number)}`
}

const keyName = (key = ''): string => (/^[\w.-]{1,40}$/.test(key) ? key : preview(key))
