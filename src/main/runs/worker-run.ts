/** One run and the worker thread it lives in: its status, its samples, and what becomes of it. */
import { Worker } from 'node:worker_threads'
import type { CounterSpec } from '../../sim/observe/counters'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type {
  RangeRequest,
  RunRange,
  StartRequest,
  TimeWindow,
  TraceRequest,
} from '../../shared/api'
import { firstStatus } from '../../shared/first-status'
import type { Frame, Pace, RunStatus, RunFacts, RunUntil } from '../../shared/frame'
import { instantWithMs } from '../../shared/instant-text'
import { failure, success, type Result } from '../../shared/result'
import type {
  Batch,
  FromWorker,
  LiveStatus,
  RunAnswer,
  RunMachine,
  RunOptions,
  RunRequest,
  ToWorker,
} from './protocol'
import { within } from './patience'
import { HostRecording, type RecordingsPlace } from '../recordings/host-recording'
import { RunMemory, type RunStore } from './run-store'
import type { Beginnings } from '../recordings/new-run-file'
import type { SampleRow } from './wide-row'
import { youngGenerationMb } from './young-generation'

/** Rows that a page that has just been opened is given of the whole run. */
const historyRows = 2048
/** Wall milliseconds to wait for a worker to end that never came up. */
const endMs = 2000
/** Wall milliseconds that a worker may take to come up. */
const startMs = 60_000
/** Wall milliseconds that a run which ends may take to tell the last of it. */
const lastWordMs = 500
/** Wall milliseconds after which a request counts as not answered. */
const patienceMs = 20_000

export interface WorkerRunOptions {
  /** Number of the run on this host. */
  readonly number: number
  readonly workerPath: string
  readonly request: StartRequest
  readonly pace: Pace
  readonly paused: boolean
  /** Come to these simulated seconds as fast as possible, first of all. */
  readonly repeatUntil: number | undefined
  /** What it goes on until after that, if anything. */
  readonly until?: RunUntil | undefined
  /** A trace that is armed before it begins. */
  readonly trace?: TraceRequest | undefined
  /** Where a window begins whose profile is wanted to the cycle; `repeatUntil` is its end. */
  readonly profileFrom?: number | undefined
  /** Largest heap of the worker in MB. */
  readonly memoryLimitMb: number
  readonly sampleMemoryBytes: number
  /** Where it is recorded, if at all; and in which folder, when the run is made again. */
  readonly recordings?: RecordingsPlace | undefined
  readonly recordedIn?: string | undefined
  /** Gives the folder instead, once the run stands: until then another writes in it. */
  readonly takesOver?: (() => Promise<string | undefined>) | undefined
  /** What it branches off, for its recording. */
  readonly origin?: Beginnings['origin']
  /** Something new: samples, or only a status. */
  readonly onBatch: (batch: Batch | undefined) => void
}

export class WorkerRun implements RunStore {
  private readonly worker: Worker
  readonly facts: RunFacts
  private readonly memory: RunMemory
  private live: LiveStatus | undefined
  private death: string | undefined
  private diedAt: number | undefined
  private lastId = 0
  private readonly pending = new Map<number, (result: Result<unknown>) => void>()
  private isEnding = false
  private ended = false
  private recording: HostRecording | undefined
  private recordingBegun: Promise<void> | undefined
  private unrecorded: Batch[] | undefined
  /** Its first status has come, or it has died before. */
  private readonly stands: Promise<void>
  private onFirstStatus: () => void = () => undefined

