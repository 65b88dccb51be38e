/** The recording of a run from the command line: `run --record`, `continue`, `branch`. */
import { formatAction, inSeconds, type Server } from '../../sim/index'
import type { TraceFile } from '../../shared/trace-file'
import { keepTrace } from '../recordings/kept-traces'
import { Recorder } from '../recordings/recorder'
import { newRunFile } from '../recordings/new-run-file'
import type { RunFile } from '../recordings/run-file'
import { NewRounds } from '../runs/new-rounds'
import { RunTracer, type RunTrace } from '../runs/run-tracer'
import { SampleRows, type RowsTaken } from '../runs/sample-rows'
import type { RecordPlan } from './record-plan'
import type { RunMarks } from './run-marks'
import type { RunPlan } from './run-options'
import { RunError, UsageError } from './terminal'

export class RunRecording {
  private readonly tracer: RunTracer
  private readonly rounds: NewRounds
  private readonly rows: SampleRows
  private told = false

  static async open(
    server: Server,
    plan: RunPlan,
    record: RecordPlan,
    marks: RunMarks,
  ): Promise<RunRecording> {
    const { again, limitBytes, folder } = record
    const { digests: known = [], last } = again ?? {}
    const options = { limitBytes, known, ...(last && { last }) }
    const opened = again
      ? await Recorder.resume(folder, again.run, options)
      : await Recorder.begin(folder, runFileOf(server, plan, record), options)
    if (opened.ok) return new RunRecording(server, opened.value, marks)
    const { code, message } = opened.error
    throw code === 'refused' ? new UsageError(`--record: ${message}`) : new RunError(message)
  }

  private constructor(
    private readonly server: Server,
    private readonly recorder: Recorder,
    private readonly marks: RunMarks,
  ) {
    this.tracer = new RunTracer(server)
    this.rounds = new NewRounds(server)
    this.rows = new SampleRows(server.counters.width)
  }

  sample(at: number, values: Float64Array): void {
    this.rows.add(at, values)
    this.tracer.note(at)
  }

  /** The profile is about to begin anew. */
  beforeRestart(): void {
    this.tracer.beforeRestart(inSeconds(this.server.now))
  }

  /** Hands on what has come together. @throws RunError when the run is not the recorded one. */
  pass(say: (words: string) => void): void {
    const { recorder, server } = this
    const [rows, trace] = [this.rows.take(), this.tracer.take()]
    if (this.told) return
    this.takeIn(rows, trace)
    const { events } = server
    if (events === recorder.nextHeld) recorder.holdLast(server.digest())
    if (recorder.stopped === undefined) return
    this.told = true
    if (recorder.difference) throw new RunError(recorder.stopped)
    say(`recording stopped: ${recorder.stopped}; the run goes on`)
  }

  private takeIn(rows: RowsTaken, trace: RunTrace): void {
    const marks = this.marks.take()
    const rounds = marks.some(({ kind }) => kind === 'round') ? this.rounds.take() : []
    this.recorder.take({ ...rows, marks, rounds, trace })
  }

  /** At most so many events, and no more than to where the last digest was taken. */
  eventsToHeld(most: number): number {
    const left = (this.recorder.nextHeld ?? Infinity) - this.server.events
    return left > 0 ? Math.min(most, left) : most
  }

  /** A trace of the run is kept with it. */
  async keep(trace: TraceFile, say: (words: string) => void): Promise<void> {
    const kept = await keepTrace(this.recorder.folder, trace)
    if (!kept.ok) say(kept.error.message)
  }

  /** Whether everything was recorded; says it where it was not. */
  end(state: RunFile['state'], reason: string, say?: (words: string) => void): boolean {
    const { server, recorder } = this
    const { events } = server
    if (!this.told && state === 'ended') {
      this.takeIn(this.rows.take(), this.tracer.take(inSeconds(server.now)))
    }
    recorder.stands({
      state,
      reason,
      events,
      seconds: inSeconds(server.now),
      digest: server.digest(),
    })
    recorder.close()
    if (this.told) return false
    if (recorder.stopped === 'closed') return true
    this.told = true
    say?.(`recording stopped: ${recorder.stopped ?? ''}`)
    return false
  }

  /** Gives the folder back without another word, when the run failed. */
  drop(reason: string): void {
    if (this.recorder.stopped === undefined) this.end('died', reason)
  }
}

function runFileOf(server: Server, plan: RunPlan, { origin }: RecordPlan): RunFile {
  const { scenario, title, summary, seed, structures, counters } = server
  const { cpus, clockMHz } = server.profile()
  return newRunFile({
    facts: { scenario, title, summary, seed, structures, counters: counters.specs },
    request: {
      scenario,
      seed,
      parameters: plan.parameters,
      timeline: plan.actions.map(({ seconds: at, action }) => ({
        at,
        action: formatAction(action),
      })),
    },
    machine: { cpus, clockMHz },
    every: plan.everySeconds,
    goal: plan.until ? undefined : plan.forSeconds,
    warmup: plan.warmupSeconds > 0 ? plan.warmupSeconds : undefined,
    origin,
  })
}
