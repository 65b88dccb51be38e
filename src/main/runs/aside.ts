/**
 * A run that is made again beside the one on the screen, up to an instant, as fast as it can. There
 * it takes that one's place, unless it is called off before. The run on the screen is not disturbed
 * until then.
 */
import type { StartRequest } from '../../shared/api'
import { rmSync } from 'node:fs'
import type { AheadStatus, AsideKind, AsideStatus } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import type { Batch } from './protocol'
import type { WorkerRun, WorkerRunOptions } from './worker-run'

/** Wall milliseconds to wait for its worker to end. */
const endMs = 2000

export interface AsideOrder {
  readonly kind: AsideKind
  /** What people call it. */
  readonly title: string
  readonly request: StartRequest
  /** Simulated seconds: where it goes. */
  readonly until: number
  /** The folder of the recording that goes on. */
  readonly recordedIn?: string
  /** What a new recording branches off. */
  readonly origin?: WorkerRunOptions['origin']
  /**
   * What is recorded of it goes with it when it is called off. `held`: it waits where it goes until
   * somebody wants it.
   */
  readonly ahead?: 'held' | 'wanted'
}

type How = Omit<WorkerRunOptions, 'request' | 'repeatUntil' | 'recordedIn' | 'origin' | 'onBatch'>

export interface AsideHost {
  readonly startRun: (options: WorkerRunOptions) => Promise<Result<WorkerRun>>
  /** Something new is to be said of it. */
  readonly onNews: () => void
  /** It is there. From now on it is the host's, and its batches come here. */
  readonly onThere: (run: WorkerRun, orderedBy: symbol | undefined) => void
}

interface Underway {
  readonly order: AsideOrder
  by: symbol | undefined
  /** Nobody wants it yet. */
  held: boolean
  run?: WorkerRun
  /** Why it does not go on. */
  failed?: string
}

export class Aside {
  private underway: Underway | undefined

  constructor(private readonly host: AsideHost) {}

  get status(): AsideStatus | undefined {
    const { underway } = this
    if (!underway || underway.held) return undefined
    const { order, run, failed } = underway
    const { now = 0, speed = 0 } = run?.status ?? {}
    const { kind, title, until } = order
    return { kind, title, now: Math.min(now, until), until, speed, failed }
  }

  /** What waits until somebody wants it: where, and whether it has come there. */
  get waiting(): AheadStatus | undefined {
    const { underway } = this
    if (!underway?.held || underway.failed !== undefined) return undefined
    return { at: underway.order.until, isThere: isThere(underway) }
  }

  /** Somebody wants what goes to this instant. False when nothing does. */
  want(until: number, by?: symbol): boolean {
    const { underway } = this
    if (!underway || underway.order.until !== until || underway.failed !== undefined) return false
    underway.held = false
    underway.by = by
    this.look(underway)
    return true
  }

  /**
   * Begins it. Failure `refused` while another is under way, and what a run that cannot be started
   * fails with. @param by the screen that asks for it
   */
  async begin(
    order: AsideOrder,
    how: How,
    by?: symbol,
    pass: (run: WorkerRun, batch: Batch | undefined) => void = () => undefined,
  ): Promise<Result<null>> {
    if (this.underway?.run && !this.underway.held && this.underway.failed === undefined) {
      const { title } = this.underway.order
      return failure('refused', `${title} is being made again; cancel that, or wait for its end`)
    }
    await this.cancel()
    const underway: Underway = { order, by, held: order.ahead === 'held' }
    this.underway = underway
    const started = await this.host.startRun({
      ...how,
      request: order.request,
      repeatUntil: order.until,
      recordedIn: order.recordedIn,
      origin: order.origin,
      onBatch: (batch) => {
        if (this.underway === underway) this.look(underway)
        else if (underway.run) pass(underway.run, batch)
      },
    })
    if (this.underway !== underway) {
      if (started.ok) await started.value.end(endMs)
      return failure('refused', `${order.title} was called off`)
    }
    if (!started.ok) {
      this.underway = undefined
      return started
    }
    underway.run = started.value
    this.look(underway)
    return success(null)
  }

  /** Calls it off; a recording that it held against stays as it was. */
  async cancel(): Promise<void> {
    const { underway } = this
    this.underway = undefined
    await underway?.run?.end(endMs)
    if (underway?.order.ahead) await discard(underway)
    if (underway) this.host.onNews()
  }

  private look(underway: Underway): void {
    const { run } = underway
    if (!run || underway.failed !== undefined) return
    const { status } = run
    const stopped = run.died ? status.reason : status.recording?.stopped
    if (stopped !== undefined) {
      underway.failed = stopped
      void run.end(endMs)
    } else if (isThere(underway) && !underway.held) {
      this.underway = undefined
      this.host.onThere(run, underway.by)
      return
    }
    this.host.onNews()
  }
}

function isThere({ run, order }: Underway): boolean {
  const { repeatUntil, now = 0 } = run?.status ?? { repeatUntil: 0 }
  return repeatUntil === undefined && now >= order.until
}

/** Nobody has seen it: what was recorded of it is not a run of the library. */
async function discard({ run }: Underway): Promise<void> {
  const folder = await run?.closeRecording()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}
