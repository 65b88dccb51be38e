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
  readonly digests: readonly RunDigest[]
}

export class RunTracer {
  private profile: ProfileInterval[] = []
  private digests: RunDigest[] = []
  private before: Float64Array[] = []
  private closedAt = 0
  private stacksTold = 0
  private nextDigest = digestSeconds

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

  take(): RunTrace {
    const { profile, digests, stacksTold: firstStack } = this
    const stacks = profile.length > 0 ? this.server.profileStacks(firstStack) : []
    this.profile = []
    this.digests = []
    this.stacksTold += stacks.length
    return { firstStack, stacks, profile, digests }
  }

  private closeInterval(at: number): void {
    const totals = this.server.profileTotals()
    const columns = columnsOf(totals)
    const packed = packDifferences(columns, this.before, totals.nodes)
    this.profile.push({ from: this.closedAt, to: at, nodes: totals.nodes, packed })
    this.before = columns.map((column) => column.slice(0, totals.nodes))
    this.closedAt = at
  }
}

const columnsOf = ({ cycles, samples, whileSampling }: ProfileTotals): Float64Array[] => [
  ...cycles,
  ...samples,
  whileSampling,
]
