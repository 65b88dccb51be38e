/**
 * What crosses from a run to a screen at once. Columnar, a few typed arrays, never one message per
 * event.
 */
import type { AlarmState } from '../sim/observe/alarms'
import type { CounterSpec } from '../sim/observe/counters'
import type { StructureKind } from '../sim/observe/structures'

import type { TimedAction } from '../sim/actions/action'
import type { ServerMark } from '../sim/server/server'

/**
 * A block of samples. One row per (merged) sample, one column per counter in the order of the run's
 * facts. While a screen keeps up, every row is one sample and min, mean and max equal last. When it
 * is behind, rows are merged: `last` keeps totals exact, min, mean and max keep what a gauge did in
 * between; of a total they are how fast it grew, per simulated second.
 */
export interface SampleBlock {
  readonly rows: number
  readonly columns: number
  /** Simulated seconds at the end of each row. */
  readonly time: Float64Array
  /** How many samples each row stands for. */
  readonly merged: Uint32Array
  /** rows × columns, row by row. */
  readonly last: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly mean: Float64Array
}

/** `note`: somebody's words, or the host's; `rang`: an alarm, `alarm`: one was set. */
export type MarkKind = ServerMark['kind']
/** Something that happened at a simulated instant, for the timeline and the charts. */
export interface Mark {
  readonly at: number
  readonly kind: MarkKind
  /** For an action its text (`fault:orphaned-buffers=1`), otherwise words. */
  readonly text: string
}

/** A finished benchmark round. */
export interface Round {
  readonly number: number
  readonly startSeconds: number
  readonly seconds: number
  readonly perHour: number
}

/** `recorded`: nothing runs; a page looks at a recording. */
export type RunPhase = 'starting' | 'running' | 'paused' | 'ended' | 'died' | 'recorded'
export type Pace = 0.25 | 1 | 10 | 100 | 'max'
export const paces: readonly Pace[] = [0.25, 1, 10, 100, 'max']

/**
 * Stop at an instant (simulated seconds) or when a condition such as `processes.blocked > 64`
 * holds.
 */
export type RunUntil =
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'condition'; readonly text: string }

/** Slow motion around the next connection, or the next wake-up. */
export interface SlowStatus {
  readonly of: 'connection' | 'wake-up'
  /** Simulated second at which it has begun; undefined while that is waited for. */
  readonly since: number | undefined
}

/** One kind of event, and its share (0–1) of all that were looked at. */
export interface EventShare {
  /** The name of the event's handler: `segment end`. */
  readonly kind: string
  readonly share: number
  /**
   * What a CPU was working off, where the event ends that: the most frequent procedures, with their
   * share of all.
   */
  readonly procedures: readonly { readonly procedure: string; readonly share: number }[]
}

/** How the recording of a run stands. */
export interface RecordingStatus {
  /** Its folder's name. */
  readonly name: string
  readonly bytes: number
  /** What it grew by, per hour of wall time, when that was looked at last. */
  readonly bytesPerHour: number
  /** Room on its disk. */
  readonly freeBytes: number
  /** Samples up to this simulated second are in tiers only, to stay within the limit. */
  readonly wholeAfter: number
  /** Why nothing is recorded any more. */
  readonly stopped: string | undefined
}

/** Why a run is made again beside the one on the screen. */
export type AsideKind = 'continue' | 'branch' | 'chapter'

/** A chapter that is made ahead, so that it is ready when it is asked for. */
export interface AheadStatus {
  readonly at: number
  readonly isThere: boolean
}

/** A run that is made again beside the one on the screen, and takes its place when it is there. */
export interface AsideStatus {
  readonly kind: AsideKind
  /** What people call it. */
  readonly title: string
  /** Simulated seconds: where it stands, and where it goes. */
  readonly now: number
  readonly until: number
  /** Simulated per wall seconds; 0 while that is not known. */
  readonly speed: number
  /** Why it does not go on; it stands there until that was seen. */
  readonly failed: string | undefined
}

export interface RunStatus {
  /** Which run of this host: 1, 2, … */
  readonly run: number
  readonly phase: RunPhase
  readonly scenario: string
  readonly title: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string>>
  readonly pace: Pace
  /** Simulated seconds. */
  readonly now: number
  readonly events: number
  readonly digest: string
  /**
   * Events per wall second, and simulated per wall seconds, over the last second; 0 while paused.
   */
  readonly eventsPerSecond: number
  readonly speed: number
  /**
   * What its events are, largest share first: of one in 100, over the last wall seconds. Empty
   * while paused.
   */
  readonly eventMix: readonly EventShare[]
  /** Wall seconds that executing its events has taken so far. */
  readonly executedSeconds?: number | undefined
  /** What it goes on until, if anything. */
  readonly until: RunUntil | undefined
  /** Active faults with their intensity, and fixes that are on. */
  readonly faults: Readonly<Record<string, number>>
  readonly fixes: readonly string[]
  /** Everything that was done so far: part of the run. */
  readonly actions: readonly TimedAction[]
  readonly alarms: readonly AlarmState[]
  /** What its timeline will still do, in order of time. */
  readonly toCome: readonly TimedAction[]
  /**
   * A window of the profile begins and ends at multiples of about this many simulated seconds: 1 at
   * first, more when a run has become long.
   */
  readonly profileEvery: number
  /** Samples kept in memory, in bytes. */
  readonly keptBytes: number
  /** Undefined where nothing is to be recorded. */
  readonly recording?: RecordingStatus | undefined
  /** It is being repeated, as fast as it can, up to this simulated second. */
  readonly repeatUntil?: number | undefined
  /** What is made again beside it. */
  readonly aside?: AsideStatus | undefined
  readonly ahead?: AheadStatus | undefined
  /** While slow motion is waited for, or goes on in place of the pace. */
  readonly slow?: SlowStatus | undefined
  /** Why it paused, ended or died, in words. */
  readonly reason: string
}

/** What does not change while a run goes on. */
export interface RunFacts {
  readonly scenario: string
  readonly title: string
  /** The machine and its workloads in one line. */
  readonly summary: string
  readonly seed: number
  /** In the order of the columns of its samples. */
  readonly counters: readonly CounterSpec[]
  /** In the order in which they are drawn. */
  readonly structures: readonly StructureKind[]
}

/** The run that another took the place of, and who began that one. */
export interface Replaced {
  readonly title: string
  readonly seed: number
  readonly by: 'this page' | 'another page'
  /** Pages that watched it beside the one that began the new run. */
  readonly others: number
  /** What was being made again beside it, and is called off by that. */
  readonly calledOff?: string | undefined
}

export interface Frame {
  readonly sequence: number
  /** In the first frame of a run that a screen is sent, and in its history. */
  readonly facts: RunFacts | undefined
  readonly status: RunStatus
  readonly samples: SampleBlock
  readonly marks: readonly Mark[]
  readonly rounds: readonly Round[]
  /** In the first frame of a run that took the place of another while the screen watched. */
  readonly replaced?: Replaced | undefined
}
