/**
 * Writes a run into a folder while it goes on. Whatever goes wrong with the disk ends the
 * recording, with its reason, and never the run. A run that is made again goes through the same
 * recorder: what is there already is compared, by its digests, and passed over.
 */
import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { instantWithMs } from '../../shared/instant-text'
import { failure, success, type Result } from '../../shared/result'
import { reasonOf } from '../formats/place'
import type { Batch } from '../runs/protocol'
import type { ProfileInterval, RunDigest, RunTrace } from '../runs/run-tracer'
import { RowMaker, RowMerger, totalsOf, type WideRow } from '../runs/wide-row'
import { loadZstd, type Zstd } from '../formats/zstd'
import { BatchLog } from './batch-log'
import { IntervalRows } from './interval-rows'
import { lockRecording } from './lock'
import { logKinds, tiersOf } from './log-kinds'
import { makeFolder } from './make-folder'
import { ProfilePart } from './profile-part'
import { isDone, isRecording, recordingVersion, writeRunFile, type RunFile } from './run-file'
import { segmentsIn } from './segment-files'

/** Wall milliseconds after which what has come is handed to the system. */
const flushMs = 1000
/** Wall milliseconds between two looks at how much there is, and two versions of run.json. */
const lookMs = 10_000

/** What has come of the run since the last time. */
export type RecordingNews = Omit<Batch, 'status'>

export interface RecorderOptions {
  /** Bytes that it may take; the oldest samples go first. */
  readonly limitBytes?: number | undefined
  /** The wall clock in milliseconds. */
  readonly wall?: () => number
  /** What an earlier program has recorded of this very run: its digests are held against it. */
  readonly known?: readonly RunDigest[]
  /** The digest with which it ended. */
  readonly last?: RunDigest
  /** How that stood: it stands so again when this run ends before it has come that far. */
  readonly asItWas?: RunStanding
}

/** How a run stands, for run.json. */
export type RunStanding = Pick<RunFile, 'state' | 'reason' | 'seconds' | 'events' | 'digest'>

/** The instants of two digests of one minute, of which the second is what came now. */
export interface Difference {
  readonly at: number
  readonly recorded: string
  readonly now: string
}

export class Recorder {
  /** Bytes that it may take; the oldest samples go first. */
  limitBytes: number
  /** Why nothing is recorded any more. */
  stopped: string | undefined
  /** Where the run that is made again is another one than was recorded. */
  difference: Difference | undefined
  private readonly logs
  private readonly part: ProfilePart
  private readonly intervalRows: IntervalRows
  private readonly mergers: readonly RowMerger[]
  private readonly known: Map<number, string>
  private lastFlush: number
  private lastLook: number
  private readonly maker: RowMaker
  private readonly totals: readonly boolean[]
  private lastIsMet = false
  private events = 0
  private newest = 0
  private actions = 0
  private droppedTo = 0

  /**
   * Begins a recording in a folder that is new or empty. Failure `refused` or `cannot-write` with
   * what is wrong with it.
   */
  static async begin(
    folder: string,
    run: RunFile,
    options: RecorderOptions = {},
  ): Promise<Result<Recorder>> {
    const isNew = !existsSync(folder)
    try {
      makeFolder(folder)
      if (isRecording(folder)) {
        const words = `there is a recording in ${folder} already; continue it, or name another folder`
        return failure('refused', words)
      }
      if (readdirSync(folder).length > 0) {
        return failure('refused', `${folder} is not empty; name a new folder for the recording`)
      }
    } catch (error) {
      return failure('cannot-write', `cannot record into ${folder}: ${reasonOf(error)}`)
    }
    const begun = await Recorder.open(folder, run, options, false)
    if (!begun.ok && isNew) removeEmpty(folder)
    return begun
  }

  /** Goes on with a recording. Failure `refused` when another program has it. */
  static resume(folder: string, run: RunFile, options: RecorderOptions): Promise<Result<Recorder>> {
    // What it adds is of this version, whatever it began with.
    return Recorder.open(folder, { ...run, version: recordingVersion }, options, true)
  }

  private static async open(
    folder: string,
    run: RunFile,
    options: RecorderOptions,
    again: boolean,
  ): Promise<Result<Recorder>> {
    const lock = lockRecording(folder)
    if (!lock.ok) return lock
    try {
      const recorder = new Recorder(folder, run, options, await loadZstd(), lock.value)
      if (again) for (const log of [...recorder.all, recorder.part]) log.takeUp()
      recorder.write()
      return success(recorder)
    } catch (error) {
      lock.value()
      return failure('cannot-write', `cannot record into ${folder}: ${reasonOf(error)}`)
    }
  }

