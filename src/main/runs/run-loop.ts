/**
 * Drives a server against the wall clock: pace, pause, steps, run until. It works in slices of a few
 * milliseconds, so that requests are heard in between; how it is sliced never changes the run.
 */
import {
  formatAction,
  inSeconds,
  instant,
  parseAction,
  seconds,
  type Server,
  type SimTime,
} from '../../sim/index'
import type { RunUntil } from '../../shared/api'
import type { Pace, Round } from '../../shared/frame'
import { holds, parseCondition, secondsMax, type Condition } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { reportRun } from '../formats/run-report'
import { RunStatistics } from '../formats/run-statistics'
import { BatchBuilder } from './batch-builder'
import { Pacer } from './pacer'
import { SpeedMeter } from './speed-meter'
import type { Batch, LiveStatus, Replay, RunRequest } from './protocol'

/** Wall milliseconds that one slice may take. */
const sliceMs = 8
/** Events between two looks at the wall clock. */
const eventsPerLook = 500
/** Wall milliseconds between batches: 4 a second, as often as charts are drawn. More are more pictures of the page, which nobody tells apart. */
const batchMs = 250
/** Wall milliseconds after which a run that is as far as its pace wants goes on. */
const restMs = 50
/** Where simulated time ends. */
const endOfTime = instant(secondsMax * 1e9)

export interface RunLoopOptions {
  readonly pace: Pace
  readonly paused: boolean
  readonly replay: Replay | undefined
  readonly version: string
  /** The wall clock, in milliseconds. */
  readonly wall: () => number
  readonly emit: (batch: Batch) => void
}

export class RunLoop {
  private readonly pacer: Pacer
  private paused: boolean
  private reason = ''
  private condition:
    { readonly words: string; readonly column: number; readonly is: Condition } | undefined
  private conditionMet = false
  /** Run to here, then pause. */
  private until: SimTime | undefined
  private replay:
    { readonly actions: Replay['actions']; next: number; readonly until: SimTime } | undefined
  private lastBatch = Number.NEGATIVE_INFINITY
  private runningMs = 0
  private roundsSent = 0
  private readonly batch: BatchBuilder
  private readonly statistics: RunStatistics
  private readonly speed: SpeedMeter

  constructor(
    private readonly server: Server,
    private readonly options: RunLoopOptions,
  ) {
    this.pacer = new Pacer(options.pace, options.wall)
    this.paused = options.paused
    if (options.replay) {
      const { actions, untilSeconds } = options.replay
      this.replay = { actions, next: 0, until: instant(untilSeconds * 1e9) }
    }
    const { width } = server.counters
    this.batch = new BatchBuilder(width)
    this.statistics = new RunStatistics(width)
    this.speed = new SpeedMeter()
    server.onSample = (at) => this.onSample(at)
    this.pacer.anchor(server.now)
  }

  /** Runs for a few milliseconds. Returns the wall milliseconds to wait before the next slice. */
  slice(): number | undefined {
    if (this.replay) return this.replaySlice(this.replay)
    if (this.paused) return undefined
    const started = this.options.wall()
    const target = this.pacer.target(this.server.now, this.until ?? endOfTime)
    const reached = this.advance(target, started)
    const ended = this.options.wall()
    this.runningMs += ended - started
    if (this.conditionMet && this.condition) {
      this.pause(`paused: ${this.condition.words} at ${inSeconds(this.server.now)} s`)
    } else if (reached && this.until !== undefined && this.server.now >= this.until) {
      this.pause(`paused: reached ${inSeconds(this.server.now)} s`)
    } else if (this.server.now >= endOfTime) {
      this.pause('simulated time ends here: a run is at most 104 days long')
    }
    this.speed.note(ended, this.server.events, inSeconds(this.server.now))
    if (this.paused || ended - this.lastBatch >= batchMs) this.flush()
    if (this.paused) return undefined
    return reached && this.pacer.pace !== 'max' ? Math.max(1, restMs - (ended - started)) : 0
  }

  /** Carries out a request. Where it changed something, a batch with the new status goes out first. */
  request(request: RunRequest): Result<unknown> {
    switch (request.call) {
      case 'snapshot':
        return success(this.server.snapshot(request.structure))
      case 'profile':
        return success(this.server.profile())
      case 'report':
        return success(
          reportRun(this.server, this.statistics, {
            version: this.options.version,
            warmupSeconds: 0,
            wallSeconds: this.runningMs / 1000,
          }),
        )
      default: {
        const refused = this.replay
          ? failure(
              'refused',
              'the run is being repeated up to where it stood; wait until it is there',
            )
          : this.control(request)
        this.flush()
        return refused ?? success(undefined)
      }
    }
  }

  /** Sends what there is: samples, marks, rounds, status. */
  flush(): void {
    this.lastBatch = this.options.wall()
    const marks = this.server.takeMarks()
    const rounds = marks.some((mark) => mark.kind === 'round') ? this.newRounds() : []
    this.options.emit(this.batch.take(this.status(), marks, rounds))
  }

