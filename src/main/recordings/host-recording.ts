/** The recording of a run that a host has: begun with it, fed by its batches, ended with it. */
import { statfsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RecordingWords, StartRequest } from '../../shared/api'
import type { RecordingStatus } from '../../shared/frame'
import { success, type Result } from '../../shared/result'
import type { Batch } from '../runs/protocol'
import { keepRecordingsWithin } from './library'
import { newRunFile, type Beginnings } from './new-run-file'
import { Recorder } from './recorder'
import { Recording } from './recording'
import { describeRecording } from './run-file'

export interface RecordingsPlace {
  /** Where each recording gets a folder of its own. */
  readonly folder: string
  /** Bytes of all that are there; the oldest that nobody named or kept go first. */
  readonly limitBytes: number
}

/** Wall milliseconds between looks at growth and room. */
const lookMs = 5000
/** Wall milliseconds after which what came last is flushed, when nothing more comes. */
const idleMs = 1000

export class HostRecording {
  private idle: NodeJS.Timeout | undefined
  private looked = { at: performance.now(), bytes: 0, perHour: 0, free: Infinity }

  /** Begins, or goes on in the folder of a run that is made again. Never throws. */
  static async begin(
    place: RecordingsPlace,
    of: Omit<Beginnings, 'every'>,
    again: string | undefined,
  ): Promise<HostRecording> {
    const limitBytes = place.limitBytes
    try {
      if (again !== undefined) {
        const recording = await Recording.open(again)
        if (recording.ok) {
          const { run, digests, seconds, lastDigest: last } = recording.value
          const resumed = { ...run, state: 'recording' as const, reason: '' }
          const asItWas = { ...run, seconds }
          const options = { limitBytes, known: digests, asItWas, ...(last && { last }) }
          const recorder = await Recorder.resume(again, resumed, options)
          return new HostRecording(again, recorder.ok ? recorder.value : recorder.error.message)
        }
      }
      keepRecordingsWithin(place.folder, limitBytes)
      const folder = join(place.folder, folderName(of.request))
      const recorder = await Recorder.begin(folder, newRunFile({ ...of, every: 1 }), { limitBytes })
      return new HostRecording(folder, recorder.ok ? recorder.value : recorder.error.message)
    } catch (error) {
      return new HostRecording(place.folder, error instanceof Error ? error.message : String(error))
    }
  }

  private constructor(
    readonly folder: string,
    private readonly recorder: Recorder | string,
  ) {}

  take(batch: Batch): void {
    const { recorder } = this
    if (typeof recorder === 'string') return
    recorder.take(batch)
    const { events, digest } = batch.status
    if (events === recorder.nextHeld) recorder.holdLast(digest)
    clearTimeout(this.idle)
    this.idle = setTimeout(() => recorder.flush(), idleMs)
    this.idle.unref()
  }

  get status(): RecordingStatus {
    const { recorder, folder } = this
    const name = basename(folder)
    if (typeof recorder === 'string') {
      return { name, bytes: 0, bytesPerHour: 0, freeBytes: 0, wholeAfter: 0, stopped: recorder }
    }
    this.look(recorder)
    const { bytes, wholeAfter } = recorder
    const stopped = recorder.stopped === 'closed' ? undefined : recorder.stopped
    const { perHour: bytesPerHour, free: freeBytes } = this.looked
    return { name, bytes, bytesPerHour, freeBytes, wholeAfter, stopped }
  }

  /** Changes what people say of it, while it goes on or after it has stopped. */
  describe(words: Partial<RecordingWords>): Result<null> {
    const { recorder, folder } = this
    if (typeof recorder !== 'string' && recorder.stopped === undefined) {
      return recorder.describe(words)
    }
    const described = describeRecording(folder, words)
    return described.ok ? success(null) : described
  }

  /** Bytes that it may take from now on. */
  get limitBytes(): number {
    return typeof this.recorder === 'string' ? Infinity : this.recorder.limitBytes
  }
  limit(bytes: number): void {
    if (typeof this.recorder !== 'string') this.recorder.limitBytes = bytes
  }

  /** What has come is on disk. */
  flush(): void {
    if (typeof this.recorder !== 'string') this.recorder.flush()
  }

  /** What is recorded so far, to be read; undefined when it cannot be. */
  async read(): Promise<Recording | undefined> {
    if (typeof this.recorder === 'string') return undefined
    this.recorder.flush()
    const recording = await Recording.open(this.folder)
    return recording.ok ? recording.value : undefined
  }

  /** @param at how the run stands */
  end(
    state: 'ended' | 'died',
    reason: string,
    at: { seconds: number; events: number; digest: string },
  ): void {
    clearTimeout(this.idle)
    if (typeof this.recorder === 'string' || this.recorder.stopped !== undefined) return
    this.recorder.stands({ state, reason: reason.slice(0, 1000), ...at })
    this.recorder.close()
  }

  private look(recorder: Recorder): void {
    const at = performance.now()
    const hours = (at - this.looked.at) / 3_600_000
    if (hours * 3_600_000 < lookMs) return
    const perHour = Math.max(0, (recorder.bytes - this.looked.bytes) / hours)
    this.looked = { at, bytes: recorder.bytes, perHour, free: freeBytes(this.folder) }
  }
}

/** `sdet-seed1-20261127-215900`: when and what, and a folder name everywhere. */
function folderName({ scenario, seed }: StartRequest): string {
  const now = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const unique = Math.floor(performance.now() * 1000) % 1_000_000
  return `${scenario.replace(/[^\w-]/g, '_').slice(0, 40)}-seed${seed}-${now}-${unique}`
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}
