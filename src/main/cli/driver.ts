/** Drives one server through a plan: samples, actions, the end. */
import {
  formatAction,
  inSeconds,
  instant,
  type ProfileSnapshot,
  type Server,
  type SimTime,
} from '../../sim/index'
import { Vmstat } from '../../sim/observe/vmstat'
import { isOfTrace, type TimeWindow } from '../../shared/api'
import { holds } from '../../shared/parse'
import type { ScenarioFile } from '../../shared/scenario-file'
import { csvHeader, csvLine } from '../formats/csv'
import { reportRun, type RunReport } from '../formats/run-report'
import { RunStatistics } from '../formats/run-statistics'
import { VmstatLines } from '../formats/vmstat-text'
import { version } from '../version'
import type { SampleRow } from '../runs/wide-row'
import type { Interruption } from './interruption'
import { WindowProfile } from '../runs/window-profile'
import { SampleSpool } from './sample-spool'
import type { Progress } from './progress'
import type { RunPlan } from './run-options'
import type { RunMarks } from './run-marks'
import type { RunOutputs } from './run-outputs'
import type { RunRecording } from './run-recording'
import { RungAlarms } from './rung-alarms'
import { RunError } from './terminal'

/** Events between two looks at the wall clock. */
const eventsPerLook = 20_000
/** Wall milliseconds after which signals are heard. */
const hearMs = 100

export interface Surroundings {
  readonly progress: Progress
  readonly interruption: Pick<Interruption, 'heard'>
  readonly marks: RunMarks
  readonly recording?: RunRecording | undefined
  /** Says something to people. */
  readonly say?: (words: string) => void
}

type Milestone = 'end of warm-up' | 'window begins' | 'window ends'

export class Driver {
  untilMissed = false
  /** Samples taken so far. */
  samples = 0
  /** Where the run was ended by a signal, in words. */
  interrupted: string | undefined
  /** The alarm that ended the run, with its instant. */
  stoppedBy: string | undefined
  readonly alarms = new RungAlarms()
  private conditionHolds = false
  private wallMs = 0
  private readonly statistics: RunStatistics
  private readonly spool: SampleSpool | undefined
  private readonly inWindow = new WindowProfile()

  constructor(
    private readonly server: Server,
    private readonly plan: RunPlan,
    private readonly outputs: RunOutputs,
    private readonly surroundings: Surroundings,
  ) {
    const { counters } = server
    const { specs, width } = counters
    this.statistics = new RunStatistics(width)
    const vmstat = outputs.wants('vmstat') ? new VmstatLines(new Vmstat(specs)) : undefined
    outputs.write('samples', csvHeader(specs))
    this.spool = plan.exports.length > 0 ? new SampleSpool(width) : undefined
    const goal = plan.until
    const column = goal ? counters.column(goal.condition.counter) : undefined
    server.onSample = (at) => {
      const values = counters.values.subarray(0, width)
      const time = inSeconds(at)
      this.samples++
      this.statistics.add(values)
      this.spool?.add(time, values)
      surroundings.recording?.sample(time, values)
      if (vmstat) outputs.write('vmstat', vmstat.add(time, values))
      if (outputs.wants('samples')) outputs.write('samples', csvLine({ time, values, samples: 1 }))
      if (goal && column !== undefined && holds(goal.condition, values[column] ?? 0))
        this.conditionHolds = true
      this.alarms.look(rounded(time), server.alarms)
      const alarm = server.takeAlarmPause()
      // A run that is made again has been stopped there before.
      if (alarm !== undefined && time > (plan.record?.again?.run.seconds ?? 0))
        this.stoppedBy ??= `alarm ${alarm} at ${rounded(time)} s`
    }
  }

  /** @throws RunError when the model fails, with what makes it happen again. */
  async run(): Promise<void> {
    const { server, plan } = this
    for (const { seconds: at, action } of [...this.milestones(), ...plan.actions].sort(
      (a, b) => a.seconds - b.seconds,
    )) {
      const time = instant(at * 1e9)
      if (at > plan.forSeconds || (this.hasEnded && time > server.now)) break
      await this.advance(time)
      // What is planned for the instant at which the run ended is done: so it is when it is run
      // again.
      if (server.now < time) break
      if (action === 'end of warm-up') {
        this.surroundings.recording?.beforeRestart()
        server.resetStatistics()
        this.statistics.restart(server)
        continue
      }
      if (action === 'window begins' || action === 'window ends') {
        if (action === 'window begins') this.beginWindow()
        else this.inWindow.end(server)
        continue
      }
      // As on the screens, an action takes place after everything else of its instant.
      const refused = server.act(action)
      if (refused !== undefined) {
        throw new RunError(`${formatAction(action)} at ${at} s was refused: ${refused}`)
      }
    }
    const end = instant(plan.forSeconds * 1e9)
    // What an action has set off at the last instant takes place after the end.
    if (server.now < end) await this.advance(end)
    this.inWindow.end(server)
    this.record()
    if (this.conditionHolds || this.stoppedBy !== undefined) return
    if (server.now >= end) this.untilMissed = plan.until !== undefined
    else if (this.surroundings.interruption.heard) {
      this.interrupted = `interrupted at ${rounded(inSeconds(server.now))} s${this.ofPlanned()}`
    }
  }

