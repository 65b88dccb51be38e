/**
 * Traces of the present run: from now on, in its own worker; of a past instant, in a second worker
 * that executes the run again up to there, beside the one that goes on.
 */
import type { Trace } from '../../sim/observe/trace'
import type { TraceRequest, TraceState } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import type { WorkerRun, WorkerRunOptions } from './worker-run'

/** Wall milliseconds to wait for the second worker to end. */
const endMs = 2000
/** It keeps no samples that anybody reads. */
const keptBytes = 1024 * 1024

type StartRun = (options: WorkerRunOptions) => Promise<Result<WorkerRun>>
type HowToStart = Pick<WorkerRunOptions, 'workerPath' | 'memoryLimitMb'>

export class Traces {
  /** The run that is executed again, of which run, and to where. */
  private again:
    { readonly run: WorkerRun; readonly of: WorkerRun; readonly until: number } | undefined

  constructor(
    private readonly present: () => Result<WorkerRun>,
    private readonly startRun: StartRun,
    private readonly how: HowToStart,
  ) {}

  async ask(order: TraceRequest): Promise<Result<TraceState>> {
    const run = this.present()
    if (!run.ok) return run
    await this.endAgain()
    if (order.fromSeconds !== undefined)
      return this.executeAgain(run.value, order, order.fromSeconds)
    const asked = await run.value.ask({ call: 'trace', order })
    return asked.ok ? success({ ...asked.value, again: undefined }) : asked
  }

  private async executeAgain(
    of: WorkerRun,
    order: TraceRequest,
    from: number,
  ): Promise<Result<TraceState>> {
    const { now, actions, pace, scenario } = of.status
    if (from > now) {
      return failure(
        'refused',
        `${scenario} has come to ${now} s; a trace of ${from} s can be armed`,
      )
    }
    // A connection may come late; and no rounding may keep the run from the end of the trace.
    const lengths = order.reason === 'connection' ? 2 : 1
    const until = from + (lengths * order.milliseconds + 1) / 1000
    const timeline = actions.filter(({ at }) => at <= until)
    const started = await this.startRun({
      ...this.how,
      number: 0,
      request: { ...of.request, timeline },
      pace,
      paused: true,
      repeatUntil: until,
      sampleMemoryBytes: keptBytes,
      trace: order,
      onBatch: () => undefined,
    })
    if (!started.ok) return started
    this.again = { run: started.value, of, until }
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

  async take(): Promise<Result<Trace>> {
    const run = this.present()
    if (!run.ok) return run
    const { again } = await this.againOf(run.value)
    return (again?.run ?? run.value).ask({ call: 'takeTrace' })
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
    if (this.again && this.again.of !== run) await this.endAgain()
    return { again: this.again }
  }

  private async endAgain(): Promise<void> {
    const { again } = this
    this.again = undefined
    await again?.run.end(endMs)
  }
}
