/** What the load got done: scripts, how long each took, and the rounds. */

/** A finished benchmark round. */
export interface WorkRound {
  readonly number: number
  readonly startSeconds: number
  readonly seconds: number
  readonly perHour: number
}

export interface WorkSummary {
  readonly unit: string
  readonly offered: number
  readonly completed: number
  readonly failed: number
  readonly perSecond: number
  readonly latencyMs: {
    readonly p50: number
    readonly p90: number
    readonly p99: number
    readonly max: number
    readonly mean: number
  }
  readonly rounds: readonly WorkRound[]
}

/** At most this many durations are kept; beyond, every second one is dropped and every second one taken. */
const kept = 1 << 16

export class WorkLog {
  offered = 0
  completed = 0
  failed = 0
  readonly rounds: WorkRound[] = []
  private durations: number[] = []
  private takeEvery = 1
  private seen = 0
  private longest = 0
  private sum = 0

  ended(seconds: number, failed: boolean): void {
    if (failed) {
      this.failed++
      return
    }
    this.completed++
    this.sum += seconds
    if (seconds > this.longest) this.longest = seconds
    if (this.seen++ % this.takeEvery !== 0) return
    this.durations.push(seconds)
    if (this.durations.length < kept) return
    this.durations = this.durations.filter((_, index) => index % 2 === 0)
    this.takeEvery *= 2
  }

  round(number: number, startSeconds: number, seconds: number, scripts: number): void {
    this.rounds.push({ number, startSeconds, seconds, perHour: (scripts / seconds) * 3600 })
  }

  /** @param seconds simulated time that the figures cover */
  summary(unit: string, seconds: number): WorkSummary {
    const sorted = Float64Array.from(this.durations).sort()
    const quantile = (share: number): number =>
      sorted.length === 0
        ? 0
        : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 1000
    return {
      unit,
      offered: this.offered,
      completed: this.completed,
      failed: this.failed,
      perSecond: seconds > 0 ? this.completed / seconds : 0,
      latencyMs: {
        p50: quantile(0.5),
        p90: quantile(0.9),
        p99: quantile(0.99),
        max: this.longest * 1000,
        mean: this.completed > 0 ? (this.sum / this.completed) * 1000 : 0,
      },
      rounds: this.rounds,
    }
  }
}
