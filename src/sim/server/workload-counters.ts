/** Counters of the workloads: where each is, and how it is read. */
import type { CounterRegistry, CounterSpec } from '../observe/counters'
import type { WorkObserver } from '../observe/work-observer'
import type { WorkSummary } from '../observe/work-log'
import { WorkLog } from '../observe/work-log'
import type { Workload, WorkloadRun } from '../workloads/workload'
import { capital } from './main-work'

interface ReadCounter {
  readonly column: number
  readonly read: () => number
  /** Of a total that begins anew with each boot: what earlier boots came to. */
  readonly kept: { total: number } | undefined
}

export class WorkloadCounters {
  /** Work of workloads beside the main one, by id. */
  private readonly beside = new Map<string, { readonly unit: string; log: WorkLog }>()
  private readonly list: ReadCounter[] = []

  constructor(private readonly counters: CounterRegistry) {}

  /** Those that a workload brings, read from its run. */
  declareOf(workload: Workload, run: WorkloadRun): void {
    for (const { id, unit, kind, help, shared, read } of workload.counters) {
      if (shared && this.counters.column(id) !== undefined) continue
      const kept = kind === 'monotonic' ? { total: 0 } : undefined
      this.declare({ id, unit, kind, help }, () => read(run), kept)
    }
  }

  /** Of a workload beside the main one, only what got done is counted. */
  declareBeside({ id, unit }: Workload): WorkObserver {
    this.beside.set(id, { unit, log: new WorkLog() })
    const log = (): WorkLog | undefined => this.beside.get(id)?.log
    const done = { completed: 0, failed: 0 }
    for (const of of ['completed', 'failed'] as const) {
      const help = `${capital(unit)} of ${id}, which runs beside the main workload: ${of}.`
      this.declare({ id: `${id}.${of}`, unit, kind: 'monotonic', help }, () => done[of])
    }
    return {
      offered: (count) => void log()?.offer(count),
      ended: (took, failed) => {
        log()?.ended(took, failed)
        done[failed ? 'failed' : 'completed']++
      },
      roundBegan: () => undefined,
      roundEnded: () => undefined,
    }
  }

  /** What workloads beside the main one got done, by id. @param seconds since `restart` */
  summaries(seconds: number): Record<string, WorkSummary> {
    return Object.fromEntries(
      [...this.beside].map(([id, { unit, log }]) => [id, log.summary(unit, seconds)]),
    )
  }

  /** Their logs begin anew; the counters go on. */
  restart(): void {
    for (const of of this.beside.values()) of.log = new WorkLog()
  }

  private declare(spec: CounterSpec, read: () => number, kept?: { total: number }): void {
    this.list.push({ column: this.counters.declare(spec), read, kept })
  }

  refresh(): void {
    const { values } = this.counters
    for (const { column, read, kept } of this.list) values[column] = read() + (kept?.total ?? 0)
  }

  /** The kernel that is read goes away: what its totals have come to is kept. */
  keep(): void {
    for (const { read, kept } of this.list) if (kept) kept.total += read()
  }
}
