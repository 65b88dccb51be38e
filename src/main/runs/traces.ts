/**
 * Traces of the present run: from now on, in its own worker; of a past instant, in a second worker
 * that executes the run again up to there, beside the one that goes on. So is a run that was
 * recorded.
 */
import type { Trace } from '../../sim/observe/trace'
import type { StartRequest, TraceRequest, TraceState } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import type { WorkerRun, WorkerRunOptions } from './worker-run'

/** Wall milliseconds to wait for the second worker to end. */
const endMs = 2000
/** It keeps no samples that anybody reads. */
const keptBytes = 1024 * 1024

type StartRun = (options: WorkerRunOptions) => Promise<Result<WorkerRun>>
type HowToStart = Pick<WorkerRunOptions, 'workerPath' | 'memoryLimitMb'>

/** A run that can be executed again, as far as it has come. */
export interface RunBefore {
  readonly request: StartRequest
  readonly seconds: number
  /** The recording that it is read from; undefined for the present run. */
  readonly recording: string | undefined
}

export interface TakenOf {
  readonly trace: Trace
  readonly scenario: string
  readonly seed: number
  /** The recording that it is of, where that is not the present run's. */
  readonly recording: string | undefined
}

export class Traces {
  /** The run that is executed again, of which run, and to where. */
  private again:
    | {
        readonly run: WorkerRun
        /** Undefined where it is of a recording. */
        readonly of: WorkerRun | undefined
        readonly before: RunBefore
        readonly until: number
      }
    | undefined

  constructor(
    private readonly present: () => Result<WorkerRun>,
    private readonly startRun: StartRun,
    private readonly how: HowToStart,
  ) {}

  async ask(order: TraceRequest, recorded?: RunBefore): Promise<Result<TraceState>> {
    const run = this.present()
    if (!run.ok) return run
    await this.endAgain()
    if (recorded) return this.executeAgain(undefined, recorded, order)
    if (order.fromSeconds !== undefined) {
      const { now: seconds, actions } = run.value.status
      const request = { ...run.value.request, timeline: actions }
      const before = { request, seconds, recording: undefined }
      return this.executeAgain(run.value, before, order)
    }
    const asked = await run.value.ask({ call: 'trace', order })
    return asked.ok ? success({ ...asked.value, again: undefined }) : asked
  }

  private async executeAgain(
    of: WorkerRun | undefined,
    before: RunBefore,
    order: TraceRequest,
  ): Promise<Result<TraceState>> {
    const { request, seconds } = before
    const { fromSeconds: from } = order
    if (from === undefined) {
      return failure('refused', 'a recording is over: say from which instant of it a trace is')
    }
    if (from > seconds) {
      return failure(
        'refused',
        `${request.scenario} has come to ${seconds} s, and not to ${from} s`,
      )
    }
    // A connection may come late; and no rounding may keep the run from the end of the trace.
    const lengths = order.reason === 'connection' ? 2 : 1
    const until = from + (lengths * order.milliseconds + 1) / 1000
    const timeline = (request.timeline ?? []).filter(({ at }) => at <= until)
    const started = await this.startRun({
      ...this.how,
      number: 0,
      request: { ...request, timeline },
      pace: 'max',
      paused: true,
      repeatUntil: until,
      sampleMemoryBytes: keptBytes,
      trace: order,
      onBatch: () => undefined,
    })
    if (!started.ok) return started
    this.again = { run: started.value, of, before, until }
    return this.state()
  }

  async state(): Promise<Result<TraceState>> {
    const run = this.present()
    if (!run.ok) return run
    const { again } = await this.againOf(run.value)
    const state = await (again?.run ?? run.value).ask({ call: 'traceState' })
    if (!state.ok) return state
    const where = again && { now: again.run.status.now, until: again.until }
    return success({ ...state.value, again: where })
  }

  async take(): Promise<Result<TakenOf>> {
    const run = this.present()
    if (!run.ok) return run
    const { again } = await this.againOf(run.value)
    const { scenario, seed } = again?.before.request ?? run.value.request
    const taken = await (again?.run ?? run.value).ask({ call: 'takeTrace' })
    if (!taken.ok) return taken
    return success({ trace: taken.value, scenario, seed, recording: again?.before.recording })
  }

  async forget(): Promise<Result<TraceState>> {
    const run = this.present()
    if (!run.ok) return run
    await this.endAgain()
    const state = await run.value.ask({ call: 'forgetTrace' })
    return state.ok ? success({ ...state.value, again: undefined }) : state
  }

  async close(): Promise<void> {
    await this.endAgain()
  }

  /** What was executed again belongs to its run, and goes with it. */
  private async againOf(run: WorkerRun): Promise<{ again: Traces['again'] }> {
    if (this.again?.of && this.again.of !== run) await this.endAgain()
    return { again: this.again }
  }

  private async endAgain(): Promise<void> {
    const { again } = this
    this.again = undefined
    await again?.run.end(endMs)
  }
}
