/** Says where a run should be by now: simulated time at a pace against the wall clock. */
import { instant, type SimTime } from '../../sim/index'
import type { Pace } from '../../shared/frame'

/** Wall milliseconds of delay that are made up for; what lies further back is let go. */
const debtMs = 250

export class Pacer {
  /** In place of the pace while slow motion goes on. */
  slow: number | undefined
  /** Simulated nanoseconds and wall milliseconds that belong together. */
  private from = { now: 0, wall: 0 }

  /** @param wall the wall clock in milliseconds. */
  constructor(
    public pace: Pace,
    private readonly wall: () => number,
  ) {}

  /** From here on: this simulated instant is the present wall instant. */
  anchor(now: SimTime): void {
    this.from = { now, wall: this.wall() }
  }

  /** The instant to advance to, between `now` and `limit`. */
  target(now: SimTime, limit: SimTime): SimTime {
    const pace = this.slow ?? this.pace
    if (pace === 'max') return limit
    const nsPerMs = pace * 1e6
    let due = this.from.now + (this.wall() - this.from.wall) * nsPerMs
    const tooFarBehind = due - now - debtMs * nsPerMs
    if (tooFarBehind > 0) {
      this.from.now -= tooFarBehind
      due -= tooFarBehind
    }
    return instant(Math.min(Math.max(now, Math.floor(due)), limit))
  }
}
