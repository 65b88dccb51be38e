/** What is saved, and what comes of it. */

/** What can be written of a run, a recording, or a window of one. */
export const exportKinds = [
  'vmstat',
  'vmstat-ng',
  'csv',
  'openmetrics',
  'parquet',
  'arrow',
  'arrow-stream',
  'pprof',
  'speedscope',
  'collapsed',
  'dcpiprof',
  'chrome-trace',
  'trace',
  'svg',
  'png',
  'report',
] as const
export type ExportKind = (typeof exportKinds)[number]
/** Those of a trace that was taken. */
export const isOfTrace = (kind: SaveKind): kind is 'chrome-trace' | 'trace' =>
  kind === 'chrome-trace' || kind === 'trace'
/** Beside these, what is of the whole run alone. */
export type SaveKind = ExportKind | 'json' | 'scenario'
export const saveKinds: readonly SaveKind[] = [...exportKinds, 'json', 'scenario']
export type SaveOutcome =
  | { readonly kind: 'written'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'cancelled' }
  /** Web only: the page offers this address (on the same origin, valid once) as a download. */
  | {
      readonly kind: 'download'
      readonly name: string
      readonly href: string
      readonly bytes: number
    }
/** What is being written. */
export interface SaveState {
  readonly files: number
  /** Of all of them, so far. */
  readonly bytes: number
}
