/** `run.json` of a recording: what the run is, so that it can be made again, and how it stands. */
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { recordingTagMax, recordingTagsMax, type StartRequest } from '../../shared/api'
import { explain, parameters, secondsMax, seed, text, timelineMax } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { structureKinds } from '../../sim/observe/structures'
import { reasonOf } from '../formats/place'
import { readBounded } from '../formats/read-file'

export const runFileName = 'run.json'
/** Of the folder's layout: a later one is read by what it has in common, or refused. */
export const recordingVersion = 3
const bytesMax = 4 * 1024 * 1024

const seconds = z.number().min(0).max(secondsMax)
const timed = z.object({ at: seconds, action: text('an action') })
const counter = z.object({
  id: z.string().min(1).max(200),
  unit: z.string().max(40),
  kind: z.enum(['gauge', 'monotonic']),
  help: z.string().max(1000),
})
const imported = z.object({
  /** What the file was called, and what it was: `a CSV file of counters`. */
  file: text('the name of a file'),
  format: text('a format'),
  /** Tells it from other files. */
  fingerprint: z.string().max(64),
  /** Whether it says what begins the same run: scenario, seed, parameters and actions. */
  begins: z.boolean(),
  hasSamples: z.boolean(),
  /** Whether CPUs and clock are known: by its profile, or by ticks and cycles that it counts. */
  hasMachine: z.boolean(),
  hasProfile: z.boolean(),
  /** Whether it says which seed its run had. */
  hasSeed: z.boolean(),
  /** What is to be known of it, a sentence each. */
  notes: z.array(z.string().max(1000)).max(100).readonly(),
})
const contents = z
  .object({
    soakscope: z.literal('recording', 'run.json of a recording has "soakscope": "recording"'),
    version: z.int('version is a whole number').min(1),
    /** Soakscope that made it: another one may have another model. */
    model: text('model'),
    title: text('title'),
    summary: z.string().max(1000),
    scenario: text('scenario'),
    seed,
    parameters,
    /** What was to be done when it began; what was done stands in its events. */
    timeline: z.array(timed).max(2 * timelineMax),
    /** None of a file that has a profile or a trace alone. */
    counters: z.array(counter).max(4096),
    structures: z.array(z.enum(structureKinds)).max(100),
    machine: z.object({ cpus: z.int().min(1).max(1024), clockMHz: z.number().positive() }),
    /** Simulated seconds between samples. */
    every: z.number().positive().max(secondsMax),
    /** Wall clock when it was begun, ISO 8601. */
    begun: z.string().max(40),
    name: z.string().max(200),
    notes: z.string().max(10_000),
    kept: z.boolean(),
    tags: z.array(z.string().max(recordingTagMax)).max(recordingTagsMax).readonly().default([]),
    /** How far it was to go, where that was known. */
    goal: seconds.optional(),
    /** What its statistics leave out at the beginning. */
    warmup: seconds.optional(),
    /** The recording that it branches off, and at which simulated second. */
    origin: z.object({ recording: z.string().max(300), at: seconds }).optional(),
    /** The recording that it is a part of, and which. */
    part: z.object({ recording: z.string().max(300), from: seconds, to: seconds }).optional(),
    /** The file that it was imported from: it is no run of this program. */
    imported: imported.optional(),
    /** How it stood when this file was written last. */
    state: z.enum(['recording', 'ended', 'stopped', 'died']),
    reason: z.string().max(1000),
    seconds,
    events: z.number().min(0),
    digest: z.string().max(16),
    actions: z.number().min(0),
  })
  .refine(({ counters, imported: from }) => counters.length > 0 || from !== undefined, {
    path: ['counters'],
    message: 'a run has counters',
  })

export type RunFile = z.infer<typeof contents>

/** What is wrong with it, in words; undefined when it can be read again. */
export function faultOf(file: RunFile): string | undefined {
  const { error } = contents.safeParse(file)
  const [name] = error?.issues[0]?.path ?? []
  return error && `${name === undefined ? '' : `${String(name)}: `}${explain(error, file)}`
}

/** Failure `bad-argument` that names the folder when it is no recording. */
export function readRunFile(folder: string): Result<RunFile> {
  const path = join(folder, runFileName)
  const wrong = (words: string): Result<never> =>
    failure('bad-argument', `${folder} is no recording: ${words}`)
  const bytes = readBounded(path, bytesMax)
  if (!bytes.ok) return wrong(bytes.error.message)
  let value: unknown
  try {
    value = JSON.parse(bytes.value.toString())
  } catch {
    return wrong('its run.json is not JSON')
  }
  const parsed = contents.safeParse(value)
  if (parsed.success && parsed.data.version <= recordingVersion) return success(parsed.data)
  const version = z.object({ soakscope: z.literal('recording'), version: z.int() }).safeParse(value)
  if (version.success && version.data.version > recordingVersion) {
    const newer = `it has version ${version.data.version}`
    return wrong(`${newer}, and this Soakscope reads up to ${recordingVersion}; take a newer one`)
  }
  const [name] = parsed.error?.issues[0]?.path ?? []
  const place = name === undefined ? '' : `${String(name)}: `
  return wrong(`run.json: ${place}${parsed.error ? explain(parsed.error, value) : ''}`)
}

/** In one piece: a reader finds the old file or the new one. @throws an error with a code */
export function writeRunFile(folder: string, file: RunFile): void {
  const part = join(folder, `.${runFileName}.part`)
  try {
    writeFileSync(part, `${JSON.stringify(file, undefined, 2)}\n`)
    renameSync(part, join(folder, runFileName))
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Changes what people say of a recording. Failure `cannot-write` or `bad-argument`. */
export function describeRecording(
  folder: string,
  words: Partial<Pick<RunFile, 'name' | 'notes' | 'kept' | 'tags'>>,
): Result<RunFile> {
  const file = readRunFile(folder)
  if (!file.ok) return file
  const described = { ...file.value, ...words }
  try {
    writeRunFile(folder, described)
    return success(described)
  } catch (error) {
    return failure('cannot-write', `cannot write into ${folder}: ${reasonOf(error)}`)
  }
}

/** What it was imported from, and what is to be known of that. */
export const importedWords = ({ file, format, notes }: NonNullable<RunFile['imported']>): string =>
  [`from ${file}, ${format}`, ...notes].join('; ')

/** Why an imported recording cannot be made again, gone on with or looked into. */
export function noRunWords({ imported: from }: Pick<RunFile, 'imported'>): string | undefined {
  return from && `it was imported from ${from.format}, which has numbers of a run and not the run`
}

/** Whether what a mark of this kind says was done to the run: `actions` counts these. */
export const isDone = (kind: string): boolean => ['fault', 'fix', 'set', 'reboot'].includes(kind)

/** What it was begun with. */
export const requestOf = ({ scenario, seed: of, ...file }: RunFile): StartRequest => ({
  scenario,
  seed: of,
  parameters: file.parameters,
  timeline: file.timeline,
})

/** Whether its folder has one at all, to tell a recording from any other folder. */
export function isRecording(folder: string): boolean {
  try {
    const stat = statSync(join(folder, runFileName))
    return stat.isFile() && stat.size > 0
  } catch {
    return false
  }
}
