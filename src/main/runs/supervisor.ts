/**
 * Owns the one run of this host: starts it, replaces it, ends it, and feeds the screens that watch
 * it.
 */
import type { StartRequest } from '../../shared/api'
import type { Frame, Pace, RunStatus, RunUntil } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import type { RecordingsPlace } from '../recordings/host-recording'
import { Aside, type AsideOrder } from './aside'
import { FrameOutlet, pendingRows } from './frame-outlet'
import { within } from './patience'
import type { Batch, RunAnswer, RunRequest } from './protocol'
import { sampleMemoryBytes } from './sample-tiers'
import { Past } from './past'
import { Traces } from './traces'
import { WorkerRun, type WorkerRunOptions } from './worker-run'

/** Largest heap of a run's worker, in MB. */
const workerMemoryMb = 2048
/** Wall milliseconds to wait for a worker to end. */
const endMs = 2000

export interface SupervisorOptions {
  /** The bundled worker, out/main/worker.js. */
  readonly workerPath: string
  readonly memoryLimitMb?: number
  readonly sampleMemoryBytes?: number
  /** Where every run is recorded at first. */
  readonly recordings?: RecordingsPlace | undefined
}

/** How a run begins, beyond what the request says. */
export interface Beginning {
  readonly pace: Pace
  readonly paused: boolean
}

/**
 * How far a run that is begun again comes first of all, in simulated seconds, and until what it
 * goes on then.
 */
interface Repeat {
  readonly repeatUntil: number
  readonly until: RunUntil | undefined
  /** Closes the recording in which it goes on, and gives its folder. */
  readonly takesOver: () => Promise<string | undefined>
}

/** Tells screens apart: who began a run, and who only watched. */
export type ScreenKey = symbol

/** A screen's side of its frames. */
export interface Watching {
  /** It has taken in the frame with this number. */
  acknowledge(sequence: number): void
  /** Whether nobody can see it. */
  setHidden(hidden: boolean): void
  end(): void
}

export class RunSupervisor {
  private run: WorkerRun | undefined
  private runs = 0
  private closed = false
  private beginning: Promise<unknown> = Promise.resolve()
  private place: RecordingsPlace | undefined
  private readonly outlets = new Map<FrameOutlet, ScreenKey | undefined>()

  /** Traces of the present run. */
  readonly traces: Traces
  /** A past moment of it, or of a recording, that is looked into. */
  readonly past: Past
  /** What is made again beside it. */
  private readonly aside: Aside
  /** The chapter of it that is asked for, or may be next. */
  private readonly chapter: Aside

  constructor(private readonly options: SupervisorOptions) {
    const { workerPath, memoryLimitMb = workerMemoryMb } = options
    this.place = options.recordings
    const how = { workerPath, memoryLimitMb }
    this.traces = new Traces(
      () => this.current(),
      (run) => WorkerRun.start(run),
      how,
    )
    this.past = new Past((run) => WorkerRun.start(run), how)
    const host = {
      startRun: (run: WorkerRunOptions) => WorkerRun.start(run),
      onNews: () => this.run && this.pass(this.run, undefined),
    }
    this.aside = new Aside({ ...host, onThere: (run, by) => void this.putOnScreen(run, by) })
    this.chapter = new Aside({
      ...host,
      onThere: (run, by) => {
        const goesOn = this.run?.status.phase === 'running'
        void this.putOnScreen(run, by)
        if (goesOn) void run.ask({ call: 'resume' })
      },
    })
  }

  /**
   * Starts a run in place of the present one, which goes on when the new one cannot be started.
   * Runs at the last pace unless told otherwise.
   *
   * @param by the screen that asks for it
   */
  start(request: StartRequest, beginning?: Beginning, by?: ScreenKey): Promise<Result<RunStatus>> {
    return this.begin(request, { ...this.lastBeginning(), ...beginning }, by)
  }

