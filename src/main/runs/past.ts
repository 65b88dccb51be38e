/**
 * A past moment of a run, to be looked into: a second worker executes the run again up to there and
 * stands still. Its digests are held against those that were recorded; one that differs ends it.
 */
import type { StartRequest, TimeWindow } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import type { PastState } from '../../shared/recorded-parts'
import { failure, success, type Result } from '../../shared/result'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type { StructureKind, StructureSnapshot } from '../../sim/observe/structures'
import type { Batch } from './protocol'
import type { RunDigest } from './run-tracer'
import type { WorkerRun, WorkerRunOptions } from './worker-run'

/** Wall milliseconds to wait for the second worker to end. */
const endMs = 2000
/** It keeps no samples that anybody reads. */
const keptBytes = 1024 * 1024
/** Instants closer than this are one. */
const same = 1e-6

type StartRun = (options: WorkerRunOptions) => Promise<Result<WorkerRun>>
type HowToStart = Pick<WorkerRunOptions, 'workerPath' | 'memoryLimitMb'>

export interface PastOrder {
  /** The run that it is a moment of; what is there of it already goes on from there. */
  readonly of: unknown
  /** With all of its actions as the timeline. */
  readonly request: StartRequest
  /** Simulated seconds. */
  readonly at: number
  /** Where a window begins that ends there, whose profile is wanted. */
  readonly profileFrom?: number | undefined
  readonly digests: readonly RunDigest[]
}

interface Moment {
  readonly of: unknown
  readonly known: ReadonlyMap<number, string>
  at: number
  readonly profileFrom: number | undefined
  run?: WorkerRun
  equal: number
  failed?: string
}

export class Past {
  private moment: Moment | undefined
  /** A later wish takes the place of an earlier one, however long that takes to end. */
  private wishes = 0

  constructor(
    private readonly startRun: StartRun,
    private readonly how: HowToStart,
  ) {}

  /** How it stands; undefined while no moment is looked into. */
  get state(): PastState | undefined {
    const { moment } = this
    if (!moment) return undefined
    const { at, run, equal, failed } = moment
    const { now = 0, speed = 0, phase = 'starting', repeatUntil } = run?.status ?? {}
    const isThere = phase === 'paused' && repeatUntil === undefined && now >= at - same
    return { at, now: Math.min(now, at), speed, isThere: isThere && !failed, equal, failed }
  }

  /** Goes to a moment, from what is there of the same run where that is before it. */
  async goTo(order: PastOrder): Promise<Result<PastState>> {
    const { state, moment } = this
    const goesOn = moment?.of === order.of && order.profileFrom === undefined
    if (moment?.run && goesOn && state?.isThere && order.at >= moment.at - same) {
      if (order.at > moment.at + same) {
        moment.at = order.at
        await moment.run.ask({ call: 'pace', pace: 'max' })
        const until = { kind: 'time', seconds: order.at } as const
        const going = await moment.run.ask({ call: 'runUntil', until })
        if (!going.ok) return going
      }
      return this.stateNow()
    }
    const own = ++this.wishes
    await this.forget()
    if (own !== this.wishes) return success(givenUp(order.at))
    const known = new Map(order.digests.map(({ at, digest }) => [at, digest]))
    const { at, profileFrom } = order
    const next: Moment = { of: order.of, known, at, profileFrom, equal: 0 }
    this.moment = next
    const started = await this.startRun({
      ...this.how,
      number: 0,
      request: order.request,
      pace: 'max',
      paused: true,
      repeatUntil: at,
      profileFrom,
      sampleMemoryBytes: keptBytes,
      onBatch: (batch) => this.look(next, batch),
    })
    if (this.moment !== next) {
      if (started.ok) await started.value.end(endMs)
      return success(givenUp(order.at))
    }
    if (!started.ok) {
      this.moment = undefined
      return started
    }
    next.run = started.value
    return this.stateNow()
  }

  /** Failure `refused` while it is on its way, or when none is looked into. */
  async snapshot(structure: StructureKind, of?: string): Promise<Result<StructureSnapshot>> {
    const { moment, state } = this
    if (!moment?.run || !state?.isThere) {
      return failure('refused', 'the moment is not there yet; wait until it is')
    }
    return moment.run.ask({ call: 'snapshot', structure, of })
  }

  /** The profile of the window that ends there. Failure `refused` as of a snapshot. */
  async profile(): Promise<Result<ProfileSnapshot>> {
    const { moment, state } = this
    if (!moment?.run || !state?.isThere) {
      return failure('refused', 'the window is not over there yet; wait until it is')
    }
    return moment.run.ask({ call: 'windowProfile' })
  }

  /** That profile, where it is there and of exactly this window of this run. */
  async profileOf(of: unknown, { from, to }: TimeWindow): Promise<ProfileSnapshot | undefined> {
    const { moment } = this
    const isIt = moment?.of === of && moment?.at === to && moment.profileFrom === from
    const profile = isIt ? await this.profile() : undefined
    return profile?.ok === true ? profile.value : undefined
  }

  async forget(): Promise<void> {
    const { moment } = this
    this.moment = undefined
    await moment?.run?.end(endMs)
  }

  private stateNow(): Result<PastState> {
    const { state } = this
    return state ? success(state) : failure('refused', 'no past moment is looked into')
  }

  private look(moment: Moment, batch: Batch | undefined): void {
    if (moment.failed !== undefined) return
    for (const { at, digest } of batch?.trace.digests ?? []) {
      const recorded = moment.known.get(at)
      if (recorded === undefined) continue
      if (recorded === digest) moment.equal++
      else
        moment.failed ??= `it is another run than was recorded, from ${instantWithMs(at)} or before`
    }
    const { run } = moment
    if (run?.died) moment.failed ??= run.status.reason
    if (moment.failed !== undefined) void run?.end(endMs)
  }
}

/** Whoever asked has called it off, or another moment is looked into: that is no error. */
const givenUp = (at: number): PastState => ({
  at,
  now: 0,
  speed: 0,
  isThere: false,
  equal: 0,
  failed: 'it was called off, or another moment is looked into now',
})

/** Events up to an instant, between those of the digests around it; undefined when nobody knows. */
export function eventsAt(
  known: readonly Pick<RunDigest, 'at' | 'events'>[],
  at: number,
): number | undefined {
  const points = [{ at: 0, events: 0 }, ...known]
  const after = points.find((point) => point.at >= at)
  const before = points.findLast((point) => point.at <= at)
  if (!after || !before) return undefined
  if (after.at === before.at) return after.events
  const share = (at - before.at) / (after.at - before.at)
  return before.events + share * (after.events - before.events)
}