  private constructor(
    readonly folder: string,
    private run: RunFile,
    private readonly options: RecorderOptions,
    zstd: Zstd,
    private readonly letGo: () => void,
  ) {
    const kinds = logKinds(run)
    this.limitBytes = options.limitBytes ?? Infinity
    this.logs = {
      samples: new BatchLog(folder, kinds.samples, zstd),
      tiers: kinds.tiers.map((kind) => new BatchLog(folder, kind, zstd)),
      profile: new BatchLog(folder, kinds.profile, zstd),
      stacks: new BatchLog(folder, kinds.stacks, zstd),
      events: new BatchLog(folder, kinds.events, zstd),
      digests: new BatchLog(folder, kinds.digests, zstd),
    }
    const { cpus } = run.machine
    this.intervalRows = new IntervalRows(cpus)
    this.part = new ProfilePart(folder, kinds.part, zstd, cpus)
    this.mergers = tiersOf.map(
      (seconds, tier) => new RowMerger(seconds, (row) => this.takeTier(row, tier)),
    )
    this.known = new Map(options.known?.map(({ at, digest }) => [at, digest]))
    this.totals = totalsOf(run.counters)
    this.maker = new RowMaker(this.totals)
    this.lastFlush = this.lastLook = this.wall()
  }

  /** How what was recorded before stood, while this run has not come as far. */
  private get unpassed(): RunStanding | undefined {
    const { asItWas } = this.options
    return asItWas && this.newest < asItWas.seconds ? asItWas : undefined
  }

  private wall(): number {
    return this.options.wall?.() ?? performance.now()
  }
  /** In the order in which they are flushed: what explains a row is there before the row. */
  private get all(): readonly BatchLog[] {
    const { stacks, events, samples, tiers, profile, digests } = this.logs
    return [stacks, events, samples, ...tiers, profile, digests]
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.all.reduce((sum, log) => sum + log.bytes, this.part.bytes)
  }
  /** Samples up to this simulated second were dropped to stay within the limit; tiers have them. */
  get wholeAfter(): number {
    return this.droppedTo
  }

  /** Events after which the digest of its end is to be met, while it is not. */
  get nextHeld(): number | undefined {
    return this.lastIsMet ? undefined : this.options.last?.events
  }

  /** @param now the digest after as many events as it ended with */
  holdLast(now: string): void {
    const { last } = this.options
    if (!last || this.lastIsMet || this.stopped !== undefined) return
    this.lastIsMet = true
    this.guarded(() => this.hold(last.at, last.digest, now))
  }

  private hold(at: number, recorded: string, now: string): void {
    if (recorded === now) return
    this.difference = { at, recorded, now }
    const where = `${instantWithMs(at)} of simulated time`
    throw new Error(`the run is another one than was recorded, from ${where} or before`)
  }

  /** Takes in what is new of the run, and flushes when it is time. Never throws. */
  take(news: RecordingNews): void {
    if (this.stopped !== undefined) return
    this.guarded(() => {
      this.takeTrace(news.trace)
      if (this.stopped !== undefined) return
      this.takeEvents(news)
      this.takeSamples(news)
      const full = this.logs.samples.isFull || this.logs.profile.isFull
      if (full || this.wall() - this.lastFlush >= flushMs) this.flushAll()
    })
  }

  /** What has come is handed to the system now. */
  flush(): void {
    if (this.stopped === undefined) this.guarded(() => this.flushAll())
  }

  /** How the run stands. */
  stands(at: RunStanding): void {
    const { state, reason, seconds, events, digest } = this.unpassed ?? at
    this.run = { ...this.run, state, reason, seconds, events, digest }
  }

  /** What people say of it. Failure `cannot-write`; it goes on being recorded. */
  describe(
    words: Partial<Pick<RunFile, 'name' | 'notes' | 'kept' | 'tags' | 'imported'>>,
  ): Result<null> {
    const before = this.run
    try {
      this.run = { ...before, ...words }
      this.write()
      return success(null)
    } catch (error) {
      this.run = before
      return failure('cannot-write', `cannot write into ${this.folder}: ${reasonOf(error)}`)
    }
  }

  /** Everything is written, and the folder given back. */
  close(): void {
    if (this.stopped === undefined) {
      this.guarded(() => {
        for (const log of this.all) log.close()
        this.part.flush()
        this.write()
      })
    }
    if (this.stopped === undefined) this.letGo()
    this.stopped ??= 'closed'
  }

