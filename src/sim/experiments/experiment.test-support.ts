import type { Experiment, ExperimentResult } from './experiment'

/** Runs an experiment here, one part after another. */
export const outcomeOf = ({ parts, conclude }: Experiment): ExperimentResult =>
  conclude(parts.map((part) => part.run(() => undefined)))
