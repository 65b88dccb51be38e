/**
 * A published figure run again: what was published, what the model gives, and whether that is
 * within tolerance.
 */

export interface ExperimentPoint {
  readonly series: string
  readonly x: number
  readonly xUnit: string
  /** The published value, or the bound that the text's shape sets. */
  readonly published: number
  readonly simulated: number
  readonly unit: string
  /** Largest share by which simulated may miss published; for a bound 0. */
  readonly tolerance: number
  /**
   * `fitted`: the model was fitted to this point. `predicted`: it was not. `shape`: the text gives
   * no number.
   */
  readonly kind: 'fitted' | 'predicted' | 'shape'
  readonly ok: boolean
}

export interface ExperimentResult {
  readonly passed: boolean
  readonly points: readonly ExperimentPoint[]
  /** What the points alone do not tell: what limited a run. */
  readonly notes?: readonly string[]
}

/**
 * Work of an experiment that needs nothing from its other parts, so that each may have a core of
 * its own.
 */
export interface ExperimentPart<Outcome = unknown> {
  readonly name: string
  /** About how long it takes, beside other parts: seconds of one core of a machine of 2024. */
  readonly weight: number
  /**
   * Runs it to its end; `report` is told what is being done. The outcome is data, which may cross
   * to another thread.
   */
  run(report: (text: string) => void): Outcome
}

export interface Experiment {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly parts: readonly ExperimentPart[]
  /** What the outcomes of all parts, in their order, come to. */
  conclude(outcomes: readonly unknown[]): ExperimentResult
}

/** An experiment whose parts all have outcomes of one type. */
export function experimentOf<Outcome>(plan: {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly parts: readonly ExperimentPart<Outcome>[]
  conclude(outcomes: readonly Outcome[]): ExperimentResult
}): Experiment {
  return {
    ...plan,
    // Whoever runs the parts hands back what they gave, in their order.
    conclude: (outcomes) => plan.conclude(outcomes as readonly Outcome[]),
  }
}

interface Where {
  readonly series: string
  readonly x: number
  readonly xUnit: string
  readonly unit: string
}

/** A point that must lie within a share of the published value. */
export function near(
  where: Where,
  kind: 'fitted' | 'predicted',
  published: number,
  simulated: number,
  tolerance: number,
): ExperimentPoint {
  const ok = Math.abs(simulated - published) <= tolerance * published
  return { ...where, published, simulated, tolerance, kind, ok }
}

type Kind = 'predicted' | 'shape'
type Bound = (where: Where, kind: Kind, bound: number, simulated: number) => ExperimentPoint

/** A point that must not exceed a bound. */
export const atMost: Bound = (where, kind, bound, simulated) =>
  bounded(where, 'at most', kind, bound, simulated, simulated <= bound)

/** A point that must reach a bound. */
export const atLeast: Bound = (where, kind, bound, simulated) =>
  bounded(where, 'at least', kind, bound, simulated, simulated >= bound)

function bounded(
  where: Where,
  words: string,
  kind: Kind,
  published: number,
  simulated: number,
  ok: boolean,
): ExperimentPoint {
  const series = `${where.series} (${words})`
  return { ...where, series, published, simulated, tolerance: 0, kind, ok }
}
