import type { LinePoint } from './forecast'
import type { TimeWindow } from '../api'

/** The one counter that a series is read from. */
export interface CounterReading {
  readonly counter: string
  /** How it stands, or how fast a total grows per simulated second. */
  readonly kind: 'level' | 'rate'
  /** From the counter's unit to the chart's. */
  readonly scale: number
  /** The newest of it, for where it is heading. */
  readonly recent: () => readonly LinePoint[]
}

/** Where something of a chart is heading, and what it is when it has come there. */
export interface Trend {
  /** `memory is gone`. */
  readonly words: string
  readonly target: number
  /** What the points are, in words, and their unit. */
  readonly of: string
  readonly unit: string
  readonly recent: () => readonly LinePoint[]
}

/** One series of a chart: its name stands at the end of its line. */
export interface SeriesSpec {
  readonly id: string
  readonly name: string
  /** Custom property that holds its colour: `--s1`. */
  readonly colour: string
  /** Left out where it is made of several counters. */
  readonly reads?: CounterReading | undefined
}

/** What every series shows at one instant. */
export interface Instant {
  /** Simulated seconds of the point that was read. */
  readonly at: number
  /** In the chart's unit, in the order of the series; NaN where there is no value. */
  readonly values: readonly number[]
}

/** The points of a chart over a window. */
export interface ChartReading {
  /**
   * Per series, seconds and value in turn; stacked series carry the sum up to and including theirs.
   */
  readonly lines: readonly Float64Array[]
  /**
   * Per series, seconds, least and largest in turn, where a point stands for so many samples that
   * its line does not say what happened between them.
   */
  readonly bands?: readonly (Float64Array | undefined)[]
  /** Largest value drawn inside the window. */
  readonly peak: number
  /** The newest sample in the window. */
  readonly newest: Instant | undefined
  /** The point nearest to an instant. */
  readonly at: (seconds: number) => Instant | undefined
  /** Simulated seconds from one point to the next: the keyboard's step. */
  readonly step: number
}

export interface ChartSpec {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** Metric, unit and window in a sentence or two. */
  readonly help: string
  /** What single series mean, a sentence each, with what is healthy where that can be said. */
  readonly meanings: readonly string[]
  readonly shape: 'stack' | 'lines' | 'steps'
  readonly series: readonly SeriesSpec[]
  /**
   * End of the value axis: a number, the stack's own height, or (undefined) a round number above
   * the peak.
   */
  readonly end?: number | 'peak'
  /** The axis does not end below this. */
  readonly least?: number
  /** What the chart says while it has nothing to draw. */
  readonly waiting?: string
  /** A value as it stands beside a name, without its unit. */
  readonly number: (value: number) => string
  /** What stands at the right of the title, from the values at an instant. */
  readonly headline: (instant: Instant) => string
  /** Names of the series at an instant, where they are not always the same: `round 5`. */
  readonly namesAt?: (instant: Instant) => readonly string[]
  /** What is told of the near future, where it is steady. */
  readonly trends?: readonly Trend[] | undefined
  /** A word to stand over a stretch of the chart, for charts of rounds. */
  readonly notes?: (range: TimeWindow) => readonly ChartNote[]
  readonly read: (range: TimeWindow, pointsMax: number) => ChartReading
}

export interface ChartNote {
  readonly from: number
  readonly to: number
  readonly value: number
  readonly text: string
  /**
   * It ends where its stretch ends, and may begin before it; otherwise it stands in the middle or
   * not at all.
   */
  readonly atEnd?: boolean
}
