/**
 * What passes between a run's worker thread and the main process. Control is answered, samples are
 * sent.
 */
import type { TimedAction } from '../../sim/actions/action'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type { StructureKind, StructureSnapshot } from '../../sim/observe/structures'
import type { Trace } from '../../sim/observe/trace'
import type { TraceProgress } from '../../sim/observe/trace-order'
import type { RunUntil, StepKind, TimeWindow, TraceRequest } from '../../shared/api'
import type { Mark, Pace, Round, RunFacts, RunStatus } from '../../shared/frame'
import type { Result } from '../../shared/result'
import type { RunTrace } from './run-tracer'
import type { RunReport } from '../formats/run-report'
import type { TraceAsk } from './tracing'

/** How a worker is started (its workerData). */
export interface RunOptions {
  readonly scenario: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string>>
  readonly pace: Pace
  readonly paused: boolean
  /** What is to be done at which instant, in order of time. */
  readonly timeline: readonly TimedAction[]
  /** Come to these simulated seconds as fast as possible, first of all. */
  readonly repeatUntil: number | undefined
  /** What it goes on until after that, if anything. */
  readonly until?: RunUntil | undefined
  /** A trace that is armed before it begins. */
  readonly trace?: TraceRequest | undefined
  /** Where a window begins whose profile is wanted to the cycle; `repeatUntil` is its end. */
  readonly profileFrom?: number | undefined
}

/** The part of a run's status that its worker knows. */
export type LiveStatus = Pick<
  RunStatus,
  | ('pace' | 'now' | 'events' | 'digest' | 'eventsPerSecond' | 'speed' | 'parameters')
  | (
      | 'alarms'
      | 'faults'
      | 'fixes'
      | 'actions'
      | 'toCome'
      | 'reason'
      | 'until'
      | 'eventMix'
      | 'profileEvery'
    )
  | 'repeatUntil'
  | 'executedSeconds'
  | 'slow'
> & { readonly phase: 'running' | 'paused' | 'ended' }

/** Everything since the last batch, 4 a second. */
export interface Batch {
  readonly status: LiveStatus
  readonly rows: number
  /** Simulated seconds of each row. */
  readonly time: Float64Array
  /** How many samples each row stands for; left out where it is one each, as in a run. */
  readonly samples?: Float64Array
  /** rows × counters. */
  readonly values: Float64Array
  readonly marks: readonly Mark[]
  readonly rounds: readonly Round[]
  /** For a recording. */
  readonly trace: RunTrace
}

export type RunRequest =
  | { readonly call: 'pace'; readonly pace: Pace }
  | { readonly call: 'pause' }
  | { readonly call: 'resume' }
  | { readonly call: 'step'; readonly step: StepKind }
  | { readonly call: 'runUntil'; readonly until: RunUntil }
  | { readonly call: 'cancelUntil' }
  | { readonly call: 'slowMotion'; readonly on: boolean }
  | { readonly call: 'act'; readonly action: string }
  | { readonly call: 'clearFaults' }
  | {
      readonly call: 'snapshot'
      readonly structure: StructureKind
      readonly of?: string | undefined
    }
  /** Of a part of the run; of all of it when no window is given. */
  | { readonly call: 'profile'; readonly window?: TimeWindow | undefined }
  /** Of the window that `profileFrom` and `repeatUntil` gave it. */
  | { readonly call: 'windowProfile' }
  | { readonly call: 'report' }
  | TraceAsk

/** What each request is answered with. A batch with the new status goes ahead of the answer. */
export interface RunAnswers {
  readonly pace: undefined
  readonly pause: undefined
  readonly resume: undefined
  readonly step: undefined
  readonly runUntil: undefined
  readonly cancelUntil: undefined
  readonly slowMotion: undefined
  readonly act: undefined
  readonly clearFaults: undefined
  readonly snapshot: StructureSnapshot
  readonly profile: ProfileSnapshot
  readonly windowProfile: ProfileSnapshot
  readonly report: RunReport
  readonly trace: TraceProgress
  readonly traceState: TraceProgress
  readonly forgetTrace: TraceProgress
  readonly takeTrace: Trace
}
export type RunAnswer<R extends RunRequest> = Result<RunAnswers[R['call']]>

export interface ToWorker {
  readonly id: number
  readonly request: RunRequest
}

/** What a profile is counted in. */
export interface RunMachine {
  readonly cpus: number
  readonly clockMHz: number
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly facts: RunFacts; readonly machine: RunMachine }
  /** The server was not made: its parameters were refused, with a message for people. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  /** The model threw, at this simulated second. The thread ends after this, with the error. */
  | { readonly kind: 'failed'; readonly now: number }