  /** The run as it was planned and as long as it was, so that it can be run again. */
  scenarioFile(): ScenarioFile {
    const { scenario, seed, parameters, actions } = this.plan
    const timeline = actions.map(({ seconds: at, action }) => ({
      at,
      action: formatAction(action),
    }))
    const about = this.interrupted === undefined ? '' : `This run was ${this.interrupted}.`
    return {
      title: '',
      about,
      scenario: scenario.id,
      seed,
      parameters,
      timeline,
      forSeconds: inSeconds(this.server.now),
    }
  }

  /** What is exported: all of the run, or its window as far as the run has come. */
  get window(): TimeWindow | undefined {
    const { window } = this.plan
    return window && { from: window.from, to: Math.min(window.to, inSeconds(this.server.now)) }
  }

  /** Every sample so far; kept while something is exported. */
  spooled(): Iterable<SampleRow> {
    return this.spool?.each() ?? []
  }

  /** Of what is exported; undefined when the run did not come as far as the window. */
  profile(): ProfileSnapshot | undefined {
    return this.plan.window ? this.inWindow.profile : this.server.profile()
  }

  /** Gives back what it holds outside memory. */
  close(): void {
    this.spool?.close()
  }

  report(): RunReport {
    return reportRun(this.server, this.statistics, {
      version,
      wallSeconds: this.wallMs / 1000,
      interrupted: this.interrupted !== undefined,
      // A run that ended sooner had no warm-up that was left out.
      warmupSeconds: this.statistics.fromSeconds,
    })
  }

  private get hasEnded(): boolean {
    return (
      this.conditionHolds ||
      this.stoppedBy !== undefined ||
      this.surroundings.interruption.heard ||
      this.outputs.allGone
    )
  }

  private beginWindow(): void {
    const { server, plan } = this
    this.inWindow.begin(server)
    if (!plan.window || plan.outputs.trace) return
    if (!plan.exports.some(({ format }) => isOfTrace(format.kind))) return
    const atMostNs = Math.round((plan.window.to - plan.window.from) * 1e9)
    const refused = server.tracer.ask({ reason: 'time', atMostNs })
    if (refused !== undefined) throw new RunError(`the trace was refused: ${refused}`)
  }

  private *milestones(): Generator<{ seconds: number; action: Milestone }> {
    const { warmupSeconds, window, exports } = this.plan
    if (warmupSeconds > 0) yield { seconds: warmupSeconds, action: 'end of warm-up' }
    if (!window || exports.length === 0) return
    yield { seconds: window.from, action: 'window begins' }
    yield { seconds: window.to, action: 'window ends' }
  }

  /** To this instant, or to where the run ends before it. */
  private async advance(target: SimTime): Promise<void> {
    if (this.hasEnded) return
    const { server } = this
    let heard = performance.now()
    do {
      const started = performance.now()
      const reached = this.slice(target)
      this.wallMs += performance.now() - started
      this.surroundings.progress.show(() => this.line())
      this.record()
      await this.outputs.settle()
      if (performance.now() - heard >= hearMs) {
        await new Promise(setImmediate)
        heard = performance.now()
      }
      if (reached) return
    } while (!this.hasEnded)
    // A slice may end amid an instant, which no other run could be told to do.
    this.guarded(() => server.advance(server.now))
  }

  /** With a condition to watch, no further than the next sample, so that it stops right there. */
  private slice(target: SimTime): boolean {
    const { server, plan } = this
    const every = plan.everySeconds * 1e9
    const sample = (Math.floor(server.now / every) + 1) * every
    const stop = plan.until || server.alarmPauses ? instant(Math.min(target, sample)) : target
    const events = this.surroundings.recording?.eventsToHeld(eventsPerLook) ?? eventsPerLook
    return this.guarded(() => server.advance(stop, events)) && stop === target
  }

  private guarded(advance: () => boolean): boolean {
    const { server } = this
    try {
      return advance()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const where = `${inSeconds(server.now)} s of simulated time (${server.scenario}, seed ${server.seed})`
      throw new RunError(`the run failed at ${where}: ${message}`)
    }
  }

  private record(): void {
    const { marks, recording, say } = this.surroundings
    marks.look()
    recording?.pass(say ?? (() => undefined))
  }

  private ofPlanned(): string {
    const { forSeconds, until } = this.plan
    return until ? `, before ${until.words}` : ` of ${forSeconds} s`
  }

  private line(): string {
    const now = inSeconds(this.server.now)
    const { forSeconds, until } = this.plan
    const speed = this.wallMs > 0 ? (now * 1000) / this.wallMs : 0
    const goal = until ? `until ${until.words}` : `of ${forSeconds} s`
    return `${this.server.scenario}: ${now.toFixed(0)} s ${goal}, ${speed.toFixed(0)}× real time`
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000