  /**
   * Starts the worker and waits until the server in it stands. Failure `refused` when its
   * parameters were refused, `worker-died` when the worker did not come up.
   */
  static async start(options: WorkerRunOptions): Promise<Result<WorkerRun>> {
    const { request, pace, paused, repeatUntil, until, memoryLimitMb } = options
    const timeline = request.timeline ?? []
    const { trace, profileFrom } = options
    const workerData: RunOptions = {
      ...request,
      timeline,
      pace,
      paused,
      repeatUntil,
      until,
      trace,
      profileFrom,
    }
    const worker = new Worker(options.workerPath, {
      workerData,
      resourceLimits: {
        maxOldGenerationSizeMb: memoryLimitMb,
        maxYoungGenerationSizeMb: youngGenerationMb,
      },
    })
    const cannot = (cause: string): Result<never> =>
      failure('worker-died', `the run could not be started: ${cause}`)
    const comingUp = new Promise<Result<WorkerRun>>((resolve) => {
      const fail = (cause: string): void => resolve(cannot(cause))
      worker.once('error', (error) => fail(causeOf(error, memoryLimitMb)))
      worker.once('exit', (code) => fail(`its thread ended with code ${code}`))
      worker.once('message', (first: FromWorker) => {
        if (first.kind === 'ready') {
          worker.removeAllListeners('error').removeAllListeners('exit')
          const run = new WorkerRun(options, worker, first.facts)
          run.record(first.machine)
          void run.stands.then(() => resolve(success(run)))
        } else if (first.kind === 'refused') resolve(failure('refused', first.message))
      })
    })
    const late = cannot(`nothing was heard of it for ${startMs / 1000} s`)
    const started = await within(startMs, comingUp, late)
    if (!started.ok) {
      // A thread that failed to come up reports nothing that was not said already.
      worker.on('error', () => undefined)
      await within(endMs, worker.terminate(), undefined)
    }
    return started
  }

  private constructor(
    private readonly options: WorkerRunOptions,
    worker: Worker,
    facts: RunFacts,
  ) {
    this.worker = worker
    this.facts = facts
    this.memory = new RunMemory(facts.counters, options.sampleMemoryBytes)
    this.stands = new Promise((resolve) => (this.onFirstStatus = resolve))
    worker.on('message', (message: FromWorker) => this.receive(message))
    // An error may overtake what the worker said before it; its exit never does.
    let cause: string | undefined
    worker.on('error', (error) => {
      cause = causeOf(error, options.memoryLimitMb)
    })
    worker.on('exit', (code) => this.die(cause ?? `its thread ended with code ${code}`))
  }

  /** Batches that come before the recording is open wait for it. */
  private record(machine: RunMachine): void {
    const { recordings, request, recordedIn, takesOver, origin } = this.options
    if (!recordings) return
    this.unrecorded = []
    const of = { facts: this.facts, request, machine, origin }
    const begin = async (folder: string | undefined): Promise<void> => {
      const recording = await HostRecording.begin(recordings, of, folder)
      this.recording = recording
      for (const batch of this.unrecorded ?? []) recording.take(batch)
      this.unrecorded = undefined
    }
    // One that died before it stood leaves the folder to who writes in it.
    const takeOver = async (): Promise<void> => {
      await this.stands
      if (takesOver && !this.died) await begin(await takesOver())
    }
    this.recordingBegun = takesOver ? takeOver() : begin(recordedIn)
  }

  /** Closes its recording, and gives its folder. */
  async closeRecording(): Promise<string | undefined> {
    await this.recordingBegun
    const { now, events, digest, reason } = this.status
    const state = this.death === undefined ? 'ended' : 'died'
    this.recording?.end(state, reason, { seconds: now, events, digest })
    return this.recording?.folder
  }

  /** The recording that is written of it; undefined when none is. */
  async recordingNow(): Promise<HostRecording | undefined> {
    await this.recordingBegun
    return this.recording?.status.stopped === undefined ? this.recording : undefined
  }

  get counters(): readonly CounterSpec[] {
    return this.facts.counters
  }
  /** Marks and rounds so far. */
  get happened(): Pick<RunRange, 'marks' | 'rounds'> {
    return this.memory.happened
  }
  get request(): StartRequest {
    return this.options.request
  }
  /** What it goes on until, or would have, had it not died. */
  get goesOnUntil(): RunUntil | undefined {
    return this.live?.until
  }
  get died(): boolean {
    return this.death !== undefined
  }

  get status(): RunStatus {
    const { request, number, pace } = this.options
    const first = firstStatus({ run: number, title: this.facts.title, pace, request })
    const keptBytes = this.memory.samples.bytes
    const base = { ...first, keptBytes, recording: this.recording?.status }
    if (!this.live) return base
    if (this.death === undefined) return { ...base, ...this.live }
    const now = this.diedAt ?? this.live.now
    return {
      ...base,
      ...this.live,
      phase: 'died',
      now,
      eventsPerSecond: 0,
      speed: 0,
      eventMix: [],
      until: undefined,
      reason: `died at ${instantWithMs(now)} of simulated time (${request.scenario}, seed ${request.seed}): ${this.death}`,
    }
  }

