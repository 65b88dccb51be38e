/**
 * Where a run's past is read from, whether it lives, stands still, has ended, or was recorded by
 * another program: rows of samples at a resolution, what happened, and the profile of any part.
 */
import type { RangeRequest, RunRange, TimeWindow } from '../../shared/api'
import type { Mark, Round } from '../../shared/frame'
import type { Result } from '../../shared/result'
import type { CounterSpec } from '../../sim/observe/counters'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { SampleTiers } from './sample-tiers'
import { totalsOf, type SampleRow } from './wide-row'

export interface RunStore {
  /** Between two instants, in at most as many rows as are asked for. */
  range(request: RangeRequest): Promise<Result<RunRange>>
  /**
   * What was charged between two instants, each moved to the nearest at which an interval ends; the
   * answer says to which.
   */
  profileBetween(window: TimeWindow): Promise<Result<ProfileSnapshot>>
  /**
   * Every kept sample in order, at the finest resolution that is kept. Can be gone through several
   * times.
   */
  rows(): Iterable<SampleRow>
}

/** Marks and rounds kept in memory; of more, the oldest are left out. */
const keptMarks = 50_000

/** Rows of more than this many simulated seconds are in memory for as long as it goes on. */
const coarsest = 600

/** Samples, marks and rounds of a run that this program runs, in memory. */
export class RunMemory {
  readonly samples: SampleTiers
  private marks: readonly Mark[] = []
  private rounds: readonly Round[] = []

  constructor(counters: readonly CounterSpec[], limitBytes: number) {
    this.samples = new SampleTiers(counters.length, limitBytes, totalsOf(counters))
  }

  /** @returns what it has to say of it itself */
  takeSamples(rows: number, time: Float64Array, values: Float64Array): Mark[] {
    const { width } = this.samples
    const said: Mark[] = []
    for (let row = 0; row < rows; row++) {
      const at = time[row] ?? 0
      if (!this.samples.append(at, values.subarray(row * width, (row + 1) * width))) continue
      const text =
        'from here on older samples are kept as rows of 10 s and more, to stay within memory'
      said.push({ at, kind: 'note', text })
    }
    return said
  }

  takeEvents(marks: readonly Mark[], rounds: readonly Round[]): void {
    if (marks.length > 0) this.marks = [...this.marks, ...marks].slice(-keptMarks)
    if (rounds.length > 0) this.rounds = [...this.rounds, ...rounds].slice(-keptMarks)
  }

  get happened(): Pick<RunRange, 'marks' | 'rounds'> {
    return { marks: this.marks, rounds: this.rounds }
  }

  /** Whether a range is kept in memory as finely as it is asked for. */
  has({ from, to, rows }: RangeRequest): boolean {
    return from >= this.samples.wholeAfter || to - from > coarsest * rows
  }

  range({ from, to, rows }: RangeRequest): RunRange {
    const samples = this.samples.block(rows, from, to)
    return { samples, ...eventsBetween(this.marks, this.rounds, { from, to }) }
  }
}

/** What happened between two instants, both included. */
export function eventsBetween(
  marks: readonly Mark[],
  rounds: readonly Round[],
  { from, to }: TimeWindow,
): Pick<RunRange, 'marks' | 'rounds'> {
  return {
    marks: marks.filter(({ at }) => at >= from && at <= to),
    rounds: rounds.filter(
      ({ startSeconds, seconds }) => startSeconds + seconds >= from && startSeconds <= to,
    ),
  }
}