  /**
   * Starts the present run again: same request and action log, up to where it stands, and on with
   * what is still to come, until what it was to go on until.
   */
  runAgain(by?: ScreenKey): Promise<Result<RunStatus>> {
    const { run } = this
    if (!run) return Promise.resolve(noRun)
    const { actions, toCome, now, phase, pace } = run.status
    const beginning = { pace, paused: phase === 'paused' }
    const request = { ...run.request, timeline: [...actions, ...toCome] }
    // What is done to the run while the other comes up is not done in that one: then its recording
    // is held against nothing, and the other gets its own.
    const takesOver = async (): Promise<string | undefined> => {
      const { status } = run
      const isTheSame = status.actions.length + status.toCome.length === request.timeline.length
      return isTheSame ? run.closeRecording() : undefined
    }
    const until = run.goesOnUntil
    return this.begin(request, beginning, by, { repeatUntil: now, until, takesOver })
  }

  /** Where runs are recorded from the next one on, if they are. */
  get recordings(): RecordingsPlace | undefined {
    return this.place
  }

  /** The limit holds at once for what is recorded now as well. */
  async recordIn(place: RecordingsPlace): Promise<void> {
    this.place = place
    const recording = await this.run?.recordingNow()
    recording?.limit(place.limitBytes)
  }

  /**
   * Makes a run again beside the present one, up to an instant, where it takes that one's place.
   * Failure `refused` while another is under way.
   */
  async beginAside(order: AsideOrder, by?: ScreenKey): Promise<Result<RunStatus>> {
    const how = { ...this.howToStart(++this.runs), ...this.lastBeginning() }
    const begun = await this.aside.begin(order, how, by, (run, batch) => {
      if (run === this.run) this.pass(run, batch)
    })
    return begun.ok ? this.status() : begun
  }

  /**
   * Makes the present run again up to another instant of its timeline, before or after this one,
   * where it takes its place; or has it ready there, for when it is wanted.
   */
  async goToChapter(
    { at, title, isWanted }: { at: number; title: string; isWanted: boolean },
    by?: ScreenKey,
  ): Promise<Result<RunStatus>> {
    const { run } = this
    if (!run) return noRun
    if (isWanted && this.chapter.want(at, by)) return this.status()
    if (!isWanted && (this.chapter.status || this.chapter.waiting?.at === at)) return this.status()
    const { actions, toCome } = run.status
    const request = { ...run.request, timeline: [...actions, ...toCome] }
    const ahead = isWanted ? 'wanted' : 'held'
    const order = { kind: 'chapter', title, request, until: at, ahead } as const
    const how = { ...this.howToStart(++this.runs), ...this.lastBeginning(), paused: true }
    const begun = await this.chapter.begin(order, how, by, (made, batch) => {
      if (made === this.run) this.pass(made, batch)
    })
    return begun.ok ? this.status() : begun
  }

  /** Calls a chapter off that nobody has wanted. */
  async forgetChapter(): Promise<Result<RunStatus>> {
    if (this.chapter.waiting) await this.chapter.cancel()
    return this.status()
  }

  /** Calls that off, or takes in why it did not go on. */
  async cancelAside(): Promise<Result<RunStatus>> {
    await Promise.all([this.aside.cancel(), this.chapter.cancel()])
    return this.status()
  }

  ask<R extends RunRequest>(request: R): Promise<RunAnswer<R>> {
    return this.run?.ask(request) ?? Promise.resolve(noRun)
  }

  status(): Result<RunStatus> {
    return this.run ? success(this.statusOf(this.run)) : noRun
  }

  history(): Result<Frame> {
    return this.run ? success({ ...this.run.history(), status: this.statusOf(this.run) }) : noRun
  }

  /** The present run, for what is saved of it. */
  current(): Result<WorkerRun> {
    return this.run ? success(this.run) : noRun
  }

  /**
   * Sends frames to a screen from now on, until `end` is called, or until one cannot be delivered:
   * that is the end of this screen, and of nothing else.
   */
  watch(
    deliver: (frame: Frame) => void,
    failed: (error: unknown) => void = raise,
    screen?: ScreenKey,
  ): Watching {
    const outlet = new FrameOutlet((frame) => {
      try {
        deliver(frame)
      } catch (error) {
        end()
        failed(error)
      }
    })
    const end = (): void => {
      this.outlets.delete(outlet)
      outlet.end()
    }
    this.outlets.set(outlet, screen)
    if (this.run) outlet.begin(this.run.facts, this.statusOf(this.run))
    return {
      acknowledge: (sequence) => outlet.acknowledge(sequence),
      setHidden: (hidden) => outlet.setHidden(hidden),
      end,
    }
  }