  private control(
    request: Exclude<RunRequest, { call: 'snapshot' | 'profile' | 'report' }>,
  ): Result<never> | undefined {
    switch (request.call) {
      case 'pace':
        this.pacer.pace = request.pace
        this.pacer.anchor(this.server.now)
        return undefined
      case 'pause':
        if (!this.paused) this.pause('')
        return undefined
      case 'resume':
        this.resume()
        return undefined
      case 'step':
        if (!this.paused)
          return failure('refused', 'a run is stepped while it is paused; pause it first')
        this.reason = ''
        this.server.step(request.step)
        return undefined
      case 'runUntil':
        return this.runUntil(request.until)
      case 'act':
        return this.act(request.action)
      case 'clearFaults':
        for (const id of Object.keys(this.server.activeFaults)) {
          const refused = this.act(formatAction({ kind: 'fault', id, intensity: 0 }))
          if (refused) return refused
        }
        return undefined
    }
  }

  private runUntil(until: RunUntil): Result<never> | undefined {
    if (until.kind === 'time') {
      const now = inSeconds(this.server.now)
      if (until.seconds <= now) {
        return failure(
          'out-of-range',
          `${until.seconds} s is over; it is ${now} s now, name a later time`,
        )
      }
      this.resume()
      this.until = instant(until.seconds * 1e9)
      return undefined
    }
    const parsed = parseCondition(until.text)
    if (typeof parsed === 'string') return failure('bad-argument', parsed)
    const column = this.server.counters.column(parsed.counter)
    if (column === undefined) {
      return failure('unknown-counter', `there is no counter ${parsed.counter} in this scenario`)
    }
    this.resume()
    this.condition = { words: until.text.trim(), column, is: parsed }
    return undefined
  }

  /** An action takes place after everything else of its instant, however the run was sliced. */
  private act(words: string): Result<never> | undefined {
    const action = parseAction(words)
    if (typeof action === 'string') return failure('unknown-action', action)
    this.server.advance(this.server.now)
    const refused = this.server.act(action)
    return refused === undefined ? undefined : failure('refused', refused)
  }

  private replaySlice(replay: NonNullable<typeof this.replay>): number {
    const started = this.options.wall()
    const action = replay.actions[replay.next]
    const due = action && action.at * 1e9 <= replay.until ? instant(action.at * 1e9) : undefined
    const reached = this.advance(due ?? replay.until, started)
    const ended = this.options.wall()
    this.runningMs += ended - started
    if (reached && action && due !== undefined) {
      const refused = this.act(action.action)
      if (refused && !refused.ok)
        throw new Error(`${action.action} was refused: ${refused.error.message}`)
      replay.next++
    } else if (reached) {
      this.replay = undefined
      this.pacer.anchor(this.server.now)
    }
    this.speed.note(ended, this.server.events, inSeconds(this.server.now))
    if (!this.replay || ended - this.lastBatch >= batchMs) this.flush()
    return 0
  }

  /** Advances to the target or until the slice is over. True when the target was reached. */
  private advance(target: SimTime, started: number): boolean {
    for (;;) {
      const next = this.condition ? this.nextSecond(target) : target
      const reached = this.server.advance(next, eventsPerLook)
      if (this.conditionMet) return false
      if (reached && next >= target) return true
      if (this.options.wall() - started >= sliceMs) return false
    }
  }

  /** Samples are taken at whole seconds, and a condition has to stop the run right there. */
  private nextSecond(target: SimTime): SimTime {
    const second = seconds(Math.floor(inSeconds(this.server.now)) + 1)
    return instant(Math.min(target, second))
  }

  private onSample(at: SimTime): void {
    const { values } = this.server.counters
    this.batch.add(inSeconds(at), values)
    this.statistics.add(values)
    const { condition } = this
    if (condition && holds(condition.is, values[condition.column] ?? 0)) this.conditionMet = true
  }

  private pause(reason: string): void {
    this.paused = true
    this.reason = reason
    this.forgetGoal()
    this.speed.restart()
  }

  private resume(): void {
    this.paused = false
    this.reason = ''
    this.forgetGoal()
    this.pacer.anchor(this.server.now)
  }

  private forgetGoal(): void {
    this.until = undefined
    this.condition = undefined
    this.conditionMet = false
  }

  private newRounds(): Round[] {
    const rounds = this.server.work().rounds.slice(this.roundsSent)
    this.roundsSent += rounds.length
    return rounds.map(({ number, startSeconds, seconds: length, perHour }) => ({
      number,
      startSeconds,
      seconds: length,
      perHour,
    }))
  }

  private status(): LiveStatus {
    const { server } = this
    const over = server.now >= endOfTime
    return {
      phase: over ? 'ended' : this.paused && !this.replay ? 'paused' : 'running',
      pace: this.pacer.pace,
      now: inSeconds(server.now),
      events: server.events,
      digest: server.digest(),
      eventsPerSecond: this.paused && !this.replay ? 0 : this.speed.eventsPerSecond,
      speed: this.paused && !this.replay ? 0 : this.speed.simulatedPerWall,
      parameters: server.parameters,
      faults: server.activeFaults,
      fixes: server.activeFixes,
      actions: server.actions,
      reason: this.replay ? 'repeating the run up to where it stood' : this.reason,
    }
  }
}
