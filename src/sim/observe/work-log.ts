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
  readonly roundsDone: number
  /** The newest `roundsKept` of them. */
  readonly rounds: readonly WorkRound[]
}

/**
 * At most this many durations are kept; beyond, every second one is dropped and every second one
 * taken.
 */
const kept = 1 << 16
/** Rounds that are kept; of more, the oldest are forgotten. */
export const roundsKept = 1 << 12
/** Numbers that a round is kept as: number, start, length, scripts. */
const perRound = 4

/** Its memory is what it is from the start: a run of months is none the larger. */
export class WorkLog {
  offered = 0
  completed = 0
  failed = 0
  private readonly durations = new Float64Array(kept)
  private held = 0
  private takeEvery = 1
  private seen = 0
  private longest = 0
  private sum = 0
  private readonly ring = new Float64Array(roundsKept * perRound)
  private roundsDone = 0
  /** Quantiles of the durations, and how many had been seen when they were taken. */
  private quantiles = { seen: 0, p50: 0, p90: 0, p99: 0 }

  offer(count: number): void {
    this.offered += count
  }

  ended(seconds: number, failed: boolean): void {
    if (failed) {
      this.failed++
      return
    }
    this.completed++
    this.sum += seconds
    if (seconds > this.longest) this.longest = seconds
    if (this.seen++ % this.takeEvery !== 0) return
    const { durations } = this
    durations[this.held++] = seconds
    if (this.held < kept) return
    for (let at = 0; at < kept; at += 2) durations[at / 2] = durations[at]!
    this.held = kept / 2
    this.takeEvery *= 2
  }

  round(number: number, startSeconds: number, seconds: number, scripts: number): void {
    const at = (this.roundsDone++ % roundsKept) * perRound
    this.ring.set([number, startSeconds, seconds, scripts], at)
  }

  /** The newest rounds, in order. */
  private rounds(): WorkRound[] {
    const { ring, roundsDone } = this
    const rounds: WorkRound[] = []
    for (let index = Math.max(0, roundsDone - roundsKept); index < roundsDone; index++) {
      const at = (index % roundsKept) * perRound
      const seconds = ring[at + 2]!
      const perHour = (ring[at + 3]! / seconds) * 3600
      rounds.push({ number: ring[at]!, startSeconds: ring[at + 1]!, seconds, perHour })
    }
    return rounds
  }

  /** Sorted only when a duration has come: whoever watches asks many times between two scripts. */
  private latencies(): Readonly<WorkLog['quantiles']> {
    if (this.quantiles.seen === this.seen) return this.quantiles
    const sorted = this.durations.slice(0, this.held).sort()
    const quantile = (share: number): number =>
      sorted.length === 0
        ? 0
        : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 1000
    const [p50, p90, p99] = [quantile(0.5), quantile(0.9), quantile(0.99)]
    return (this.quantiles = { seen: this.seen, p50, p90, p99 })
  }

  /** @param seconds simulated time that the figures cover */
  summary(unit: string, seconds: number): WorkSummary {
    const { p50, p90, p99 } = this.latencies()
    return {
      unit,
      offered: this.offered,
      completed: this.completed,
      failed: this.failed,
      perSecond: seconds > 0 ? this.completed / seconds : 0,
      latencyMs: {
        p50,
        p90,
        p99,
        max: this.longest * 1000,
        mean: this.completed > 0 ? (this.sum / this.completed) * 1000 : 0,
      },
      roundsDone: this.roundsDone,
      rounds: this.rounds(),
    }
  }
}
