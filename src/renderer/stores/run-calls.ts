/** Everything that a screen can ask of the run, in the words of its controls. */
import { shallowRef } from 'vue'
import {
  isOfTrace,
  scenarioTextMax,
  type Api,
  type Demonstration,
  type RecordingWords,
  type RunUntil,
  type SaveKind,
  type SaveOutcome,
  type StartRequest,
  type StepKind,
  type TimeWindow,
  type TraceRequest,
} from '../../shared/api'
import type { Pace, RunPhase, RunStatus } from '../../shared/frame'
import type { ImportStep, PastRequest } from '../../shared/recorded-parts'
import type { Result } from '../../shared/result'
import { formatAction, type Action } from '../../sim/actions/action'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type { StructureKind, StructureSnapshot } from '../../sim/observe/structures'
import { bytes } from '../format/units'
import { download } from './download'
import { useMessagesStore, type Busy } from './messages'
import { demonstrationIn } from './opened-file'
import { beginningOf, pickFile } from './pick-file'

export interface Asking {
  /**
   * Asks the host; undefined when it refused or is out of reach, which the screen has been told of.
   */
  readonly call: <T>(ask: (host: Api) => Promise<Result<T>>) => Promise<T | undefined>
  /** The same for what changes the run, whose status is then shown. True when it was done. */
  readonly command: (ask: (host: Api) => Promise<Result<RunStatus>>) => Promise<boolean>
  readonly phase: () => RunPhase | undefined
  /** The window that was brushed on the timeline. */
  readonly brush: () => TimeWindow | undefined
  /** The recording that is looked at; what is asked then is asked of it. */
  readonly recorded: () => { readonly id: string; readonly seconds: number } | undefined
}

/** Wall milliseconds between two looks at how far a file is. */
const saveStateMs = 500

/** What is saved of the brushed window rather than of the whole run. */
export const hasWindow = (kind: SaveKind): boolean =>
  kind !== 'json' && kind !== 'scenario' && !isOfTrace(kind)

/** The trace that is on the screen, as it is asked for: kept with a recording, or a file's name. */
export type ShownTrace =
  { readonly recording: string; readonly name: string } | { readonly file: string }

