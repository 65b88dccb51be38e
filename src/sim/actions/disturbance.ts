/** What a fault or a fix is: words for people, and what it sets. */
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
  /** The kernel switch that it sets while it is active, if it is one. */
  readonly sets:
    | { readonly path: string; readonly value: string; readonly otherwise: string | undefined }
    | undefined
}

/** Workloads that serve the web. */
export const webServers = ['web', 'web2'] as const
/** Workloads whose clients come over the network. */
export const networkServers = [...webServers, 'proxy'] as const
