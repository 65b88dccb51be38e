/**
 * The one contract between a run and whoever looks at it: implemented once (src/main/api), reached
 * through Electron's preload, through a WebSocket, and from the command line.
 */
import type { TimedAction } from '../sim/actions/action'
import type { DisturbanceSpec } from '../sim/actions/disturbance'
import type { CounterSpec } from '../sim/observe/counters'
import type { ProfileSnapshot } from '../sim/observe/profile'
import type { StructureKind, StructureSnapshot } from '../sim/observe/structures'
import type { Parameter } from '../sim/parameters/parameters'
import type { Frame, Mark, Pace, Round, RunStatus, RunUntil, SampleBlock } from './frame'
import type { ChapterRequest } from './recorded-parts'
import type { DifferenceRequest, PastOffer, PastRequest, PastState } from './recorded-parts'
import type {
  Imported,
  ImportedFrom,
  ImportStep,
  TrimmedRecording,
  WindowStatistics,
} from './recorded-parts'
import type { SaveKind, SaveOutcome, SaveState } from './save-kinds'
import type { TimeWindow } from './time-window'
import type { Result } from './result'
import type { KeptTrace, TakenTrace, TraceRequest, TraceState } from './trace-request'
import type { TraceFile } from './trace-file'

/** A fault or a fix as the catalogue shows it. */
export type Disturbance = Omit<DisturbanceSpec, 'sets'>

export interface ScenarioInfo {
  readonly id: string
  readonly title: string
  /** One line for the bar: `PowerEdge 6300 · 4 × 450 MHz · 512 MB · Linux 2.2 · 128 scripts`. */
  readonly summary: string
  readonly citation: string
  /**
   * Every workload that a run of it can have, its main one first: it is there while the number at
   * `presence` is above 0.
   */
  readonly workloads: readonly { readonly id: string; readonly presence: string }[]
  readonly parameters: readonly Parameter[]
  /** The kernel's structures that it is about, in the order in which they are drawn. */
  readonly structures: readonly StructureKind[]
  readonly counters: readonly CounterSpec[]
}

/** A run with a timeline that Soakscope brings along, to be shown. */
export interface Demonstration {
  /** No scenario has the same. */
  readonly id: string
  readonly title: string
  /** What there is to see, in a few sentences. */
  readonly about: string
  readonly request: StartRequest & { readonly timeline: readonly TimedAction[] }
  /** How long it runs from the command line, in simulated seconds. */
  readonly forSeconds: number | undefined
}

export interface Catalogue {
  readonly version: string
  readonly scenarios: readonly ScenarioInfo[]
  readonly demonstrations: readonly Demonstration[]
  readonly disturbances: readonly Disturbance[]
}

/** Longest text of a scenario file, in characters. */
export const scenarioTextMax = 128 * 1024

export interface StartRequest {
  readonly scenario: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string>>
  /** What is to be done at which simulated instant, in any order; nothing when left out. */
  readonly timeline?: readonly TimedAction[] | undefined
}

export type { TimeWindow }

/** A part of a run, at a resolution. */
export interface RangeRequest extends TimeWindow {
  /** Neighbours are merged (least, largest, mean, last) until there are no more rows than this. */
  readonly rows: number
}
/** Most rows that can be asked for at once. */
export const rangeRowsMax = 4096

/** A part of a run, from wherever it is kept. */
export interface RunRange {
  /** Rows that end after `from`, the last of them at or after `to`, where there are any. */
  readonly samples: SampleBlock
  readonly marks: readonly Mark[]
  readonly rounds: readonly Round[]
}

export * from './trace-request'
export type StepKind = 'event' | 'tick' | 'sample'
export type { RunUntil } from './frame'
export * from './save-kinds'

/** What people say of a recording. */
export interface RecordingWords {
  readonly name: string
  readonly notes: string
  /** Never removed to make room for others. */
  readonly kept: boolean
  /** By which it is found again. */
  readonly tags: readonly string[]
}
export const recordingNameMax = 200
export const recordingNotesMax = 10_000
export const recordingTagMax = 40
export const recordingTagsMax = 20

