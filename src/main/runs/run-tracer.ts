/**
 * What a recording has of a run beside its samples and marks: the profile's gain by call stack in
 * intervals of 10 simulated seconds, and the digest of every simulated minute. Taken at samples, so
 * it changes nothing in the run.
 */
import type { CallStack, ProfileTotals, Server } from '../../sim/index'
import { packDifferences } from './packed-differences'

/** Simulated seconds of an interval of the profile, and between digests. */
export const profileIntervalSeconds = 10
const digestSeconds = 60
/** Wall milliseconds between parts of an interval: what a killed program loses at a slow pace. */
const partMs = 1000

/** What was charged in an interval, packed column by column: by CPU, samples, while sampling. */
export interface ProfileInterval {
  readonly from: number
  readonly to: number
  readonly nodes: number
  readonly packed: Uint8Array
}

export interface RunDigest {
  readonly at: number
  readonly events: number
  readonly digest: string
}

/** Since the last one. */
export interface RunTrace {
  /** Call stacks that are new: nodes from `firstStack` on. */
  readonly firstStack: number
  readonly stacks: readonly CallStack[]
  readonly profile: readonly ProfileInterval[]
  /** The interval that is not over, as far as it has come, where somebody asked for it. */
  readonly part?: ProfileInterval | undefined
  readonly digests: readonly RunDigest[]
}

export class RunTracer {
  private profile: ProfileInterval[] = []
  private digests: RunDigest[] = []
  private before: Float64Array[] = []
  private closedAt = 0
  private stacksTold = 0
  private nextDigest = digestSeconds
  private lastPart = Number.NEGATIVE_INFINITY

  constructor(private readonly server: Server) {}

  /** A sample was taken at this simulated second. */
  note(at: number): void {
    const { server } = this
    if (at - this.closedAt >= profileIntervalSeconds) this.closeInterval(at)
    if (at < this.nextDigest) return
    this.digests.push({ at, events: server.events, digest: server.digest() })
    this.nextDigest = (Math.floor(at / digestSeconds) + 1) * digestSeconds
  }

  /** The profile is about to begin anew: the end of warm-up. */
  beforeRestart(at: number): void {
    if (at > this.closedAt) this.closeInterval(at)
    this.before = []
  }

  /**
   * @param partTo the present instant, where the interval that is not over is wanted as well
   * @param wall milliseconds: in a second there is one such part at most
   */
  take(partTo?: number, wall = Infinity): RunTrace {
    const { profile, digests, stacksTold: firstStack } = this
    const isDue = partTo !== undefined && partTo > this.closedAt && wall - this.lastPart >= partMs
    const part = isDue ? this.gained(partTo) : undefined
    if (Number.isFinite(wall) && isDue) this.lastPart = wall
    const stacks = profile.length > 0 || part ? this.server.profileStacks(firstStack) : []
    this.profile = []
    this.digests = []
    this.stacksTold += stacks.length
    return { firstStack, stacks, profile, part, digests }
  }

  private closeInterval(at: number): void {
    this.profile.push(this.gained(at))
    const { nodes, ...totals } = this.server.profileTotals()
    this.keep(columnsOf(totals), nodes)
    this.closedAt = at
  }

  private gained(to: number): ProfileInterval {
    const totals = this.server.profileTotals()
    const packed = packDifferences(columnsOf(totals), this.before, totals.nodes)
    return { from: this.closedAt, to, nodes: totals.nodes, packed }
  }

  /** In arrays that are kept for the next time. */
  private keep(columns: readonly Float64Array[], nodes: number): void {
    const room = this.before[0]?.length ?? 0
    if (room < nodes) this.before = columns.map(() => new Float64Array(2 * nodes))
    columns.forEach((column, c) => this.before[c]?.set(column.subarray(0, nodes)))
  }
}

const columnsOf = ({
  cycles,
  samples,
  whileSampling,
}: Pick<ProfileTotals, 'cycles' | 'samples' | 'whileSampling'>): Float64Array[] => [
  ...cycles,
  ...samples,
  whileSampling,
]
