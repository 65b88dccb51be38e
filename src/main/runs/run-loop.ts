/**
 * Drives a server against the wall clock: pace, pause, steps, run until. It works in slices of a
 * few milliseconds, so that requests are heard in between; how it is sliced never changes the run.
 */
import {
  formatAction,
  inSeconds,
  instant,
  milliseconds,
  parseAction,
  seconds,
  type Server,
  type SimTime,
} from '../../sim/index'
import type { StepKind } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import { secondsMax } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { reportRun } from '../formats/run-report'
import { RunStatistics } from '../formats/run-statistics'
import { EventMix } from './event-mix'
import { goalOf, type Goal } from './goal'
import { NewRounds } from './new-rounds'
import { Pacer } from './pacer'
import { ProfileLog } from './profile-log'
import { RunTracer } from './run-tracer'
import { SampleRows } from './sample-rows'
import { SlowMotion } from './slow-motion'
import { SpeedMeter } from './speed-meter'
import type { Batch, LiveStatus, RunOptions, RunRequest } from './protocol'
import { Timeline } from './timeline'
import { answerTrace, type TraceAsk } from './tracing'
import { WindowRepeated } from './window-repeated'

/** Wall milliseconds that one slice may take. */
const sliceMs = 8
/** Events between two looks at the wall clock, and at what the next event is. */
const eventsPerLook = 100
/** Wall milliseconds between batches: 4 a second, as often as charts are drawn. */
const batchMs = 250
/** Wall milliseconds after which a run that is as far as its pace wants goes on. */
const restMs = 50
/** A step goes to the next whole multiple of this. */
const stepLengths = { tick: milliseconds(10), sample: seconds(1) }
/** Where simulated time ends. */
const endOfTime = instant(secondsMax * 1e9)

export interface RunLoopOptions extends Pick<
  RunOptions,
  'pace' | 'paused' | 'timeline' | 'repeatUntil' | 'until' | 'trace' | 'profileFrom'
> {
  readonly version: string
  /** The wall clock, in milliseconds. */
  readonly wall: () => number
  readonly emit: (batch: Batch) => void
}

/** What is asked of a run, and changes nothing. */
type Question = 'snapshot' | 'profile' | 'windowProfile' | 'report'

export class RunLoop {
  private readonly pacer: Pacer
  private paused: boolean
  private reason = ''
  /** What it goes on until, then pauses. */
  private goal: Goal | undefined
  /** The alarm that asks for a pause. */
  private rang: string | undefined
  private readonly timeline: Timeline
  /** The run is being repeated up to here. */
  private repeatUntil: SimTime | undefined
  private lastBatch = Number.NEGATIVE_INFINITY
  private runningMs = 0
  private readonly newRounds: NewRounds
  private readonly rows: SampleRows
  private readonly statistics: RunStatistics
  private readonly profiles = new ProfileLog()
  private readonly tracer: RunTracer
  private readonly speed = new SpeedMeter()
  private readonly mix = new EventMix()
  private readonly slow: SlowMotion
  private readonly window: WindowRepeated

  constructor(
    private readonly server: Server,
    private readonly options: RunLoopOptions,
  ) {
    this.pacer = new Pacer(options.pace, options.wall)
    this.paused = options.paused
    this.timeline = new Timeline(options.timeline)
    this.newRounds = new NewRounds(server)
    this.tracer = new RunTracer(server)
    this.slow = new SlowMotion(server)
    this.window = new WindowRepeated(server, options.profileFrom)
    if (options.repeatUntil !== undefined) this.repeatUntil = instant(options.repeatUntil * 1e9)
    this.rows = new SampleRows(server.counters.width)
    this.statistics = new RunStatistics(server.counters.width)
    server.onSample = (at) => this.onSample(at)
    if (options.trace) answerTrace(server, { call: 'trace', order: options.trace })
    this.pacer.anchor(server.now)
  }

  /** Runs for a few milliseconds. Returns the wall milliseconds to wait before the next slice. */
  slice(): number | undefined {
    if (this.repeatUntil !== undefined) return this.repeatSlice(this.repeatUntil)
    if (this.paused) return undefined
    const started = this.options.wall()
    const target = this.pacer.target(this.server.now, this.goal?.limit ?? endOfTime)
    const reached = this.advance(target, started)
    const ended = this.options.wall()
    this.runningMs += ended - started
    this.pauseAtGoal()
    if (this.server.now >= endOfTime) {
      this.pause('simulated time ends here: a run is at most 104 days long')
    }
    this.speed.note(ended, this.server.events, inSeconds(this.server.now))
    if (this.paused || ended - this.lastBatch >= batchMs) this.flush()
    if (this.paused) return undefined
    return reached && (this.pacer.slow ?? this.pacer.pace) !== 'max'
      ? Math.max(1, restMs - (ended - started))
      : 0
  }

