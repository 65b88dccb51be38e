/** What a fault or a fix is: words for people, and what it sets. */
import type { Parameters, Where } from '../parameters/parameters'
import { unmet, wordsOf } from '../parameters/parameters'

export interface DisturbanceSpec {
  readonly id: string
  readonly kind: 'fault' | 'fix'
  readonly title: string
  /** Other words by which people look for it. */
  readonly alsoCalled: readonly string[]
  /** What it does, one sentence. */
  readonly does: string
  /** What to watch for: one sentence, and the vmstat columns or counters concerned. */
  readonly watch: string
  readonly watchColumns: readonly string[]
  /** Where it is described. */
  readonly source: string
  /** Meaning of intensity 1 for a fault with a scale; undefined for a switch. */
  readonly intensity: { readonly unit: string; readonly atFull: number } | undefined
  /** Ids of the workloads that it concerns: it can be used in a run that has one of them. */
  readonly workloads: readonly string[]
  /** What of them it changes, where people know that by a name of its own: `bforget`. */
  readonly part?: string
  /** What the run was begun with that it needs beside them: without it it would do nothing. */
  readonly where?: Where
  /** The kernel switch that it sets while it is active, if it is one. */
  readonly sets:
    | { readonly path: string; readonly value: string; readonly otherwise: string | undefined }
    | undefined
}

/** Workloads that serve the web. */
export const webServers = ['web', 'web2'] as const
/** Workloads whose clients come over the network. */
export const networkServers = [...webServers, 'proxy'] as const

type Needs = Pick<DisturbanceSpec, 'workloads' | 'where'>

/** Whether a run has one of the workloads that a fault or a fix is for. */
const hasWorkload = ({ workloads }: Needs, present: readonly string[]): boolean =>
  workloads.some((workload) => present.includes(workload))

/**
 * Those that do something in a run.
 *
 * @param present ids of its workloads
 * @param values every parameter of it
 */
export const usable = <Spec extends Needs>(
  specs: readonly Spec[],
  present: readonly string[],
  values: Parameters,
): Spec[] =>
  specs.filter((spec) => hasWorkload(spec, present) && unmet(spec.where, values).length === 0)

/** Why one does nothing in a run; undefined when it does something. */
export function whyUseless(
  { id, kind, part, where = {}, ...needs }: Needs & Pick<DisturbanceSpec, 'id' | 'kind' | 'part'>,
  present: readonly string[],
  values: Parameters,
): string | undefined {
  if (!hasWorkload(needs, present)) {
    const wanted = needs.workloads.join(' or ') + (part === undefined ? '' : `'s ${part}`)
    return `${kind} ${id} needs ${wanted}; this run has ${present.join(' and ')}`
  }
  const missing = unmet(where, values)
  if (missing.length === 0) return undefined
  const here = missing.map((path) => `${path}=${values[path]}`).join(' and ')
  return `${kind} ${id} needs ${wordsOf(where, missing)}; this run has ${here}`
}
