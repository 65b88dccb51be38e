/** Recordings of the synthetic server, for tests of what is written and read. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { inSeconds, instant, parseAction, type Server, type TimedAction } from '../../sim/index'
import { NewRounds } from '../runs/new-rounds'
import { RunTracer, type RunDigest } from '../runs/run-tracer'
import { SyntheticServer } from '../runs/synthetic-server.test-support'
import { newRunFile } from './new-run-file'
import { Recorder, type RecorderOptions } from './recorder'
import { Recording } from './recording'
import type { RunFile } from './run-file'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder that is gone after the test. */
export function someFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soakscope-recording-'))
  folders.push(folder)
  return folder
}

/** A clock of which every look is a second later, so that everything is flushed at once. */
export function hasty(): { wall: () => number } {
  let now = 0
  return { wall: () => (now += 1001) }
}

/** @throws Error with the message for people when it is none */
export async function opened(folder: string): Promise<Recording> {
  const recording = await Recording.open(folder)
  if (!recording.ok) throw new Error(recording.error.message)
  return recording.value
}

export interface RunOf {
  readonly seed?: number
  readonly timeline?: readonly TimedAction[]
}

/** A run that is recorded step by step. */
export class RecordedRun {
  private readonly tracer: RunTracer
  private readonly rounds: NewRounds
  private readonly width: number
  private times: number[] = []
  private values: number[] = []
  private done = 0

  private constructor(
    readonly server: Server,
    readonly recorder: Recorder,
    private readonly timeline: readonly TimedAction[],
  ) {
    this.tracer = new RunTracer(server)
    this.rounds = new NewRounds(server)
    this.width = server.counters.width
    server.onSample = (at) => {
      this.times.push(inSeconds(at))
      this.values.push(...server.counters.values.subarray(0, this.width))
      this.tracer.note(inSeconds(at))
    }
  }

  static async begin(
    folder: string,
    { seed = 7, timeline = [] }: RunOf = {},
    options: RecorderOptions = {},
    again?: { run: RunFile; digests: readonly RunDigest[] },
  ): Promise<RecordedRun> {
    const server = new SyntheticServer(seed)
    const { scenario, title, summary, structures, counters } = server
    const facts = { scenario, title, summary, seed, structures, counters: counters.specs }
    const request = { scenario, seed, parameters: {}, timeline }
    const file = newRunFile({ facts, request, machine: { cpus: 2, clockMHz: 450 }, every: 1 })
    const begun = again
      ? await Recorder.resume(folder, again.run, { ...options, known: again.digests })
      : await Recorder.begin(folder, file, options)
    if (!begun.ok) throw new Error(begun.error.message)
    return new RecordedRun(server, begun.value, timeline)
  }

  /** To this simulated second, handed on in pieces of this length. */
  to(seconds: number, piece = 7): void {
    for (let at = inSeconds(this.server.now); at < seconds;) {
      at = Math.min(at + piece, seconds)
      this.advance(at)
      this.pass()
    }
  }

  private advance(at: number): void {
    for (
      let next = this.timeline[this.done];
      next && next.at <= at;
      next = this.timeline[this.done]
    ) {
      this.server.advance(instant(next.at * 1e9))
      const action = parseAction(next.action)
      if (typeof action !== 'string') this.server.act(action)
      this.done++
    }
    this.server.advance(instant(at * 1e9))
  }

  /** Ends where it is, with the part of the profile's interval that is there. */
  end(): void {
    const now = inSeconds(this.server.now)
    this.pass(now)
    this.recorder.stands({ state: 'ended', reason: '', seconds: now, events: 1, digest: 'd' })
    this.recorder.close()
  }

  private pass(partTo?: number): void {
    const marks = this.server.takeMarks()
    const rounds = marks.some(({ kind }) => kind === 'round') ? this.rounds.take() : []
    this.recorder.take({
      rows: this.times.length,
      time: Float64Array.from(this.times),
      values: Float64Array.from(this.values),
      marks,
      rounds,
      trace: this.tracer.take(partTo),
    })
    this.times = []
    this.values = []
  }
}
