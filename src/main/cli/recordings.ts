/** `soakscope continue`, `branch`, `verify` and `recording`: what is done with a recording. */
import { resolve } from 'node:path'
import { createServer, parseAction, inSeconds, instant, seconds } from '../../sim/index'
import type { Catalogue } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { parseDuration } from '../../shared/parse'
import { checkAction, checkStart, findScenario } from '../api/checks'
import { keptTracesIn } from '../recordings/kept-traces'
import { bytesOf } from '../recordings/recorder'
import { writerOf } from '../recordings/lock'
import { Recording } from '../recordings/recording'
import { importedWords, noRunWords, requestOf } from '../recordings/run-file'
import { RunTracer } from '../runs/run-tracer'
import { version } from '../version'
import { Progress } from './progress'
import { run } from './run'
import { limitOf, type PlannedAction, type RunPlan } from './run-options'
import { complain, RunError, taken, UsageError, type ExitCode, type Terminal } from './terminal'

export interface ContinueWords {
  readonly for?: string
  readonly json?: string
  readonly recordLimit?: string
}
export interface BranchWords extends ContinueWords {
  readonly at: string
  readonly change?: readonly string[]
  readonly record: string
}

async function opened(folder: string): Promise<Recording> {
  const recording = await Recording.open(resolve(folder))
  if (!recording.ok) throw new UsageError(`<recording>: ${recording.error.message}`)
  return recording.value
}

/** The recorded run as a plan: what was done, and what is still to be done. */
function planOf(catalogue: Catalogue, recording: Recording, forSeconds: number): RunPlan {
  const { run: file, lostActions } = recording
  if (lostActions !== undefined) throw new UsageError(`<recording>: ${lostActions}`)
  const noRun = noRunWords(file)
  if (noRun !== undefined) {
    throw new UsageError(`<recording>: it cannot be executed again: ${noRun}`)
  }
  const request = { ...requestOf(file), timeline: [...recording.actions, ...recording.toCome] }
  const checked = checkStart(catalogue, request)
  if (!checked.ok) {
    throw new UsageError(`<recording>: this Soakscope cannot run it: ${checked.error.message}`)
  }
  return {
    scenario: taken('<recording>', okOrWords(findScenario(catalogue, file.scenario))),
    scenarioPath: undefined,
    seed: file.seed,
    parameters: checked.value.parameters,
    parametersBy: '<scenario>',
    forSeconds,
    warmupSeconds: (file.warmup ?? 0) < forSeconds ? (file.warmup ?? 0) : 0,
    everySeconds: file.every,
    until: undefined,
    actions: checked.value.timeline.map(planned),
    outputs: {
      vmstat: undefined,
      samples: undefined,
      json: undefined,
      scenario: undefined,
      profile: undefined,
      trace: undefined,
    },
    exports: [],
    window: undefined,
    record: undefined,
  }
}

const planned = ({ at, action }: { at: number; action: string }): PlannedAction => ({
  seconds: at,
  action: taken('<recording>', parseAction(action)),
})

const okOrWords = <T>(
  result: { ok: true; value: T } | { ok: false; error: { message: string } },
) => (result.ok ? result.value : result.error.message)

