/**
 * A recording as it can be read, whoever made it and whatever has become of it: what is whole is
 * given, what is missing is said. Nothing is written here.
 */
import { statSync } from 'node:fs'
import type { RangeRequest, RunRange, TimeWindow } from '../../shared/api'
import type { Mark, MarkKind, Round, RunFacts } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import { parseAction, type TimedAction } from '../../sim/actions/action'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { reasonOf } from '../formats/place'
import { eventsBetween, type RunStore } from '../runs/run-store'
import type { RunDigest } from '../runs/run-tracer'
import { tierSeconds } from '../runs/sample-tiers'
import type { SampleRow } from '../runs/wide-row'
import type { BatchRooms } from './arrow/columns'
import { loadZstd, type Zstd } from '../formats/zstd'
import type { LogKind } from './batch-log'
import { UnreadableBatch } from './log-batch'
import { digestColumns, eventColumns, logKinds } from './log-kinds'
import { LogReader } from './log-reader'
import { readProfile } from './profile-reader'
import { blockOf, spansOf, type Level } from './range-columns'
import { isDone, readRunFile, type RunFile } from './run-file'
import { segmentsIn } from './segment-files'

/** Rows that are read for each one that is wanted, at most about. */
const rowsPerWanted = 2
const same = 1e-6
/** Most events and digests that are taken from a file. */
const eventsMax = 200_000
const actionKinds: readonly string[] = [
  ...['fault', 'fix', 'set', 'reboot', 'note', 'caption', 'alarm', 'no-alarm'],
]
const kinds: readonly string[] = [...actionKinds, 'round', 'rang']

export class Recording implements RunStore {
  readonly marks: readonly Mark[]
  readonly rounds: readonly Round[]
  readonly digests: readonly RunDigest[]
  /** What it is read from, for whoever reads all of it. */
  readonly logs

  /** Failure `bad-argument` when the folder is no recording, or one of a later version. */
  static async open(folder: string): Promise<Result<Recording>> {
    try {
      if (!statSync(folder).isDirectory()) {
        return failure('bad-argument', `${folder} is no recording: it is a file, not a folder`)
      }
    } catch (error) {
      return failure('bad-argument', `${folder} is no recording: ${reasonOf(error)}`)
    }
    const run = readRunFile(folder)
    if (!run.ok) return run
    try {
      return success(new Recording(folder, run.value, await loadZstd()))
    } catch (error) {
      return failure('bad-argument', `cannot read ${folder}: ${reasonOf(error)}`)
    }
  }

  private constructor(
    readonly folder: string,
    readonly run: RunFile,
    zstd: Zstd,
  ) {
    const of = logKinds(run)
    const segments = segmentsIn(folder)
    const reader = ({ name, columns }: Pick<LogKind, 'name' | 'columns'>): LogReader =>
      new LogReader(folder, name, columns, segments.get(name) ?? [], zstd)
    this.logs = {
      samples: reader(of.samples),
      tiers: of.tiers.map(reader),
      profile: reader(of.profile),
      part: reader(of.part),
      stacks: reader(of.stacks),
      events: reader(of.events),
      digests: reader(of.digests),
    }
    const { marks, rounds } = eventsIn(this.logs.events)
    this.marks = marks
    this.rounds = rounds
    this.digests = digestsIn(this.logs.digests)
  }

  /** What could not be read so far, in words. */
  get missing(): readonly string[] {
    const { samples, tiers, profile, part, ...more } = this.logs
    const { stacks, events, digests } = more
    const all = [samples, ...tiers, profile, part, stacks, events, digests]
    return all.flatMap(({ missing }) => missing)
  }

  /** Simulated seconds up to which there are samples. */
  get seconds(): number {
    const { samples, tiers } = this.logs
    return Math.max(samples.to, ...tiers.map(({ to }) => to))
  }

