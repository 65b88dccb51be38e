/**
 * A file of a run, from whatever tool, as a recording: what is read goes through the recorder piece
 * by piece, so that a month of samples takes no more memory than a minute. Other work of the
 * program goes on meanwhile.
 */
import { rmSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Mark } from '../../shared/frame'
import { secondsMax } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { parseAction } from '../../sim/actions/action'
import { importFormatOf } from '../formats/importing/import-formats'
import {
  ImportFault,
  oneLine,
  type ImportedAbout,
  type ImportedFile,
  type ImportFormat,
  type ImportOptions,
} from '../formats/importing/imported-file'
import { SourceFile } from '../formats/importing/source-file'
import { reasonOf } from '../formats/place'
import type { SampleRow } from '../runs/wide-row'
import { importedRunFile } from './imported-run-file'
import { keepTrace } from './kept-traces'
import { traceOfProfile } from './profile-interval'
import { Recorder } from './recorder'
import { faultOf, type RunFile } from './run-file'

/** Rows that are handed to the recorder at once. */
const rowsAtOnce = 256
/** Wall milliseconds between two turns of the program. */
const turnMs = 15
const samplesMax = 2 ** 31 - 1
/** A year of 64 CPUs of 1 GHz: what is more would be in too many rows of 32 bits. */
const cyclesMax = 2e18 / 10

export interface ImportJob extends ImportOptions {
  /** Where the file is. */
  readonly path: string
  /** A folder that is new or empty: it is gone again when nothing becomes of it. */
  readonly folder: string
  /** Asked again and again, with the simulated second that is reached: false calls it off. */
  readonly goOn?: (at: number) => boolean
}

/**
 * Gives what became `run.json`. Failure `bad-argument` with what is wrong with the file, that
 * begins with what it is called; `cannot-write`; `refused` where it was called off.
 */
export async function recordImport(job: ImportJob): Promise<Result<RunFile>> {
  const { called, path } = job
  const wrong = (words: string): Result<never> => failure('bad-argument', `${called} ${words}`)
  const opened = SourceFile.open(path)
  if (!opened.ok) return wrong(`cannot be read: ${opened.error.message}`)
  const file = opened.value
  try {
    const format = importFormatOf(file.head())
    if (typeof format === 'string') return wrong(format)
    return await recorded(job, file, format)
  } catch (error) {
    if (error instanceof ImportFault) return wrong(error.message)
    throw error
  } finally {
    file.close()
  }
}

async function recorded(
  job: ImportJob,
  source: SourceFile,
  format: ImportFormat,
): Promise<Result<RunFile>> {
  const file = await format.read(source, job)
  const rows = new CheckedRows(file)
  // How far apart rows are is known when there are two.
  const first = [await rows.next(), await rows.next()].filter((row) => row !== undefined)
  const run = importedRunFile(job.called, source, format, file, first)
  const fault = faultOf(run) ?? twiceIn(file)
  if (fault !== undefined) throw new ImportFault(`cannot be recorded: ${fault}`)
  const begun = await Recorder.begin(job.folder, run)
  if (!begun.ok) return begun
  const recorder = begun.value
  const drop = (): void => {
    recorder.close()
    rmSync(job.folder, { recursive: true, force: true })
  }
  try {
    const isDone = await takeAll(recorder, file, run, first, rows, job.goOn ?? (() => true))
    if (!isDone) {
      drop()
      return failure('refused', `${job.called} was called off`)
    }
    const { digest } = run
    const notes = file.notes().map((note) => oneLine(note, 1000))
    recorder.stands({ state: 'ended', reason: '', seconds: rows.last, events: 0, digest })
    const said = recorder.describe({ imported: run.imported && { ...run.imported, notes } })
    recorder.close()
    const { stopped } = recorder
    if (stopped === 'closed' && said.ok) {
      const kept = file.trace && (await keepTrace(job.folder, file.trace))
      if (kept?.ok !== false) return success(run)
    }
    rmSync(job.folder, { recursive: true, force: true })
    return failure('cannot-write', `cannot record ${job.called}: ${stopped ?? ''}`)
  } catch (error) {
    drop()
    throw error
  }
}