  /** Ends the run; waits for its worker, but not for long. */
  async close(): Promise<void> {
    this.closed = true
    await within(endMs, this.beginning, undefined)
    const { run } = this
    this.run = undefined
    await Promise.all([
      this.traces.close(),
      this.aside.cancel(),
      this.chapter.cancel(),
      this.past.forget(),
    ])
    await run?.end(endMs)
  }

  /** One beginning at a time, in the order in which they were asked for. */
  private begin(
    request: StartRequest,
    beginning: Beginning,
    by?: ScreenKey,
    repeat?: Repeat,
  ): Promise<Result<RunStatus>> {
    const begun = this.beginning.then(() => this.replace(request, beginning, by, repeat))
    this.beginning = begun.catch(() => undefined)
    return begun
  }

  private async replace(
    request: StartRequest,
    beginning: Beginning,
    by: ScreenKey | undefined,
    repeat: Repeat | undefined,
  ): Promise<Result<RunStatus>> {
    const waiting: (Batch | undefined)[] = []
    let started: WorkerRun | undefined
    const result = await WorkerRun.start({
      ...this.howToStart(++this.runs),
      request,
      ...beginning,
      repeatUntil: repeat?.repeatUntil,
      until: repeat?.until,
      // The same run goes on in the same recording, which is held against it.
      takesOver: repeat?.takesOver,
      onBatch: (batch) => {
        if (started && started === this.run) this.pass(started, batch)
        else waiting.push(batch)
      },
    })
    if (!result.ok) return result
    if (this.closed) {
      await result.value.end(endMs)
      return noRun
    }
    started = result.value
    const ended = this.putOnScreen(started, by)
    for (const batch of waiting) this.pass(started, batch)
    await ended
    return success(this.statusOf(started))
  }

  /** It takes the place of the present run, which ends. */
  private putOnScreen(run: WorkerRun, by: ScreenKey | undefined): Promise<void> {
    const before = this.run
    this.run = run
    const { aside } = this
    const calledOff = aside.status?.failed === undefined ? aside.status?.title : undefined
    void aside.cancel()
    void this.chapter.cancel()
    this.show(run, before, by, calledOff)
    return before?.end(endMs) ?? Promise.resolve()
  }

  private howToStart(number: number) {
    const { workerPath, memoryLimitMb, ...options } = this.options
    return {
      number,
      workerPath,
      memoryLimitMb: memoryLimitMb ?? workerMemoryMb,
      sampleMemoryBytes: options.sampleMemoryBytes ?? sampleMemoryBytes,
      recordings: this.place,
    }
  }

  private statusOf(run: WorkerRun): RunStatus {
    const { status } = run
    const aside = this.aside.status ?? this.chapter.status
    const ahead = this.chapter.waiting
    return { ...status, ...(aside && { aside }), ...(ahead && { ahead }) }
  }

  /** Every screen has the new run from now on, and is told whose place it took. */
  private show(
    run: WorkerRun,
    before: WorkerRun | undefined,
    by: ScreenKey | undefined,
    calledOff: string | undefined,
  ): void {
    // One that was made again beside the other has a past.
    const past = run.past(pendingRows)
    const others = [...this.outlets.values()].filter((screen) => screen !== by || !screen).length
    for (const [outlet, screen] of this.outlets) {
      const own = screen !== undefined && screen === by
      const replaced = before && {
        title: before.facts.title,
        seed: before.facts.seed,
        others,
        by: own ? ('this page' as const) : ('another page' as const),
        calledOff,
      }
      outlet.begin(run.facts, this.statusOf(run), replaced, past)
    }
  }

  private pass(run: WorkerRun, batch: Batch | undefined): void {
    for (const outlet of this.outlets.keys()) {
      if (batch) outlet.offer(batch, this.statusOf(run))
      else outlet.report(this.statusOf(run))
    }
  }

  private lastBeginning(): Beginning {
    return { pace: this.run?.status.pace ?? 1, paused: false }
  }
}

function raise(error: unknown): never {
  throw error
}

const noRun = failure('no-run', 'there is no run; start one first')