  /** Simulated second after which every sample is there. */
  get wholeAfter(): number {
    const { from } = this.logs.samples
    if (from === undefined) return Infinity
    const { every, imported, part } = this.run
    // Nothing was dropped before the first row of a file, or of a part that begins with a sample.
    const isWhole = imported !== undefined || (part !== undefined && from <= part.from + same)
    return isWhole ? 0 : Math.max(0, from - every)
  }

  /** The digest with which it ended, where the run that is made again meets it for certain. */
  get lastDigest(): RunDigest | undefined {
    const { state, seconds: at, events, digest } = this.run
    // An action of that very instant comes before or after it.
    const isSure = state === 'ended' && digest !== '' && this.actions.every((done) => done.at < at)
    return isSure ? { at, events, digest } : undefined
  }

  /** Why there is nothing in it, in words. */
  get whyEmpty(): string {
    const [first, ...more] = this.missing
    if (first === undefined) return 'it ended before its first sample was due, or was flushed'
    return `no sample of it can be read; ${first}${more.length > 0 ? `, and ${more.length} more` : ''}`
  }

  /** Where actions of it are lost, so that it cannot be made again: how many, in words. */
  get lostActions(): string | undefined {
    const [why] = this.logs.events.missing
    const read = this.marks.filter(({ kind }) => isDone(kind)).length
    const lost = this.run.actions - read
    if (why === undefined || lost <= 0) return undefined
    const many = `${lost} of its ${this.run.actions} actions cannot be read`
    return `it cannot be made again: ${many} (${why})`
  }

  /** What was done, in order of time. */
  get actions(): readonly TimedAction[] {
    return (
      this.marks
        .filter(({ kind, text }) => actionKinds.includes(kind) && isAction(text))
        .map(({ at, text }) => ({ at, action: text }))
        // A note may be of an instant that was over when it was made.
        .sort((one, other) => one.at - other.at)
    )
  }

  /** What was planned when it began, and is still to be done. */
  get toCome(): readonly TimedAction[] {
    const done = new Map<string, number>()
    // What a caption says of counters stands in what was done.
    const key = ({ at, action }: TimedAction): string =>
      `${at} ${action.replace(/^caption:.*/, 'caption')}`
    for (const action of this.actions) done.set(key(action), (done.get(key(action)) ?? 0) + 1)
    return this.run.timeline.filter((action) => {
      const left = done.get(key(action)) ?? 0
      done.set(key(action), left - 1)
      return left <= 0
    })
  }

  get facts(): RunFacts {
    const { scenario, title, summary, seed, counters, structures } = this.run
    return { scenario, title, summary, seed, counters, structures }
  }

  range(request: RangeRequest): Promise<Result<RunRange>> {
    return Promise.resolve(success(this.rangeNow(request)))
  }

  rangeNow({ from, to, rows }: RangeRequest): RunRange {
    const end = Math.min(to, this.seconds)
    const length = end - from
    const finest = [0, ...tierSeconds].findLastIndex(
      (seconds) => seconds * rows * rowsPerWanted <= length,
    )
    const { counters } = this.run
    const samples = this.passingOver(() => {
      const spans = [...spansOf(this.levels, Math.max(0, finest), { from, to })]
      return blockOf(spans, counters, { from, to: end }, rows)
    })
    return { samples, ...eventsBetween(this.marks, this.rounds, { from, to }) }
  }

  /** What goes on to the last sample goes on to where the run ended, a little later. */
  profileBetween({ from, to }: TimeWindow): Promise<Result<ProfileSnapshot>> {
    const { imported } = this.run
    if (imported?.hasProfile === false) {
      const words = `there is no profile: it was imported from ${imported.format}, which has none`
      return Promise.resolve(failure('out-of-range', words))
    }
    const window = { from, to: to < this.seconds ? to : Infinity }
    return Promise.resolve(readProfile(this.logs, this.run.machine, window))
  }