  /** Carries out a request. Where it changed something, a batch with the status goes out first. */
  request(request: RunRequest): Result<unknown> {
    switch (request.call) {
      case 'snapshot':
        return success(this.server.snapshot(request.structure, request.of))
      case 'profile':
        return success(this.profiles.snapshot(this.server, request.window))
      case 'windowProfile':
        return this.window.take()
      case 'report':
        return success(
          reportRun(this.server, this.statistics, {
            version: this.options.version,
            warmupSeconds: 0,
            wallSeconds: this.runningMs / 1000,
          }),
        )
      case 'trace':
        // There is one trace at a time, and this one was asked for by somebody.
        this.slow.end()
        this.takeUpPace()
        return answerTrace(this.server, request)
      case 'traceState':
      case 'forgetTrace':
      case 'takeTrace':
        return answerTrace(this.server, request)
      default: {
        const refused =
          this.repeatUntil === undefined
            ? this.control(request)
            : failure(
                'refused',
                'the run is being repeated up to where it stood; wait until it is there',
              )
        this.flush()
        return refused ?? success(undefined)
      }
    }
  }

  /** Sends what there is: samples, marks, rounds, status. @param isWhole false when it failed */
  flush(isWhole = true): void {
    const wall = (this.lastBatch = this.options.wall())
    const marks = this.server.takeMarks()
    const rounds = marks.some((mark) => mark.kind === 'round') ? this.newRounds.take() : []
    const partTo = isWhole ? inSeconds(this.server.now) : undefined
    const trace = this.tracer.take(partTo, this.paused ? Infinity : wall)
    this.options.emit({ status: this.status(), ...this.rows.take(), marks, rounds, trace })
  }

  private control(
    request: Exclude<RunRequest, { call: Question } | TraceAsk>,
  ): Result<never> | undefined {
    switch (request.call) {
      case 'pace':
        this.pacer.pace = request.pace
        this.slow.end()
        this.takeUpPace()
        return undefined
      case 'slowMotion': {
        const refused = request.on ? this.slow.begin() : this.slow.end()
        if (refused !== undefined) return failure('refused', refused)
        this.takeUpPace()
        if (request.on) this.resume()
        return undefined
      }
      case 'pause':
        if (this.paused) return undefined
        // At the end of an instant, so that whoever runs to it comes to the same digest.
        this.comeTo(this.server.now)
        this.pause('')
        return undefined
      case 'resume':
        this.resume()
        return undefined
      case 'step':
        if (!this.paused)
          return failure('refused', 'a run is stepped while it is paused; pause it first')
        this.reason = ''
        this.step(request.step)
        this.pauseAtGoal()
        return undefined
      case 'runUntil': {
        const goal = goalOf(request.until, this.server.now, this.server.counters)
        if (!goal.ok) return goal
        this.resume()
        this.goal = goal.value
        return undefined
      }
      case 'cancelUntil':
        this.goal = undefined
        return undefined
      case 'act':
        return this.act(request.action)
      case 'clearFaults':
        this.comeTo(this.server.now)
        for (const id of Object.keys(this.server.activeFaults)) {
          const refused = this.act(formatAction({ kind: 'fault', id, intensity: 0 }))
          if (refused) return refused
        }
        return undefined
    }
  }

  /** From here on the run goes at its pace, or slowly. */
  private takeUpPace(): void {
    this.pacer.slow = this.slow.pace
    this.pacer.anchor(this.server.now)
    this.speed.restart()
  }

  /** An action takes place after everything else of its instant, however the run was sliced. */
  private act(words: string): Result<never> | undefined {
    const action = parseAction(words)
    if (typeof action === 'string') return failure('unknown-action', action)
    this.comeTo(this.server.now)
    const refused = this.server.act(action)
    this.pauseAtGoal()
    return refused === undefined ? undefined : failure('refused', refused)
  }

  /** Does the next action of the timeline, whose instant has come to its end. */
  private actOnTime(): void {
    const { action: words = '', at = NaN } = this.timeline.take() ?? {}
    const action = parseAction(words)
    const refused = typeof action === 'string' ? action : this.server.act(action)
    if (refused !== undefined)
      throw new Error(`${words} at ${instantWithMs(at)} was refused: ${refused}`)
  }

  /** One event, or to the end of a tick or sample; an event's ends where an action is done. */
  private step(kind: StepKind): void {
    const { due } = this.timeline
    if (kind === 'event') {
      if (due === undefined) this.server.step('event')
      else this.stretch(due, 1)
      return
    }
    const length = stepLengths[kind]
    this.comeTo(instant((Math.floor(this.server.now / length) + 1) * length))
  }

