import type { Round } from '../../shared/frame'
import type { TimeRange } from './live'

/** What the numbers of a run are measured against: a stretch of the run itself. */
export interface BaselineStretch extends TimeRange {
  /** What it is, in words: `round 2`, `30 s after warm-up`. */
  readonly words: string
  /** Somebody set it; otherwise it was found. */
  readonly chosen: boolean
}

/** What is known of a run when its baseline is looked for. */
export interface RunSoFar {
  /** The main workload runs in rounds, whether one has finished or not. */
  readonly inRounds: boolean
  readonly rounds: readonly Round[]
  /** Simulated seconds of the newest sample. */
  readonly newest: number
  /** When something was first done to the run; Infinity while nothing was. */
  readonly firstAction: number
}

/**
 * Simulated seconds in which a machine that has just booted finds its pace; assumed, seen in all
 * scenarios.
 */
const warmUpSeconds = 10
/** Length of a baseline where there are no rounds. */
const usualSeconds = 30
/** A shorter stretch tells nothing about how much a number scatters. */
const leastSeconds = 10

const endOf = (round: Round): number => round.startSeconds + round.seconds
const ofRound = (round: Round, chosen: boolean): BaselineStretch => ({
  from: round.startSeconds,
  to: endOf(round),
  words: `round ${round.number}`,
  chosen,
})

/**
 * The baseline of a run by itself, undefined until there is one. In rounds it is the second: the
 * first one fills the caches. Otherwise it is the time after warm-up. Nothing may have been done to
 * the run before its end; where that was done early, what had gone before it has to do.
 */
export function findBaseline(run: RunSoFar): BaselineStretch | undefined {
  const second = run.inRounds ? run.rounds.find(({ number }) => number === 2) : undefined
  if (second && endOf(second) <= run.firstAction) return ofRound(second, false)

  const isDisturbed = run.firstAction <= run.newest
  if (run.inRounds && !isDisturbed) return undefined
  const until = Math.min(run.firstAction, run.newest)
  const from = run.inRounds ? Math.max(warmUpSeconds, until - usualSeconds) : warmUpSeconds
  const to = Math.min(until, from + usualSeconds)
  const seconds = Math.floor(to - from)
  if (seconds < (isDisturbed ? leastSeconds : usualSeconds)) return undefined
  return { from, to, words: `${seconds} s after warm-up`, chosen: false }
}

/**
 * The baseline around an instant that somebody points at: the round that it lies in, or the seconds
 * up to it. Undefined where there is too little to measure.
 */
export function baselineAround(at: number, run: RunSoFar): BaselineStretch | undefined {
  const finished = run.rounds.filter((round) => endOf(round) <= run.newest)
  const round = finished.findLast(({ startSeconds }) => startSeconds <= at)
  if (run.inRounds && round) return ofRound(round, true)
  const to = Math.min(at, run.newest)
  const from = Math.max(0, to - usualSeconds)
  if (to - from < leastSeconds) return undefined
  return { from, to, words: `${Math.floor(to - from)} s`, chosen: true }
}