/** The recording that a recording is a part of, and which. */
export interface PartOf extends TimeWindow {
  readonly recording: string
}

/** A recording, as its run.json says it. */
export interface RecordedRun extends RecordingWords {
  readonly scenario: string
  readonly title: string
  readonly seed: number
  /** Soakscope that made it. */
  readonly model: string
  /** Simulated seconds. */
  readonly seconds: number
  readonly actions: number
  /** Wall clock when it was begun, ISO 8601. */
  readonly begun: string
  /** How it stood when it was written last: `recording` without a writer was cut off. */
  readonly state: 'recording' | 'ended' | 'stopped' | 'died'
  readonly reason: string
  /** What it branches off, and at which simulated second. */
  readonly origin: { readonly recording: string; readonly at: number } | undefined
  readonly part: PartOf | undefined
  readonly imported?: ImportedFrom | undefined
}

export interface RecordingInfo {
  /** Its folder's name. */
  readonly id: string
  /** On disk. */
  readonly bytes: number
  /** Who writes it now, in words; `this run` for the one on the screen. */
  readonly writer: string | undefined
  /** Traces that are kept with it. */
  readonly traces: number
  /** What it is, or in words why that cannot be read. */
  readonly run: RecordedRun | string
}

export interface RecordingLibrary {
  /** Where recordings are; undefined when runs are not recorded. */
  readonly folder: string | undefined
  /** Bytes beyond which the oldest go that nobody kept, named or wrote a note to. */
  readonly limitBytes: number
  /** Whether they can be shown in the file manager, moved to the trash, and put elsewhere. */
  readonly hasDesktop: boolean
  /** The newest first. */
  readonly recordings: readonly RecordingInfo[]
}

/** Least and most bytes that recordings may be limited to. */
export const recordingsLimit = { least: 1e6, most: 1e15 } as const

/** The run again up to an instant, and another way from there. */
export interface BranchRequest {
  /** The recording that it branches off; the present run when left out. */
  readonly of?: string | undefined
  /** Simulated seconds, not later than that has come. */
  readonly at: number
  /** Done at that instant, in the words of the command line; with none it is the same run. */
  readonly changes: readonly string[]
}
/** Most changes of a branch. */
export const branchChangesMax = 50

/** What is to be known of a recording that a page looks at. */
export interface OpenedAbout {
  /** What people call it. */
  readonly name: string
  /** Soakscope that made it, and whether this is another one, which may have another model. */
  readonly model: string
  readonly hasOtherModel: boolean
  readonly state: RecordedRun['state']
  /** Who writes it now, in words: it is shown as it was when it was opened. */
  readonly writer: string | undefined
  /** Simulated seconds up to which there is something. */
  readonly seconds: number
  /** Samples up to this simulated second are in tiers only. */
  readonly wholeAfter: number
  /** What could not be read, in words. */
  readonly missing: readonly string[]
  readonly origin: RecordedRun['origin']
  readonly part: PartOf | undefined
  readonly imported?: ImportedFrom | undefined
}
export interface OpenedRecording {
  readonly id: string
  readonly about: OpenedAbout
  /** As of a run that is over, all of it in a few rows. */
  readonly frame: Frame
}

/**
 * Calls a screen can make. Every argument is parsed by the host before use; every answer is a
 * Result.
 */