  private takeTrace({ firstStack, stacks, profile, part, digests }: RunTrace): void {
    stacks.forEach(({ parent, procedure, image }, i) =>
      this.logs.stacks.add([firstStack + i, parent, procedure, image]),
    )
    for (const { at, events, digest } of digests) {
      const recorded = this.known.get(at)
      this.known.delete(at)
      if (recorded !== undefined) this.hold(at, recorded, digest)
      this.logs.digests.add([at, events, digest])
    }
    for (const interval of profile) this.takeInterval(interval)
    if (part) this.part.take(part)
  }

  private takeInterval(interval: ProfileInterval): void {
    const { to } = interval
    const { profile } = this.logs
    this.part.passed(to)
    if (to <= profile.skipTo) return
    profile.write(this.intervalRows.take(interval), (columns, first) =>
      this.intervalRows.write(columns, first),
    )
  }

  private takeEvents({ marks, rounds }: RecordingNews): void {
    // A round's mark tells when among the others it came, however the run was cut into batches.
    const ended = [...rounds]
    for (const { at, kind, text } of marks) {
      const round = kind === 'round' ? ended.shift() : undefined
      if (isDone(kind)) this.actions++
      const { number = 0, startSeconds = 0, seconds = 0, perHour = 0 } = round ?? {}
      this.logs.events.add([
        this.events++,
        at,
        kind,
        text,
        number,
        startSeconds,
        seconds,
        perHour,
      ] as const)
    }
  }

  private takeSamples({ rows, time, values, samples }: RecordingNews): void {
    const { counters, imported } = this.run
    if (!imported) this.logs.samples.addNumbers(time, values, rows)
    const { length } = counters
    for (let row = 0; row < rows; row++) {
      const at = (this.newest = time[row] ?? 0)
      const sample = values.subarray(row * length, (row + 1) * length)
      const many = samples?.[row] ?? 1
      if (imported) this.logs.samples.add([at, ...sample, many])
      this.mergers[0]?.add({ ...this.maker.row(at, sample), samples: many })
    }
  }

  private takeTier(row: WideRow, tier: number): void {
    const cells: number[] = [row.time, row.samples]
    for (let c = 0; c < row.last.length; c++) {
      cells.push(row.last[c] ?? 0, row.min[c] ?? 0, row.max[c] ?? 0)
      if (!this.totals[c]) cells.push(row.mean[c] ?? 0)
    }
    this.logs.tiers[tier]?.add(cells)
    this.mergers[tier + 1]?.add(row)
  }

  private flushAll(): void {
    for (const log of this.all) log.flush()
    this.part.flush()
    const now = (this.lastFlush = this.wall())
    if (now - this.lastLook < lookMs && this.lastLook > 0) return
    this.lastLook = now
    this.keepWithinLimit()
    this.write()
  }

  private write(): void {
    const { actions, newest } = this
    const most = { actions: Math.max(actions, this.run.actions) }
    writeRunFile(this.folder, {
      ...this.run,
      ...most,
      seconds: Math.max(newest, this.run.seconds),
    })
  }

  /** The oldest samples go first, then the oldest profiles, then the finest tier. */
  private keepWithinLimit(): void {
    const { limitBytes } = this
    const { samples, profile, tiers } = this.logs
    if (this.bytes <= limitBytes) return
    const segments = segmentsIn(this.folder)
    for (const log of [samples, profile, ...tiers.slice(0, -1)]) {
      for (const { path, from } of segments.get(log.name) ?? []) {
        if (this.bytes <= limitBytes || from === log.segmentFrom) break
        log.dropped(statSync(path).size)
        rmSync(path)
        const next = (segments.get(log.name) ?? []).find((other) => other.from > from)
        if (log === samples) this.droppedTo = next?.from ?? this.droppedTo
      }
    }
  }

  private guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.stop(this.difference ? (error as Error).message : reasonOf(error))
    }
  }

  /** Ends the recording where it is; what is whole in it stays. */
  private stop(reason: string): void {
    this.stopped = reason
    for (const log of this.all) log.letGo()
    try {
      this.stands({ ...this.run, state: 'stopped', reason })
      this.write()
    } catch {
      // There may be no room for it either.
    }
    this.letGo()
  }
}

/** What could not be begun leaves no folder of its own; one that has something in it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody else has it, or the disk lets nothing be removed.
  }
}

/** Bytes of everything in a recording's folder; what a link leads to is elsewhere. */
export function bytesOf(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (lstatSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