/** Brings the run to where its recording ends, holding every digest against it, and goes on. */
export async function continueRun(
  catalogue: Catalogue,
  folder: string,
  words: ContinueWords,
  terminal: Terminal,
): Promise<ExitCode> {
  const recording = await opened(folder)
  const other = otherModel(recording.run.model)
  if (other !== undefined && !recording.run.imported) {
    throw new UsageError(`<recording>: it cannot go on: ${other}; branch off it, or run it again`)
  }
  const writer = writerOf(recording.folder)
  if (writer !== undefined) {
    const other = `${recording.folder} is being recorded by ${writer}`
    throw new UsageError(`<recording>: ${other}; end that one first`)
  }
  const end = recording.seconds
  const more = words.for === undefined ? undefined : taken('--for', parseDuration(words.for))
  const forSeconds = more === undefined ? Math.max(end, recording.run.goal ?? 0) : end + more
  if (forSeconds === 0) {
    throw new UsageError('--for: nothing was recorded yet; say how long the run is to be')
  }
  const plan = planOf(catalogue, recording, forSeconds)
  tellMissing(recording, terminal)
  const { digests, lastDigest: last } = recording
  const held = digests.length + (last && digests.every(({ at }) => at !== last.at) ? 1 : 0)
  const against = held === 1 ? '1 digest' : `${held} digests`
  complain(terminal, `made again up to ${instantWithMs(end)}, held against ${against}`)
  return run(
    {
      ...plan,
      outputs: { ...plan.outputs, json: words.json },
      record: {
        folder: recording.folder,
        limitBytes: limitOf('--record-limit', words.recordLimit),
        again: {
          run: { ...recording.run, state: 'recording', reason: '', goal: forSeconds },
          digests,
          last,
        },
      },
    },
    terminal,
  )
}

/** The same run to an instant, and from there with something changed, as a recording of its own. */
export async function branchRun(
  catalogue: Catalogue,
  folder: string,
  words: BranchWords,
  terminal: Terminal,
): Promise<ExitCode> {
  const recording = await opened(folder)
  const at = taken('--at', parseDuration(words.at))
  if (at > recording.seconds) {
    const reaches = `the recording reaches to ${recording.seconds} s`
    throw new UsageError(`--at: ${reaches}, and a branch begins before that; not ${words.at}`)
  }
  const more = words.for === undefined ? undefined : taken('--for', parseDuration(words.for))
  const forSeconds = more === undefined ? Math.max(recording.seconds, at) : at + more
  const plan = planOf(catalogue, recording, forSeconds)
  const changed = (words.change ?? []).map((text): PlannedAction => {
    const checked = checkAction(catalogue, plan.scenario, plan.parameters, text)
    if (!checked.ok) throw new UsageError(`--change: ${checked.error.message}`)
    return planned({ at, action: checked.value })
  })
  const actions = [...plan.actions.filter((action) => action.seconds <= at), ...changed]
  return run(
    {
      ...plan,
      actions: changed.length === 0 ? plan.actions : actions,
      outputs: { ...plan.outputs, json: words.json },
      record: {
        folder: resolve(words.record),
        limitBytes: limitOf('--record-limit', words.recordLimit),
        origin: { recording: recording.folder.slice(-300), at },
      },
    },
    terminal,
  )
}

/** Runs it again, and holds every digest against the recorded one. Writes nothing. */
export async function verifyRecording(
  catalogue: Catalogue,
  folder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const recording = await opened(folder)
  const { lastDigest } = recording
  const plan = planOf(catalogue, recording, Math.max(recording.seconds, lastDigest?.at ?? 0))
  tellMissing(recording, terminal)
  if (plan.forSeconds === 0) {
    throw new RunError(`<recording>: nothing to compare: ${recording.whyEmpty}`)
  }
  const { scenario, seed, parameters, everySeconds } = plan
  const server = createServer({
    scenario: scenario.id,
    seed,
    parameters,
    sampleEvery: seconds(everySeconds),
  })
  if (typeof server === 'string') throw new UsageError(`<recording>: ${server}`)
  const tracer = new RunTracer(server)
  server.onSample = (at) => tracer.note(inSeconds(at))
  const recorded = new Map(recording.digests.map(({ at, digest }) => [at, digest]))
  const { state, seconds: to, digest: last } = recording.run
  // What was stopped between two events of one instant has no digest that could be met again.
  if (state === 'ended' && to === plan.forSeconds && last !== '') recorded.set(to, last)
  const progress = new Progress(terminal)
  const met = new Set<number>()
  const compare = (at: number, digest: string): void => {
    const before = recorded.get(at)
    if (before === undefined) return
    if (before !== digest) {
      const by = `recorded by version ${recording.run.model}, this is ${version}`
      throw new RunError(
        `differs at ${instantWithMs(at)} or before: ${before}, now ${digest}; ${by}`,
      )
    }
    met.add(at)
  }
  const look = (): void => {
    for (const { at, digest } of tracer.take().digests) compare(at, digest)
  }
  const advance = (to: number): void => {
    while (!server.advance(instant(to * 1e9), 200_000)) {
      look()
      progress.show(
        () => `verifying: ${inSeconds(server.now).toFixed(0)} s of ${plan.forSeconds} s`,
      )
    }
  }
  for (const { seconds: at, action } of plan.actions) {
    if (at > plan.forSeconds) break
    advance(at)
    const refused = server.act(action)
    if (refused !== undefined) throw new RunError(`an action at ${at} s was refused: ${refused}`)
  }
  advance(plan.forSeconds)
  look()
  compare(plan.forSeconds, server.digest())
  progress.clear()
  if (recorded.size === 0) {
    throw new RunError(
      `nothing to compare: a digest is kept every minute, and this reaches to ${plan.forSeconds} s`,
    )
  }
  const same = met.size === recorded.size
  terminal.out(
    `${same ? 'the same run' : 'the same as far as it went'}: ${met.size} of ` +
      `${recorded.size} digests are equal, up to ${plan.forSeconds} s\n`,
  )
  return same ? 0 : 1
}

