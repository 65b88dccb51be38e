/**
 * What a file has of a run, whatever wrote it: what is known of the run, its samples row by row, a
 * profile, a trace. Whatever a reader gives becomes a recording (`recordings/record-import.ts`).
 */
import type { TimedAction } from '../../../sim/actions/action'
import type { CounterSpec } from '../../../sim/observe/counters'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import type { TraceFile } from '../../../shared/trace-file'
import type { Span } from '../exports/readable-span'
import type { SampleRow } from '../../runs/wide-row'
import type { FileHead, SourceFile } from './source-file'

/** A file of a known format that cannot be taken: a sentence, "it …", that says what is right. */
export class ImportFault extends Error {}

/** What a file says of its run; undefined or left out what it does not say. */
export interface ImportedAbout {
  /** Soakscope that wrote it. */
  readonly version?: string | undefined
  readonly title?: string | undefined
  readonly summary?: string | undefined
  readonly scenario?: string | undefined
  readonly seed?: number | undefined
  readonly digest?: string | undefined
  /** Those that are not the scenario's own; only together with the actions they make the run. */
  readonly parameters?: Readonly<Record<string, number | string>> | undefined
  readonly actions?: readonly TimedAction[] | undefined
  /** The part of its run that the file is of, where it is a part. */
  readonly window?: Span | undefined
  readonly runSeconds?: number | undefined
}

export interface ImportedFile {
  /** What kind of file it is, where its format is several. */
  readonly kind?: string | undefined
  readonly about: ImportedAbout
  /** None where a file has a profile or a trace alone. */
  readonly counters: readonly CounterSpec[]
  /**
   * In order of time, in simulated seconds above 0, each good until the next. Gone through once.
   * @throws ImportFault at what is wrong
   */
  readonly rows: Iterable<SampleRow> | AsyncIterable<SampleRow>
  /** Of all that it covers: cycles in whole numbers. */
  readonly profile?: ProfileSnapshot | undefined
  readonly trace?: TraceFile | undefined
  /** What is to be known of it, a sentence each; asked for when its rows are over. */
  readonly notes: () => readonly string[]
}

export interface ImportOptions {
  /** What the file is called. */
  readonly called: string
  /** Every counter of every scenario: what a file leaves out of its own. */
  readonly known: () => readonly CounterSpec[]
  /** Simulated seconds between rows, where somebody said so and the file does not. */
  readonly every?: number | undefined
}

export interface ImportFormat {
  /** As in `exportKinds`, where Soakscope writes it. */
  readonly kind: string
  /** What people call such a file: `a CSV file of counters`. */
  readonly title: string
  /** Whether a file that begins so is one; the first format that says yes reads it. */
  readonly tells: (head: FileHead) => boolean
  /** @throws ImportFault */
  readonly read: (file: SourceFile, options: ImportOptions) => Promise<ImportedFile> | ImportedFile
}

/** Text of a file as one line that may stand anywhere. */
export const oneLine = (text: string, most: number): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, most)

/** Counters by name and unit: one id may have another unit in another scenario. */
export const byNameAndUnit = (known: readonly CounterSpec[]): Map<string, CounterSpec> =>
  new Map(known.map((spec) => [nameWithUnit(spec.id, spec.unit), spec]))
export const nameWithUnit = (id: string, unit: string): string => `${id} [${unit}]`