export interface ApiCalls {
  catalogue(): Promise<Result<Catalogue>>
  /** Ends the current run, if any, and starts another, running at the last pace. */
  start(request: StartRequest): Promise<Result<RunStatus>>
  /** The same with what a scenario file says, of which this is the text. */
  openScenario(text: string): Promise<Result<RunStatus>>
  /**
   * Runs the present run again from its beginning: same scenario, parameters, seed and action log,
   * as fast as possible up to where it stands, then on as before. What is offered after a run has
   * died.
   */
  runAgain(): Promise<Result<RunStatus>>
  status(): Promise<Result<RunStatus>>
  pace(pace: Pace): Promise<Result<RunStatus>>
  pause(): Promise<Result<RunStatus>>
  resume(): Promise<Result<RunStatus>>
  /** Only while paused: executes one event, one timer tick (10 ms) or until the next sample. */
  step(kind: StepKind): Promise<Result<RunStatus>>
  /** Resumes, and pauses when it is reached. It stays the goal over pauses and steps until then. */
  runUntil(until: RunUntil): Promise<Result<RunStatus>>
  /** Takes back what the run was to go on until. It goes on, or stands still, as before. */
  cancelUntil(): Promise<Result<RunStatus>>
  /**
   * On: the pace drops to a thousandth around the next connection, or where nothing listens around
   * the next wake-up, and returns. Resumes. Off takes it back. It changes nothing in the run.
   */
  slowMotion(on: boolean): Promise<Result<RunStatus>>
  /**
   * An action now, in the words of the command line: `fault:<id>=<0..1>`, `fix:<id>=on|off`,
   * `set:<path>=<value>`, `reboot`.
   */
  act(action: string): Promise<Result<RunStatus>>
  /** All faults off, at one instant. */
  clearFaults(): Promise<Result<RunStatus>>
  /** `of` is one of the `choices` that a snapshot of the kind has named. */
  snapshot(kind: StructureKind, of?: string): Promise<Result<StructureSnapshot>>
  /** A part of the run, live or past: what charts are drawn from. */
  range(request: RangeRequest): Promise<Result<RunRange>>
  /**
   * The profile by stack, of the whole run or between two instants. The answer says from when to
   * when: both are moved to the nearest instants that are kept, `profileEvery` of the status apart.
   */
  profile(window?: TimeWindow): Promise<Result<ProfileSnapshot>>
  /** Arms a trace, in place of what there is of one. It changes nothing in the run. */
  trace(request: TraceRequest): Promise<Result<TraceState>>
  traceState(): Promise<Result<TraceState>>
  /** Takes back what was armed, or throws away what was taken. */
  forgetTrace(): Promise<Result<TraceState>>
  /** The finished trace. It is kept with the recording of its run from then on. */
  takeTrace(): Promise<Result<TakenTrace>>
  keptTraces(recording: string): Promise<Result<readonly KeptTrace[]>>
  openTrace(recording: string, name: string): Promise<Result<TraceFile>>
  saveTrace(
    recording: string,
    name: string,
    kind: 'trace' | 'chrome-trace',
  ): Promise<Result<SaveOutcome>>
  /**
   * A window is kept to by everything but `json` and `scenario`, which are of the whole run, and
   * `chrome-trace` and `trace`, which are the trace that was taken last.
   */
  save(kind: SaveKind, window?: TimeWindow): Promise<Result<SaveOutcome>>
  /** How far this page's files are that are being written. */
  saveState(): Promise<Result<SaveState>>
  /** Calls them off: each is answered `cancelled`, and nothing of it is left. */
  cancelSave(): Promise<Result<null>>
  recordings(): Promise<Result<RecordingLibrary>>
  /**
   * Asks in a dialog of the system for the folder in which runs are recorded from the next one on;
   * only a window has one. It is remembered. The answer is the library as it is then, and as it was
   * when the dialog was called off.
   */
  chooseRecordingsFolder(): Promise<Result<RecordingLibrary>>
  /**
   * Limits all recordings to so many bytes, and remembers it; only a window does. It holds at once
   * for the recording of the present run, and for older ones when the next run begins.
   */
  limitRecordings(bytes: number): Promise<Result<RecordingLibrary>>
  /** Changes what people say of a recording. */
  describeRecording(id: string, words: Partial<RecordingWords>): Promise<Result<null>>
  /** Looks at a recording, whoever made it; nothing in it is changed. */
  openRecording(id: string): Promise<Result<OpenedRecording>>
  /** As `range` and `profile` of the run, and `save` of what a recording has. */
  recordingRange(id: string, request: RangeRequest): Promise<Result<RunRange>>
  recordingProfile(id: string, window: TimeWindow): Promise<Result<ProfileSnapshot>>
  saveRecording(id: string, kind: SaveKind, window?: TimeWindow): Promise<Result<SaveOutcome>>
  /** Both profiles as one file for pprof, the first with `pprof::base`. */
  saveDifference(request: DifferenceRequest): Promise<Result<SaveOutcome>>
  /** Counter by counter, what a part of it came to; `statistics` the same of the run. */
  recordingStatistics(id: string, window: TimeWindow): Promise<Result<WindowStatistics>>
  statistics(window: TimeWindow): Promise<Result<WindowStatistics>>
  /** A part of it as a recording of its own, in the library. */
  trimRecording(id: string, window: TimeWindow): Promise<Result<TrimmedRecording>>
  /** Takes a recording into the library, piece by piece. */
  importRecording(step: ImportStep): Promise<Result<Imported>>
  /** What it takes to look into a past moment of what is shown, by executing the run again. */
  offerPast(request: PastRequest): Promise<Result<PastOffer>>
  /** Executes it again up to there, beside the run; `pastState` tells how far it has come. */
  showPast(request: PastRequest): Promise<Result<PastState>>
  pastState(): Promise<Result<PastState>>
  /** A structure as it was then, once it is there. */
  pastSnapshot(kind: StructureKind, of?: string): Promise<Result<StructureSnapshot>>
  /** The profile of the window that ends there, once it is there. */
  pastProfile(): Promise<Result<ProfileSnapshot>>
  /** Calls it off, or lets it go. */
  forgetPast(): Promise<Result<null>>
  /** What begins the same run: scenario, parameters, seed, and its actions as the timeline. */
  recordingRequest(id: string): Promise<Result<StartRequest>>
  /** Another run of the same scenario, parameters and seed, with its actions as the timeline. */
  beginRecordingAgain(id: string): Promise<Result<RunStatus>>
  /**
   * Makes it again beside the present run up to where it stands, held against its digests. There it
   * takes that one's place, and goes on in the same recording. `aside` of the status tells of it.
   */
  continueRecording(id: string): Promise<Result<RunStatus>>
  /**
   * Makes a run again beside the present one up to an instant, and from there with something
   * changed: there it takes that one's place, in a recording of its own.
   */
  branch(request: BranchRequest): Promise<Result<RunStatus>>
  /** Another instant of the run's timeline, executed again; or made ready for when it is wanted. */
  goToChapter(request: ChapterRequest): Promise<Result<RunStatus>>
  /** Calls off a chapter that was made ready and that nobody has wanted. */
  forgetChapter(): Promise<Result<RunStatus>>
  /** Calls off what is made again beside the run, or takes in why it did not go on. */
  cancelAside(): Promise<Result<RunStatus>>
  /** Shows its folder in the file manager; only a window has one. */
  revealRecording(id: string): Promise<Result<null>>
  /** Moves its folder to the trash of the system; only a window has one. */
  trashRecording(id: string): Promise<Result<null>>
  /** The whole run so far at the resolution that is kept, for a page that has just been opened. */
  history(): Promise<Result<Frame>>
}
export type ApiCall = keyof ApiCalls

/**
 * Why there is no connection: nobody answers; somebody does, but does not know this page, because
 * Soakscope was started anew; or it takes no more pages.
 */
export type Away = 'gone' | 'started-anew' | 'full'

/** What the page holds: the calls, and the stream of frames. */
export interface Api extends ApiCalls {
  /** Which shell this is. */
  readonly shell: 'electron' | 'web'
  /**
   * Frames as they come, 4 a second. The bridge acknowledges a frame when the callback
   * returns; until then the host merges. Returns a function that ends the subscription.
   */
  onFrame(receive: (frame: Frame) => void): () => void
  /** Tells the host whether nobody can see this page: a hidden one gets a frame a second. */
  setHidden(hidden: boolean): void
  /**
   * Web: the connection was lost or came back, or it is known why it does not come. Electron: never
   * called.
   */
  onConnection(receive: (connected: boolean, away?: Away) => void): () => void
}