/** What a recording is, as lines or JSON. */
export async function showRecording(
  folder: string,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const recording = await opened(folder)
  const { run: file, actions, digests, rounds, seconds: length, wholeAfter } = recording
  const bytes = bytesOf(recording.folder)
  const writer = writerOf(recording.folder)
  const about = {
    folder: recording.folder,
    name: file.name,
    title: file.title,
    scenario: file.scenario,
    seed: file.imported?.hasSeed === false ? undefined : file.seed,
    model: file.model,
    readOnly: file.imported ? noRunWords(file) : otherModel(file.model),
    imported: file.imported,
    state: writer === undefined ? stateOf(file.state) : 'recording',
    writer,
    seconds: length,
    wholeAfter: Number.isFinite(wholeAfter) ? wholeAfter : undefined,
    bytes,
    actions: actions.length,
    rounds: rounds.length,
    digests: digests.length,
    lastDigest: digests.at(-1),
    origin: file.origin,
    part: file.part,
    warmup: file.warmup,
    traces: keptTracesIn(recording.folder).map(({ name }) => name),
    missing: recording.missing,
  }
  if (json) return terminal.out(`${JSON.stringify(about, undefined, 2)}\n`)
  const { origin, part } = file
  const last = digests.at(-1)
  const inWords = {
    wholeAfter: Number.isFinite(wholeAfter)
      ? about.wholeAfter
      : 'no single sample is kept, only rows of seconds together',
    lastDigest: last && `${last.digest} at ${instantWithMs(last.at)}, after ${last.events} events`,
    origin: origin && `branches off ${origin.recording} at ${instantWithMs(origin.at)}`,
    part: part && `of ${part.recording}, ${instantWithMs(part.from)} to ${instantWithMs(part.to)}`,
    imported: file.imported && importedWords(file.imported),
    traces: about.traces.join('; '),
    missing: about.missing.join('; '),
  }
  for (const [name, value] of Object.entries({ ...about, wholeAfter })) {
    if (value === undefined || value === '') continue
    const words = String(name in inWords ? (inWords[name as keyof typeof inWords] ?? '') : value)
    if (words !== '') terminal.out(`${name.padEnd(12)} ${words}\n`)
  }
}

/** Why a recording is read and not gone on with, where another version has made it. */
const otherModel = (model: string): string | undefined =>
  model === version
    ? undefined
    : `it was recorded by Soakscope ${model}, and this one is ${version}`

/** A program that was killed left its recording as it was. */
export const stateOf = (state: string): string => (state === 'recording' ? 'cut off' : state)

function tellMissing({ missing }: Recording, terminal: Terminal): void {
  for (const words of missing) complain(terminal, words)
}
