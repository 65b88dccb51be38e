/** What a run's profile gained between two instants, to the cycle: its caller is there at both. */
import { inSeconds, type ProfileSnapshot, type ProfileTotals, type Server } from '../../sim/index'

export class WindowProfile {
  private begun: { readonly seconds: number; readonly totals: ProfileTotals } | undefined
  private taken: ProfileSnapshot | undefined

  /** The window begins at the present instant; the start of the run has nothing before it. */
  begin(server: Server): void {
    const seconds = inSeconds(server.now)
    const totals = copyOf(server.profileTotals())
    this.begun = { seconds, totals: seconds > 0 ? totals : { ...totals, nodes: 0 } }
  }

  /** It ends here; of two ends the first counts. */
  end(server: Server): void {
    if (!this.begun || this.taken) return
    const { seconds: fromSeconds, totals } = this.begun
    this.taken = server.profile({
      fromSeconds,
      toSeconds: inSeconds(server.now),
      totals: growthOf(totals, server.profileTotals()),
    })
  }

  /** Undefined when the run did not come to where the window begins. */
  get profile(): ProfileSnapshot | undefined {
    return this.taken
  }
}

function copyOf({ nodes, ...of }: ProfileTotals): ProfileTotals {
  const copy = (column: Float64Array): Float64Array => column.slice(0, nodes)
  return {
    nodes,
    cycles: of.cycles.map(copy),
    samples: of.samples.map(copy),
    whileSampling: copy(of.whileSampling),
    ...(of.calls && { calls: copy(of.calls) }),
    ...(of.times && { times: of.times.map(copy) }),
  }
}

function growthOf(before: ProfileTotals, after: ProfileTotals): ProfileTotals {
  const { nodes } = after
  const growth = (of: Float64Array, from: Float64Array | undefined): Float64Array =>
    of.slice(0, nodes).map((value, node) => value - (node < before.nodes ? (from?.[node] ?? 0) : 0))
  return {
    nodes,
    cycles: after.cycles.map((of, cpu) => growth(of, before.cycles[cpu])),
    samples: after.samples.map((of, cpu) => growth(of, before.samples[cpu])),
    whileSampling: growth(after.whileSampling, before.whileSampling),
    ...(after.calls && { calls: growth(after.calls, before.calls) }),
    ...(after.times && { times: after.times.map((of, i) => growth(of, before.times?.[i])) }),
  }
}
