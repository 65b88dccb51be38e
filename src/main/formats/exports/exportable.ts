/**
 * What a file is made of: a run as it stands, a recording, or a window of either. Whoever has one
 * fits this, and every format is written from it.
 */
import type { TimedAction } from '../../../sim/actions/action'
import type { CounterSpec } from '../../../sim/observe/counters'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import type { Trace } from '../../../sim/observe/trace'
import type { Mark, Round } from '../../../shared/frame'
import type { ChartMachine } from '../../../shared/charts/chart-source'
import type { Result } from '../../../shared/result'
import type { SampleRow } from '../../runs/wide-row'
import { ExportFault } from './export-fault'
import { readableSpan, type Span } from './readable-span'

/** What is known of a run beside its numbers; of what was imported, texts may be empty. */
export interface RunAbout {
  readonly version: string
  readonly scenario: string
  readonly title: string
  /** The machine and its workloads in one line. */
  readonly summary: string
  /** Undefined where the file that it was imported from does not say. */
  readonly seed: number | undefined
  readonly digest: string
  /** Those that are not the scenario's defaults. */
  readonly changed: Readonly<Record<string, number | string>>
  readonly actions: readonly TimedAction[]
  /** How far the run had come, in simulated seconds. */
  readonly runSeconds: number
  /** What else a reader has to know, in words. */
  readonly remark?: string | undefined
  /** Why no command makes it again, in words; undefined where one does. */
  readonly noCommand?: string | undefined
  /** False where CPUs and clock stand for those that an imported file does not say. */
  readonly hasMachine?: boolean
}

/** Scenario, seed and digest in words, as far as they are known. */
export const ofRun = ({
  scenario,
  seed,
  digest,
}: Pick<RunAbout, 'scenario' | 'seed' | 'digest'>): string[] => [
  ...(scenario === '' ? [] : [`scenario ${scenario}`]),
  ...(seed === undefined ? [] : [`seed ${seed}`]),
  ...(digest === '' ? [] : [`digest ${digest}`]),
]

export interface Exportable {
  readonly about: RunAbout
  /** The part of the run that is asked for; undefined for all of it. */
  readonly window: Span | undefined
  readonly counters: readonly CounterSpec[]
  /**
   * Every kept sample of the window, in order of time, each good until the next is taken. Can be
   * gone through several times. With columns, the values of others may be anything.
   */
  readonly samples: (columns?: readonly number[]) => Samples
  /** Where it is known without the profile. */
  readonly machine?: ChartMachine | undefined
  /** Of the window, as near as it is kept. */
  readonly profile: () => Promise<Result<ProfileSnapshot>>
  /** What each CPU did, where a trace was taken. */
  readonly trace?: () => Promise<Result<Trace>>
  /** Of the whole run. */
  readonly marks: readonly Mark[]
  readonly rounds: readonly Round[]
}

export type Samples = Iterable<SampleRow> | AsyncIterable<SampleRow>

/** The profile of what is exported. @throws ExportFault when nothing was charged in it. */
export async function profileOf(source: Exportable): Promise<ProfileSnapshot> {
  const profile = await source.profile()
  if (!profile.ok) throw new ExportFault(profile.error.message)
  const isEmpty = profile.value.stacks.every(({ cycles }) => cycles.every((spent) => spent === 0))
  if (isEmpty) {
    const what = source.window ? `the window ${readableSpan(source.window)}` : 'the run'
    throw new ExportFault(`${what} has no cycles to show; let it run on, or choose a longer window`)
  }
  return profile.value
}

export interface Profiled {
  readonly machine: ChartMachine
  /** Undefined where none is kept, as of what is too short for one. */
  readonly profile: ProfileSnapshot | undefined
  /** Why there is none, in words. */
  readonly whyNone: string
}

/** For what can do without a profile. @throws ExportFault when not even the machine is known. */
export async function profiledOf(source: Exportable): Promise<Profiled> {
  const { machine } = source
  try {
    const profile = await profileOf(source)
    return { machine: profile, profile, whyNone: '' }
  } catch (error) {
    if (!machine || !(error instanceof ExportFault)) throw error
    return { machine, profile: undefined, whyNone: error.message }
  }
}

/** The trace that was taken. @throws ExportFault when there is none. */
export async function traceOf({ trace }: Exportable): Promise<Trace> {
  const found = await trace?.()
  if (found?.ok) return found.value
  throw new ExportFault(found?.error.message ?? 'there is no trace; take one first')
}

/** The samples of what is exported. @throws ExportFault when the first is asked for and missing. */
export async function* samplesOf(
  source: Exportable,
  columns?: readonly number[],
): AsyncGenerator<SampleRow> {
  let some = false
  for await (const row of source.samples(columns)) {
    some = true
    yield row
  }
  if (some) return
  const { window } = source
  throw new ExportFault(
    window
      ? `the window ${readableSpan(window)} has no sample in it; choose one that holds the instant of a sample`
      : 'the run has no sample yet; let it run until one is due',
  )
}

/** Those samples that lie in a window, both its ends included. */
export async function* rowsWithin(
  rows: Samples,
  window: Span | undefined,
): AsyncGenerator<SampleRow> {
  for await (const row of rows) {
    if (window && row.time > window.to) return
    if (!window || row.time >= window.from) yield row
  }
}