export function runCalls({ call, command, phase, brush, recorded }: Asking) {
  const messages = useMessagesStore()
  const pace = (next: Pace) => command((host) => host.pace(next))
  const pause = () => command((host) => host.pause())
  const resume = () => command((host) => host.resume())
  const step = (kind: StepKind) => command((host) => host.step(kind))
  /** Runs at a pace, also when it was paused. */
  async function runAt(next: Pace): Promise<boolean> {
    const set = await pace(next)
    return set && phase() === 'paused' ? resume() : set
  }
  /** Steps, also when it was running. */
  async function pauseAndStep(kind: StepKind): Promise<boolean> {
    if (phase() === 'running' && !(await pause())) return false
    return step(kind)
  }
  const runUntil = (until: RunUntil) => command((host) => host.runUntil(until))
  const cancelUntil = () => command((host) => host.cancelUntil())
  const slowMotion = (on: boolean) => command((host) => host.slowMotion(on))
  const act = (action: Action) => command((host) => host.act(formatAction(action)))
  const clearFaults = () => command((host) => host.clearFaults())
  const start = (request: StartRequest) => command((host) => host.start(request))

  /** The scenario file that was opened last. */
  const opened = shallowRef<Demonstration | undefined>()
  const beginScenario = (text: string) =>
    command(async (host) => {
      const begun = await host.openScenario(text)
      if (begun.ok) opened.value = demonstrationIn(text, begun.value)
      return begun
    })

  /** Begins the run of a scenario file, which the person is asked for. True when it has begun. */
  async function openScenario(): Promise<boolean> {
    const file = await pickFile('.json,application/json')
    if (!file) return false
    const text = await beginningOf(file, scenarioTextMax + 1)
    if (text === undefined) {
      messages.say('error', `${file.name} cannot be read; is it still there?`)
      return false
    }
    const begun = await beginScenario(text)
    if (begun) messages.say('done', `Opened ${file.name}`)
    return begun
  }

  /** The same run from its beginning, action log included, up to where it stood and on. */
  const runAgain = () => command((host) => host.runAgain())

  // A run that died has nothing to look into, and the screen says so already.
  async function snapshot(
    kind: StructureKind,
    of?: string,
  ): Promise<StructureSnapshot | undefined> {
    if (phase() === 'died' || recorded() !== undefined) return undefined
    // An argument that is left out stays out: over a WebSocket undefined would come as null.
    return call((host) => (of === undefined ? host.snapshot(kind) : host.snapshot(kind, of)))
  }
  async function profile(window?: TimeWindow): Promise<ProfileSnapshot | undefined> {
    if (phase() === 'died') return undefined
    const recording = recorded()
    if (recording) {
      const { from = 0, to = recording.seconds } = window ?? {}
      return call((host) => host.recordingProfile(recording.id, { from, to }))
    }
    if (!window) return call((host) => host.profile())
    const { from, to } = window
    return call((host) => host.profile({ from, to }))
  }

  /** A past moment of what is shown. */
  const moment = (at: number): PastRequest => {
    const { id: of } = recorded() ?? {}
    return { ...(of === undefined ? {} : { of }), at }
  }
  const offerPast = (at: number) => call((host) => host.offerPast(moment(at)))
  const showPast = (at: number) => call((host) => host.showPast(moment(at)))
  /** Executes what is shown again, for the profile of exactly this window. */
  const showPastProfile = ({ from, to }: TimeWindow) =>
    call((host) => host.showPast({ ...moment(to), profileFrom: from }))
  const pastProfile = () => call((host) => host.pastProfile())
  const pastState = () => call((host) => host.pastState())
  const pastSnapshot = (kind: StructureKind, of?: string) =>
    call((host) => (of === undefined ? host.pastSnapshot(kind) : host.pastSnapshot(kind, of)))
  const forgetPast = () => call((host) => host.forgetPast())

  const armTrace = (request: TraceRequest) => call((host) => host.trace(request))
  const traceState = () => call((host) => host.traceState())
  const forgetTrace = () => call((host) => host.forgetTrace())
  const takeTrace = () => call((host) => host.takeTrace())
  const keptTraces = (recording: string) => call((host) => host.keptTraces(recording))
  const openTrace = (recording: string, name: string) =>
    call((host) => host.openTrace(recording, name))
  /** What is saved of a trace is of this one; of the one taken last where it is undefined. */
  const shownTrace = shallowRef<ShownTrace | undefined>()

  const statistics = (window: TimeWindow) => {
    const { id } = recorded() ?? {}
    const { from, to } = window
    return call((host) =>
      id === undefined ? host.statistics({ from, to }) : host.recordingStatistics(id, { from, to }),
    )
  }
  const trimRecording = (id: string, { from, to }: TimeWindow) =>
    call((host) => host.trimRecording(id, { from, to }))
  const importRecording = (step: ImportStep) => call((host) => host.importRecording(step))
  const recordingRequest = (id: string) => call((host) => host.recordingRequest(id))
  const recordings = () => call((host) => host.recordings())
  const chooseRecordingsFolder = () => call((host) => host.chooseRecordingsFolder())
  const limitRecordings = (bytes: number) => call((host) => host.limitRecordings(bytes))
  const describeRecording = async (id: string, words: Partial<RecordingWords>) =>
    (await call((host) => host.describeRecording(id, words))) !== undefined
  const beginRecordingAgain = (id: string) => command((host) => host.beginRecordingAgain(id))
  const continueRecording = (id: string) => command((host) => host.continueRecording(id))
  /** Again from an instant of what is shown, with something changed there. */
  const branch = (at: number, changes: readonly string[]) => {
    const { id: of } = recorded() ?? {}
    return command((host) => host.branch({ ...(of === undefined ? {} : { of }), at, changes }))
  }
  const goToChapter = (at: number, title: string, isWanted: boolean) =>
    command((host) => host.goToChapter({ at, title: title.slice(0, 200), isWanted }))
  const forgetChapter = () => command((host) => host.forgetChapter())
  const cancelAside = () => command((host) => host.cancelAside())
  const revealRecording = async (id: string) =>
    (await call((host) => host.revealRecording(id))) !== undefined
  const trashRecording = async (id: string) =>
    (await call((host) => host.trashRecording(id))) !== undefined

  /** Saves what happened so far, or in the brushed window, where there is one. */
  async function save(kind: SaveKind): Promise<void> {
    const brushed = hasWindow(kind) ? brush() : undefined
    const window = brushed && { from: brushed.from, to: brushed.to }
    const { id } = recorded() ?? {}
    const trace = shownTrace.value
    if (isOfTrace(kind) && trace && 'file' in trace) {
      const way = 'take it again where its run is to save it in another format'
      messages.say('error', `the trace that is shown is the file ${trace.file}; ${way}`)
      return
    }
    await written(`Writing the file (${kind})…`, (host) => {
      if (isOfTrace(kind) && trace && 'name' in trace)
        return host.saveTrace(trace.recording, trace.name, kind)
      if (id === undefined) return window ? host.save(kind, window) : host.save(kind)
      return window ? host.saveRecording(id, kind, window) : host.saveRecording(id, kind)
    })
  }

  /** Saves the profile of what is shown with that of a recording as its base. */
  async function saveDifference(base: string): Promise<void> {
    const [{ id: of } = {}, window] = [recorded(), brush()]
    await written('Writing both profiles…', (host) =>
      host.saveDifference({
        base,
        ...(of === undefined ? {} : { of }),
        ...(window && { window: { from: window.from, to: window.to } }),
      }),
    )
  }

  async function tellHowFar(busy: Busy): Promise<void> {
    const state = await call((host) => host.saveState())
    if (state && state.bytes > 0) busy.isAt(bytes(state.bytes))
  }

  async function written(
    doing: string,
    ask: (host: Api) => Promise<Result<SaveOutcome>>,
  ): Promise<void> {
    const busy = messages.busy(doing, () => void call((host) => host.cancelSave()))
    const watch = setInterval(() => void tellHowFar(busy), saveStateMs)
    const outcome = await call(ask)
    clearInterval(watch)
    busy.over()
    if (!outcome || outcome.kind === 'cancelled') return
    if (outcome.kind === 'written') {
      messages.say('done', `Saved ${outcome.path} (${bytes(outcome.bytes)})`)
      return
    }
    const refused = download(outcome)
    if (refused) messages.say('error', refused)
    else messages.say('done', `Downloading ${outcome.name} (${bytes(outcome.bytes)})`)
  }

  return {
    pace,
    runAt,
    pause,
    resume,
    step,
    pauseAndStep,
    runUntil,
    cancelUntil,
    slowMotion,
    act,
    clearFaults,
    start,
    opened,
    beginScenario,
    openScenario,
    runAgain,
    snapshot,
    profile,
    offerPast,
    showPast,
    showPastProfile,
    pastProfile,
    pastState,
    pastSnapshot,
    forgetPast,
    armTrace,
    traceState,
    forgetTrace,
    takeTrace,
    statistics,
    trimRecording,
    importRecording,
    recordingRequest,
    keptTraces,
    openTrace,
    shownTrace,
    recordings,
    chooseRecordingsFolder,
    limitRecordings,
    describeRecording,
    beginRecordingAgain,
    continueRecording,
    branch,
    goToChapter,
    forgetChapter,
    cancelAside,
    revealRecording,
    trashRecording,
    save,
    saveDifference,
  }
}
