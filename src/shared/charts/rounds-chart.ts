import type { Round } from '../frame'
import type { ChartNote, Instant } from './chart-spec'
import { grouped } from '../format/number'
import type { TimeWindow } from '../api'
import type { CounterChart, OwnChart, OwnDrawing } from './chart-definition'
import { rate, type ChartSource } from './chart-source'

const endOf = (round: Round): number => round.startSeconds + round.seconds

/** Rounds that reach into a window. */
export const roundsIn = (rounds: readonly Round[], { from, to }: TimeWindow): readonly Round[] =>
  rounds.filter((round) => endOf(round) >= from && round.startSeconds <= to)

/** One level step a round: seconds and scripts per hour in turn. */
export function roundSteps(rounds: readonly Round[]): Float64Array {
  return Float64Array.from(
    rounds.flatMap((round) => [round.startSeconds, round.perHour, endOf(round), round.perHour]),
  )
}

/**
 * The round that was under way at an instant, the last finished one when it lies after all of them.
 */
export function roundAt(rounds: readonly Round[], seconds: number): Round | undefined {
  return rounds.findLast((round) => round.startSeconds <= seconds) ?? rounds[0]
}

/** The round that has not finished, from the end of the last one to now: it has no speed yet. */
function underWay(source: ChartSource, range: TimeWindow): ChartNote[] {
  const { history } = source
  const now = history.time(history.rows - 1)
  const last = source.rounds().at(-1)
  const since = last ? endOf(last) : 0
  if (!(now > since) || now < range.from || since > range.to) return []
  const text = `round ${(last?.number ?? 0) + 1}: ${grouped(now - since)} s so far`
  return [{ from: since, to: Math.min(now, range.to), value: 0, text, atEnd: true }]
}

/** Reads the rounds themselves, which are no counters. */
function drawRounds(source: ChartSource): OwnDrawing {
  let newest: Round | undefined
  const shownAt = (at: number): Instant => ({
    at,
    values: [roundAt(source.rounds(), at)?.perHour ?? NaN],
  })
  return {
    get series() {
      const name = newest ? `round ${newest.number}` : 'first round'
      return [{ id: 'rounds', name, colour: '--s4' }]
    },
    headline: ({ at }) => {
      const round = roundAt(source.rounds(), at)
      return round ? `${grouped(round.seconds, 1)} s a round` : 'first round'
    },
    namesAt: ({ at }) => {
      const round = roundAt(source.rounds(), at)
      return round ? [`round ${round.number}`] : []
    },
    notes: (range) => [
      ...roundsIn(source.rounds(), range).map((round) => ({
        from: round.startSeconds,
        to: endOf(round),
        value: round.perHour,
        text: `${grouped(round.seconds)} s`,
      })),
      ...underWay(source, range),
    ],
    read: (range) => {
      const rounds = roundsIn(source.rounds(), range)
      newest = rounds.at(-1) ?? source.rounds().at(-1)
      return {
        lines: [roundSteps(rounds)],
        peak: Math.max(0, ...rounds.map((round) => round.perHour)),
        newest: newest || source.history.rows > 0 ? shownAt(range.to) : undefined,
        at: shownAt,
        step: newest?.seconds ?? 10,
      }
    },
  }
}

export const roundsChart: OwnChart = {
  id: 'rounds',
  title: 'Rounds',
  unit: 'scripts/h',
  help:
    'Every finished round of the benchmark as a step from its start to its end: scripts per hour, ' +
    'and over the step the seconds it took. A round shows when it has finished. Healthy: the same ' +
    'round after round.',
  shape: 'steps',
  waiting: 'the first round is under way',
  least: 100,
  number: (value) => (Number.isNaN(value) ? '' : grouped(value)),
  draw: drawRounds,
}

/** Scripts beside another workload have rounds too, but nobody counts them. */
export const scriptsChart: CounterChart = {
  id: 'scripts',
  title: 'Scripts',
  unit: '/min',
  help: 'Scripts of SDET that ended well, and those that failed, per simulated minute.',
  shape: 'lines',
  least: 10,
  series: [
    { id: 'ended', name: 'ended', colour: '--s4', value: rate('sdet.completed', 60) },
    { id: 'failed', name: 'failed', colour: '--s5', value: rate('sdet.failed', 60) },
  ],
  headline: (say) => `ended ${say('ended')}`,
}