  /** Everything so far in a few rows, for a page that sees it for the first time. */
  past(rows: number): RunRange {
    return this.memory.range({ from: 0, to: Infinity, rows })
  }

  /** Everything so far, for a page that has just been opened. */
  history(): Frame {
    return {
      sequence: 0,
      facts: this.facts,
      status: this.status,
      ...this.past(historyRows),
    }
  }

  /** From memory, or what memory has no longer from the recording. */
  async range(request: RangeRequest): Promise<Result<RunRange>> {
    const recording = this.memory.has(request) ? undefined : await this.recording?.read()
    return recording ? recording.range(request) : success(this.memory.range(request))
  }

  /** The worker knows it to the second; when it is gone, the recording still does to 10 s. */
  async profileBetween(window: TimeWindow): Promise<Result<ProfileSnapshot>> {
    const recording = this.died ? await this.recording?.read() : undefined
    return recording ? recording.profileBetween(window) : this.ask({ call: 'profile', window })
  }

  rows(): Iterable<SampleRow> {
    return this.memory.samples.rows()
  }

  /** Failure `worker-died` when nobody answers any more. */
  ask<R extends RunRequest>(request: R): Promise<RunAnswer<R>> {
    if (this.death !== undefined) return Promise.resolve(this.gone())
    const id = ++this.lastId
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        this.pending.delete(id)
        resolve(failure('worker-died', `the run has not answered for ${patienceMs / 1000} s`))
      }, patienceMs)
      this.pending.set(id, (result) => {
        clearTimeout(patience)
        // The worker answers each request with what RunAnswers says.
        resolve(result as RunAnswer<R>)
      })
      const message: ToWorker = { id, request }
      this.worker.postMessage(message)
    })
  }

  /** Ends the thread; waits for it at most `waitMs` wall milliseconds. */
  async end(waitMs: number): Promise<void> {
    this.isEnding = true
    await this.hearOut()
    await this.closeRecording()
    this.ended = true
    this.answerAll(failure('no-run', 'the run was ended'))
    await within(waitMs, this.worker.terminate(), undefined)
  }

  /** A run that goes on stops at the end of an instant, and tells what came since it last did. */
  private async hearOut(): Promise<void> {
    await this.recordingBegun
    if (!this.recording || this.died || this.live?.phase !== 'running') return
    await within(lastWordMs, this.ask({ call: 'pause' }), undefined)
  }

  private receive(message: FromWorker): void {
    if (this.ended) return
    switch (message.kind) {
      case 'batch':
        this.take(message.batch)
        return
      case 'answer':
        this.pending.get(message.id)?.(message.result)
        this.pending.delete(message.id)
        return
      case 'failed':
        this.diedAt = message.now
        return
      case 'ready':
      case 'refused':
        return
    }
  }

  private take(batch: Batch): void {
    const said = this.memory.takeSamples(batch.rows, batch.time, batch.values)
    const marks = [...batch.marks, ...said]
    this.memory.takeEvents(marks, batch.rounds)
    this.live = batch.status
    this.recording?.take(batch)
    this.unrecorded?.push(batch)
    this.onFirstStatus()
    if (!this.isEnding) this.options.onBatch({ ...batch, marks })
  }

  private die(cause: string): void {
    if (this.ended || this.death !== undefined) return
    this.death = cause
    void this.closeRecording()
    this.answerAll(this.gone())
    this.onFirstStatus()
    if (!this.isEnding) this.options.onBatch(undefined)
  }

  private gone(): Result<never> {
    return failure('worker-died', `the run ${this.status.reason}; it can be run again`)
  }

  private answerAll(result: Result<never>): void {
    for (const answer of this.pending.values()) answer(result)
    this.pending.clear()
  }
}

function causeOf(error: unknown, memoryLimitMb: number): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `out of memory (its limit is ${memoryLimitMb} MB)`
  return message
}
