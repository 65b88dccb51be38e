/** What the main workload gets done: its log, and the counters `work.*`, which no reboot resets. */
import type { CounterRegistry } from '../observe/counters'
import type { WorkSummary } from '../observe/work-log'
import { WorkLog } from '../observe/work-log'
import type { WorkObserver } from '../observe/work-observer'
import type { Workload } from '../workloads/workload'
import type { Marks } from './marks'

export const capital = (word: string): string => word[0].toUpperCase() + word.slice(1)

/** Columns of the counters `work.*`; a load without rounds has none of them. */
function declareColumns(counters: CounterRegistry, { unit, hasRounds }: Workload) {
  const work = (id: string, of: string, kind: 'gauge' | 'monotonic', help: string): number =>
    counters.declare({ id: `work.${id}`, unit: of, kind, help })
  return {
    completed: work('completed', unit, 'monotonic', `${capital(unit)} that ended well.`),
    failed: work('failed', unit, 'monotonic', `${capital(unit)} that failed.`),
    round: hasRounds
      ? {
          number: work('round', '1', 'gauge', 'Number of the round that is running.'),
          seconds: work('roundSeconds', 's', 'gauge', 'How long the last finished round took.'),
          perHour: work('perHour', `${unit}/h`, 'gauge', 'Throughput of the last finished round.'),
        }
      : undefined,
  }
}

export class MainWork implements WorkObserver {
  private log = new WorkLog()
  private readonly columns
  private readonly unit: string
  private round = 0
  private completed = 0
  private failed = 0
  private roundSeconds = 0
  private perHour = 0

  constructor(
    private readonly counters: CounterRegistry,
    private readonly marks: Marks,
    workload: Workload,
  ) {
    this.unit = workload.unit
    this.columns = declareColumns(counters, workload)
  }

  offered(count: number): void {
    this.log.offered += count
  }

  ended(took: number, failed: boolean): void {
    this.log.ended(took, failed)
    if (failed) this.failed++
    else this.completed++
  }

  roundBegan(): void {
    this.round++
  }

  roundEnded(start: number, took: number, count: number): void {
    this.log.round(this.round, start, took, count)
    this.roundSeconds = took
    this.perHour = (count / took) * 3600
    const text = `round ${this.round}: ${Math.round(this.perHour)} ${this.unit}/h`
    this.marks.add({ at: start + took, kind: 'round', text })
  }

  refresh(): void {
    const { columns } = this
    const { values } = this.counters
    values[columns.completed] = this.completed
    values[columns.failed] = this.failed
    if (columns.round) {
      values[columns.round.number] = this.round
      values[columns.round.seconds] = this.roundSeconds
      values[columns.round.perHour] = this.perHour
    }
  }

  /** @param seconds simulated time since the start, or since `restart` */
  summary(seconds: number): WorkSummary {
    return this.log.summary(this.unit, seconds)
  }

  /** The log begins anew; the counters go on. */
  restart(): void {
    this.log = new WorkLog()
  }
}