  private repeatSlice(until: SimTime): number {
    const started = this.options.wall()
    const stop = this.window.before(until)
    const stopped = this.advance(stop, started)
    if (stopped) this.window.stop(stop)
    const reached = stopped && stop >= until
    const ended = this.options.wall()
    this.runningMs += ended - started
    if (reached) {
      this.repeatUntil = undefined
      this.takeUpGoal()
      this.pacer.anchor(this.server.now)
    }
    this.speed.note(ended, this.server.events, inSeconds(this.server.now))
    if (reached || ended - this.lastBatch >= batchMs) this.flush()
    return 0
  }

  /** A run that was begun again goes on until what it was to go on until. */
  private takeUpGoal(): void {
    const { until } = this.options
    const goal = until && goalOf(until, this.server.now, this.server.counters)
    if (goal?.ok) this.goal = goal.value
  }

  /** Advances to the target or until the slice is over. True when the target was reached. */
  private advance(target: SimTime, started: number): boolean {
    for (;;) {
      const next = this.looksAtSamples ? this.nextSecond(target) : target
      const reached = this.stretch(next, this.slow.isOn ? 1 : eventsPerLook)
      if (this.slow.look()) {
        this.takeUpPace()
        this.lastBatch = Number.NEGATIVE_INFINITY
        return false
      }
      if (this.goal?.everySample && this.goal.reached(this.server.now)) return false
      if (this.rang !== undefined) return false
      if (reached && next >= target) return true
      const wall = this.options.wall()
      this.mix.note(wall, this.server.nextEvent())
      if (wall - started >= sliceMs) return false
    }
  }

  /** What may end the run's way has to be looked at after each sample. */
  private get looksAtSamples(): boolean {
    return this.goal?.everySample === true || this.server.alarmPauses
  }

  private comeTo(target: SimTime): void {
    while (!this.stretch(target));
  }

  /** To the target, or to an action on the way, which is done. True when there, and all is done. */
  private stretch(target: SimTime, eventsMax?: number): boolean {
    const { due } = this.timeline
    if (due === undefined || due > target) return this.server.advance(target, eventsMax)
    if (!this.server.advance(due, eventsMax)) return false
    this.actOnTime()
    return due === target && this.timeline.due !== target
  }

  /** Samples are taken at whole seconds, and a condition has to stop the run right there. */
  private nextSecond(target: SimTime): SimTime {
    const second = seconds(Math.floor(inSeconds(this.server.now)) + 1)
    return instant(Math.min(target, second))
  }

  private onSample(at: SimTime): void {
    const { values } = this.server.counters
    this.rows.add(inSeconds(at), values)
    this.statistics.add(values)
    this.profiles.note(inSeconds(at), this.server.profileTotals())
    this.tracer.note(inSeconds(at))
    this.goal?.sample(values)
    // A run that is repeated has been paused there before.
    const rang = this.server.takeAlarmPause()
    if (this.repeatUntil === undefined) this.rang ??= rang
  }

  /** Where the run has come to what it was to go on until, it pauses and says so. */
  private pauseAtGoal(): void {
    const { goal, rang } = this
    if (rang !== undefined) {
      this.rang = undefined
      this.pause(`paused by alarm: ${rang} at ${instantWithMs(inSeconds(this.server.now))}`)
    }
    if (!goal?.reached(this.server.now)) return
    this.goal = undefined
    this.pause(goal.reason(this.server.now))
  }

  private pause(reason: string): void {
    this.paused = true
    this.reason = reason
    this.speed.restart()
    this.mix.restart()
  }

  private resume(): void {
    this.paused = false
    this.reason = ''
    this.pacer.anchor(this.server.now)
  }

  private status(): LiveStatus {
    const { server } = this
    const over = server.now >= endOfTime
    const repeating = this.repeatUntil !== undefined
    const stands = this.paused && !repeating
    return {
      phase: over ? 'ended' : stands ? 'paused' : 'running',
      pace: this.pacer.pace,
      now: inSeconds(server.now),
      events: server.events,
      digest: server.digest(),
      eventsPerSecond: stands ? 0 : this.speed.eventsPerSecond,
      speed: stands ? 0 : this.speed.simulatedPerWall,
      eventMix: stands ? [] : this.mix.shares,
      profileEvery: this.profiles.everySeconds,
      executedSeconds: this.runningMs / 1000,
      slow: this.slow.status,
      until: repeating ? this.options.until : this.goal?.until,
      parameters: server.parameters,
      faults: server.activeFaults,
      fixes: server.activeFixes,
      actions: server.actions,
      alarms: server.alarms,
      toCome: this.timeline.toCome,
      repeatUntil: repeating ? this.options.repeatUntil : undefined,
      reason: repeating ? 'repeating the run up to where it stood' : this.reason,
    }
  }
}
