/** What a report says of a run in numbers, for its tables and for whoever reads them by program. */
import {
  foldByProcedure,
  type ProfileRow,
  type ProfileSnapshot,
} from '../../../../sim/observe/profile'
import { vmstatColumns } from '../../../../sim/observe/vmstat'
import { vmstatOf } from '../../vmstat-text'
import type { Charted } from '../charted'
import type { Exportable } from '../exportable'

export interface Figures {
  readonly procedures: readonly ProfileRow[]
  readonly cycles: number
  readonly samples: number
  readonly counters: readonly CounterFigures[]
  /** Means by column, over the time between the first and the last sample. */
  readonly vmstat: readonly (readonly [string, number])[]
  /** Why there are none of them, in words. */
  readonly whyNoVmstat: string
}

export interface CounterFigures {
  readonly id: string
  readonly unit: string
  readonly help: string
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly last: number
}

export function figuresOf(
  source: Exportable,
  profile: ProfileSnapshot | undefined,
  charted: Charted,
): Figures {
  const procedures = profile ? foldByProcedure(profile) : []
  const counters = source.counters.map(({ id, unit, help }, column) => ({
    id,
    unit,
    help,
    ...charted.statistics.of(column, charted.last[column] ?? 0),
  }))
  return {
    procedures,
    cycles: procedures.reduce((sum, row) => sum + row.cycles, 0),
    samples: procedures.reduce((sum, row) => sum + row.samples, 0),
    counters,
    ...meansOf(source, charted, counters),
  }
}

function meansOf(
  source: Exportable,
  { firstTime, first, lastTime, last }: Charted,
  counters: readonly CounterFigures[],
): Pick<Figures, 'vmstat' | 'whyNoVmstat'> {
  // A whole run begins at nothing, a window at its first sample.
  const [from, start] = source.window ? [firstTime, first] : [0, new Float64Array(last.length)]
  if (!(lastTime > from)) {
    return { vmstat: [], whyNoVmstat: 'one sample has no rates; choose a longer window' }
  }
  const reader = vmstatOf(source.counters)
  if (!reader.ok) return { vmstat: [], whyNoVmstat: reader.error.message }
  const means = reader.value.means(
    start,
    last,
    lastTime - from,
    counters.map(({ mean }) => mean),
  )
  const vmstat = vmstatColumns('procps-2.0')
    .map((column): [string, number] => [column, means[column]])
    .filter(([, value]) => Number.isFinite(value))
  return { vmstat, whyNoVmstat: '' }
}

/** As `run --json` has it, so that `compare` reads a report as it reads that. */
export function reportObject(source: Exportable, figures: Figures): object {
  const { about, window, rounds } = source
  const share = (samples: number): number => samples / figures.samples
  const sampled = figures.procedures
    .filter(({ samples }) => samples > 0)
    .map(({ image, procedure, samples }) => ({ image, procedure, samples, share: share(samples) }))
  const counters = figures.counters.map(({ id, unit, mean, min, max, last }) => [
    id,
    { unit, mean, min, max, last },
  ])
  return {
    scenario: about.scenario || undefined,
    version: about.version || undefined,
    seed: about.seed,
    digest: about.digest || undefined,
    simulatedSeconds: window?.to ?? about.runSeconds,
    warmupSeconds: window?.from ?? 0,
    parameters: about.changed,
    actions: about.actions,
    counters: Object.fromEntries(counters) as object,
    vmstat: Object.fromEntries(figures.vmstat),
    work: {
      rounds: rounds.map(({ startSeconds, seconds, perHour }) => ({
        startSeconds,
        seconds,
        perHour,
      })),
    },
    profile: figures.procedures
      .filter(({ cycles }) => cycles > 0)
      .map(({ image, procedure, cycles, share }) => ({ image, procedure, cycles, share })),
    ...(sampled.length > 0 && { sampled }),
  }
}
