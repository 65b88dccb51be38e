/**
 * The object that `run --json` writes: what a run was, and what came of it. `counters` are
 * statistics over the samples after warm-up, of totals as of levels, each in its unit; `last` is
 * the value at the end. `vmstat` are means over the same time, unrounded.
 */
import {
  foldByProcedure,
  inSeconds,
  type Parameters,
  type ProfileRow,
  type Server,
  type WorkSummary,
} from '../../sim/index'
import { Vmstat, vmstatColumns } from '../../sim/observe/vmstat'
import type { RunStatistics } from './run-statistics'

type WorkReport = Omit<WorkSummary, 'rounds'> & {
  readonly rounds: readonly {
    readonly startSeconds: number
    readonly seconds: number
    readonly perHour: number
  }[]
}

export interface RunReport {
  readonly scenario: string
  readonly version: string
  readonly seed: number
  /** Present when a signal ended the run before its end. */
  readonly interrupted?: true
  readonly simulatedSeconds: number
  readonly warmupSeconds: number
  readonly wallSeconds: number
  readonly events: number
  readonly digest: string
  readonly parameters: Parameters
  readonly actions: readonly { readonly at: number; readonly action: string }[]
  readonly counters: Readonly<Record<string, CounterReport>>
  readonly vmstat: Readonly<Record<string, number>>
  readonly work: WorkReport
  /** Of workloads beside the main one, by id; present when there are some. */
  readonly workBeside?: Readonly<Record<string, WorkReport>>
  readonly profile: readonly {
    readonly image: string
    readonly procedure: string
    readonly cycles: number
    readonly share: number
  }[]
  /** Present when the sampler took samples. */
  readonly sampled?: readonly {
    readonly image: string
    readonly procedure: string
    readonly samples: number
    readonly share: number
  }[]
}

interface CounterReport {
  readonly unit: string
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly last: number
}

/** What the server itself does not know. */
export interface ReportContext {
  readonly version: string
  readonly warmupSeconds: number
  readonly wallSeconds: number
  readonly interrupted?: boolean
}

const reportWork = (work: WorkSummary): WorkReport => ({
  ...work,
  rounds: work.rounds.map(({ startSeconds, seconds, perHour }) => ({
    startSeconds,
    seconds,
    perHour,
  })),
})

/** Reports a run as it stands now. Looking changes nothing. */
export function reportRun(
  server: Server,
  statistics: RunStatistics,
  context: ReportContext,
): RunReport {
  server.refreshCounters()
  const { specs, values } = server.counters
  const now = inSeconds(server.now)
  const counters = specs.map((spec, column) => ({
    id: spec.id,
    unit: spec.unit,
    ...statistics.of(column, values[column] ?? 0),
  }))
  const vmstat = new Vmstat(specs).means(
    statistics.startValues,
    values,
    now - statistics.fromSeconds,
    counters.map((counter) => counter.mean),
  )
  const rows = foldByProcedure(server.profile())
  const beside = Object.entries(server.workBeside()).map(
    ([id, work]) => [id, reportWork(work)] as const,
  )
  return {
    scenario: server.scenario,
    version: context.version,
    seed: server.seed,
    ...(context.interrupted ? { interrupted: true } : {}),
    simulatedSeconds: now,
    warmupSeconds: context.warmupSeconds,
    wallSeconds: context.wallSeconds,
    events: server.events,
    digest: server.digest(),
    parameters: server.parameters,
    actions: server.actions.map(({ at, action }) => ({ at, action })),
    counters: Object.fromEntries(counters.map(({ id, ...counter }) => [id, counter])),
    vmstat: Object.fromEntries(
      vmstatColumns('procps-2.0')
        .map((column) => [column, vmstat[column]] as const)
        // Over no time at all there are no shares of CPU: left out, as JSON would make null of
        // them.
        .filter(([, value]) => Number.isFinite(value)),
    ),
    work: reportWork(server.work()),
    ...(beside.length > 0 ? { workBeside: Object.fromEntries(beside) } : {}),
    profile: rows
      .filter((row) => row.cycles > 0)
      .map(({ image, procedure, cycles, share }) => ({ image, procedure, cycles, share })),
    ...sampledRows(rows),
  }
}

function sampledRows(rows: readonly ProfileRow[]): Pick<RunReport, 'sampled'> {
  const total = rows.reduce((sum, row) => sum + row.samples, 0)
  if (total === 0) return {}
  return {
    sampled: rows
      .filter((row) => row.samples > 0)
      .map(({ image, procedure, samples }) => ({
        image,
        procedure,
        samples,
        share: samples / total,
      }))
      .sort((a, b) => b.samples - a.samples),
  }
}