/** Whether everything was taken; it was called off where not. */
async function takeAll(
  recorder: Recorder,
  file: ImportedFile,
  run: RunFile,
  first: readonly SampleRow[],
  rows: CheckedRows,
  goOn: (at: number) => boolean,
): Promise<boolean> {
  const { length } = run.counters
  const time = new Float64Array(rowsAtOnce)
  const samples = new Float64Array(rowsAtOnce)
  const values = new Float64Array(rowsAtOnce * length)
  let marks: readonly Mark[] = marksOf(file.about)
  let trace = file.profile ? profileTrace(file) : noTrace
  let many = 0
  const add = (row: SampleRow): void => {
    time[many] = row.time
    samples[many] = row.samples
    values.set(row.values, many++ * length)
  }
  const pass = (): void => {
    // The recorder keeps what it is given until it is written.
    recorder.take({ rows: many, time, samples, values, marks, rounds: [], trace })
    many = 0
    marks = []
    trace = noTrace
    if (recorder.stopped !== undefined) throw new Error(recorder.stopped)
  }
  for (const row of first) add(row)
  let turned = performance.now()
  for (let row = await rows.next(); row; row = await rows.next()) {
    add(row)
    if (many < rowsAtOnce) continue
    pass()
    if (performance.now() - turned < turnMs) continue
    await setImmediate()
    if (!goOn(row.time)) return false
    turned = performance.now()
  }
  if (rows.last === 0) {
    // A profile or a trace alone: it reaches as far as that does.
    const end = file.profile?.toSeconds ?? file.trace?.trace.toSeconds
    if (end === undefined) throw new ImportFault('has no sample in it')
    rows.last = end
    add({ time: end, samples: 1, values: new Float64Array(length) })
  }
  pass()
  return goOn(rows.last)
}

const noTrace = { firstStack: 0, stacks: [], profile: [], digests: [] }

function profileTrace({ profile }: ImportedFile) {
  const cycles = profile?.stacks.flatMap((stack) => stack.cycles) ?? []
  if (cycles.reduce((sum, spent) => sum + spent, 0) > cyclesMax) {
    throw new ImportFault('has a profile of more cycles than a recording holds')
  }
  try {
    return profile ? traceOfProfile(profile) : noTrace
  } catch (error) {
    throw new ImportFault(`has a profile that cannot be recorded: ${reasonOf(error)}`)
  }
}

/** What was done to the run, as far as the file says it. */
const marksOf = ({ actions = [] }: ImportedAbout): Mark[] =>
  actions.flatMap(({ at, action }): Mark[] => {
    const parsed = parseAction(action)
    return typeof parsed === 'string' ? [] : [{ at, kind: parsed.kind, text: action }]
  })

/** Names that two columns of a log would have. */
function twiceIn({ counters }: ImportedFile): string | undefined {
  const names = new Set(['time', 'samples'])
  for (const { id } of counters) {
    const taken = names.has(id) || names.has(id.replace(/\.(min|max|mean)$/, ''))
    if (taken) return `it has two columns ${id}`
    names.add(id)
  }
  return undefined
}

/** Rows whose instants go forwards and whose numbers are numbers. */
class CheckedRows {
  /** The instant of the last one. */
  last = 0
  private many = 0
  private readonly rows: Iterator<SampleRow> | AsyncIterator<SampleRow>

  constructor(file: ImportedFile) {
    const { rows } = file
    this.rows =
      Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
  }

  /** The first two are kept beside each other, so each is a copy. @throws ImportFault */
  async next(): Promise<SampleRow | undefined> {
    const given = this.rows.next()
    const found = given instanceof Promise ? await given : given
    if (found.done) return undefined
    const { time, samples, values } = found.value
    this.many++
    if (!(time > this.last && time <= secondsMax)) throw new ImportFault(this.wrongTime(time))
    if (!(Number.isInteger(samples) && samples >= 1 && samples <= samplesMax)) {
      throw new ImportFault(`is damaged: row ${this.many} stands for ${samples} samples`)
    }
    if (!values.every(Number.isFinite)) {
      throw new ImportFault(`is damaged: row ${this.many} has something that is no number`)
    }
    this.last = time
    return this.many > 2 ? found.value : { time, samples, values: values.slice() }
  }

  private wrongTime(time: number): string {
    const row = `row ${this.many} is of second ${time}`
    if (time > secondsMax) return `cannot be recorded: ${row}, and a run has at most ${secondsMax}`
    if (this.many > 1) return `is damaged: ${row}, and the row before it of ${this.last}`
    return `cannot be recorded: its first ${row}, and instants of a run are above 0`
  }
}