  /**
   * @param rooms where they are unpacked; each row is then good until the next. Arrays of their own
   * for each of a month would be collected too late
   * @param wanted counters by their place; values of others are 0
   * @param from begins at a row before that instant
   */
  *rows(rooms?: BatchRooms, wanted?: readonly number[], from = 0): Generator<SampleRow> {
    const { counters } = this.run
    const room = rooms && new Float64Array(counters.length)
    const places = wanted ?? counters.map((_, place) => place)
    const names = ['time', 'samples', ...places.map((place) => counters[place]?.id ?? '')]
    let since = Math.max(0, from - this.run.every)
    for (const [place, { log }] of [...this.levels.entries()].reverse()) {
      const until = place > 0 ? (this.levels[place - 1]?.after ?? 0) : Infinity
      if (until <= since) continue
      for (const [batch, [times = [], samples = [], ...columns]] of log.columns(
        since,
        until,
        names,
        rooms,
      )) {
        for (let row = 0; row < batch.rows && since < until; row++) {
          const time = Number(times[row])
          if (!(time > since)) continue
          since = time
          const values = room ?? new Float64Array(counters.length)
          takeRow(columns as readonly ArrayLike<number>[], row, places, values)
          yield { time, samples: Number(samples[row]) || 1, values }
        }
      }
    }
  }

  /** From the finest to the coarsest. */
  private get levels(): readonly Level[] {
    const { samples, tiers } = this.logs
    return [
      {
        after: samples.from === undefined ? Infinity : this.wholeAfter,
        log: samples,
        isTier: false,
      },
      ...tiers.map((log, tier) => ({
        after: log.from === undefined ? Infinity : Math.max(0, log.from - (tierSeconds[tier] ?? 0)),
        log,
        isTier: true,
      })),
    ]
  }

  /** What has a batch that turns out to be unreadable is done again without it. */
  private passingOver<T>(work: () => T): T {
    for (;;) {
      try {
        return work()
      } catch (error) {
        if (!(error instanceof UnreadableBatch)) throw error
        const { batch } = error
        if (!this.levels.some(({ log }) => log.passOver(batch))) throw error
      }
    }
  }
}

/** By itself, so that no number of it becomes an object on the way. */
function takeRow(
  columns: readonly ArrayLike<number>[],
  row: number,
  places: readonly number[],
  values: Float64Array,
): void {
  for (let c = 0; c < places.length; c++) values[places[c]!] = columns[c]![row]!
}

/** A note may also be something that a host has said. */
const isAction = (text: string): boolean => typeof parseAction(text) !== 'string'

function eventsIn(log: LogReader): { marks: Mark[]; rounds: Round[] } {
  const marks: Mark[] = []
  const rounds: Round[] = []
  const names = eventColumns.map(({ name }) => name)
  for (const [{ rows }, values] of log.columns(-Infinity, Infinity, names)) {
    for (let row = 0; row < rows && marks.length < eventsMax; row++) {
      const [, at, kind, text, number, startSeconds, seconds, perHour] = values.map((v) => v[row])
      if (!kinds.includes(String(kind))) continue
      marks.push({ at: Number(at), kind: kind as MarkKind, text: String(text) })
      if (kind !== 'round') continue
      rounds.push({
        number: Number(number),
        startSeconds: Number(startSeconds),
        seconds: Number(seconds),
        perHour: Number(perHour),
      })
    }
  }
  return { marks, rounds }
}

function digestsIn(log: LogReader): RunDigest[] {
  const digests: RunDigest[] = []
  const names = digestColumns.map(({ name }) => name)
  for (const [{ rows }, values] of log.columns(-Infinity, Infinity, names)) {
    for (let row = 0; row < rows && digests.length < eventsMax; row++) {
      const [at, events, digest] = values.map((v) => v[row])
      digests.push({ at: Number(at), events: Number(events), digest: String(digest) })
    }
  }
  return digests
}
