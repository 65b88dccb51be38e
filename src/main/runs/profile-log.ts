/**
 * What a run's profile gained between samples, by call stack and CPU, so that any part of the run
 * has one. Kept in bounded memory: when the intervals fill it, neighbours are joined, and from then
 * on an interval is twice as long. What is kept is exact, only where a window may begin and end
 * becomes coarser.
 */
import {
  inSeconds,
  type ProfileSnapshot,
  type ProfileTotals,
  type ProfileWindow,
  type Server,
} from '../../sim/index'
import type { TimeWindow } from '../../shared/api'
import { packDifferences } from './packed-differences'
import { PackedIntervals } from './packed-intervals'

/**
 * Memory for the intervals of a run: an hour of SDET second by second, and all of it added up in a
 * moment.
 */
const profileLogBytes = 8 * 2 ** 20

export class ProfileLog {
  private readonly intervals: PackedIntervals
  /** Seconds from which on an interval is long enough to be closed. */
  private every = 0
  private closedAt = 0
  /** The totals when the last interval was closed. */
  private closed: Float64Array[] = []

  constructor(bytesMax = profileLogBytes) {
    this.intervals = new PackedIntervals(bytesMax)
  }

  /** Takes the totals in at a sample. */
  note(seconds: number, totals: ProfileTotals): void {
    if (seconds - this.closedAt < this.every || seconds <= this.closedAt) return
    const columns = columnsOf(totals)
    this.widen(totals.nodes, columns.length)
    const packed = packDifferences(columns, this.closed, totals.nodes)
    while (!this.intervals.hasRoomFor(packed) && this.intervals.count > 1) this.thin(totals)
    this.intervals.add(seconds, packed)
    this.closedAt = seconds
    columns.forEach((column, i) => this.closed[i]?.set(column.subarray(0, totals.nodes)))
  }

  /**
   * What was charged from one instant to another, each at the nearest end of an interval or at the
   * present one, and at least one interval apart. Undefined while there is none.
   * @param totals the totals at the present instant, `now`
   */
  window(from: number, to: number, now: number, totals: ProfileTotals): ProfileWindow | undefined {
    const ends = this.intervals.instants
    if (now > this.closedAt) ends.push(now)
    const last = ends.length - 1
    if (last < 1) return undefined
    let first = Math.min(nearest(ends, from), last - 1)
    let end = nearest(ends, to)
    // A window within one interval is that interval.
    if (end <= first) [first, end] = within(ends, (from + to) / 2)
    const columns = columnsOf(totals)
    const sums = columns.map(() => new Float64Array(totals.nodes))
    this.intervals.addTo(sums, first, Math.min(end, this.intervals.count))
    if (end > this.intervals.count) addOpen(sums, columns, this.closed)
    const cpus = totals.cycles.length
    return {
      fromSeconds: ends[first] ?? 0,
      toSeconds: ends[end] ?? now,
      totals: {
        nodes: totals.nodes,
        cycles: sums.slice(0, cpus),
        samples: sums.slice(cpus, 2 * cpus),
        whileSampling: sums[2 * cpus] ?? new Float64Array(totals.nodes),
        ...(totals.calls && { calls: sums[2 * cpus + 1] }),
        ...(totals.times && { times: sums.slice(-totals.times.length) }),
      },
    }
  }

  /** The profile of a window, as near as it is kept; of the whole run without one. */
  snapshot(server: Server, window: TimeWindow | undefined): ProfileSnapshot {
    if (!window) return server.profile()
    const now = inSeconds(server.now)
    return server.profile(this.window(window.from, window.to, now, server.profileTotals()))
  }

  /** Simulated seconds between the instants at which a window may begin or end, at most. */
  get everySeconds(): number {
    return Math.max(1, this.every)
  }

  /** Bytes of the intervals. */
  get size(): number {
    return this.intervals.size
  }

  private widen(nodes: number, columns: number): void {
    if ((this.closed[0]?.length ?? 0) >= nodes) return
    this.closed = Array.from({ length: columns }, (_, i) => {
      const larger = new Float64Array(2 * nodes)
      larger.set(this.closed[i] ?? [])
      return larger
    })
  }

  private thin(totals: ProfileTotals): void {
    const { nodes } = totals
    const { length } = columnsOf(totals)
    const columns = (): Float64Array[] => Array.from({ length }, () => new Float64Array(nodes))
    const [sums, nothing] = [columns(), columns()]
    this.intervals.join(sums, () => packDifferences(sums, nothing, nodes))
    this.every = this.intervals.instants[1] ?? 0
  }
}

function columnsOf(totals: ProfileTotals): Float64Array[] {
  const { cycles, samples, whileSampling, calls, times } = totals
  return [...cycles, ...samples, whileSampling, ...(calls ? [calls] : []), ...(times ?? [])]
}

/** The interval that is still open: from when the last was closed up to now. */
function addOpen(
  sums: readonly Float64Array[],
  totals: readonly Float64Array[],
  closed: readonly Float64Array[],
): void {
  sums.forEach((sum, column) => {
    for (let node = 0; node < sum.length; node++) {
      sum[node]! += (totals[column]?.[node] ?? 0) - (closed[column]?.[node] ?? 0)
    }
  })
}

/** Index of the end that is nearest to an instant. */
function nearest(ends: readonly number[], instant: number): number {
  let found = 0
  ends.forEach((end, i) => {
    if (Math.abs(end - instant) < Math.abs((ends[found] ?? 0) - instant)) found = i
  })
  return found
}

/** The interval in which an instant lies. */
function within(ends: readonly number[], instant: number): [number, number] {
  const end = ends.findIndex((at) => at > instant)
  const last = end < 1 ? ends.length - 1 : end
  return [last - 1, last]
}
