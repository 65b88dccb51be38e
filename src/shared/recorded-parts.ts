/** What is made of recordings, and of windows of a run: parts, imports, statistics. */
import type { TimeWindow } from './time-window'

export interface TrimmedRecording {
  readonly id: string
  /** What the part became: it begins and ends with samples. */
  readonly window: TimeWindow
}

/** Longest piece of a file, in characters of base64: four of them are three bytes. */
export const importPieceMax = 512 * 1024
/** How a page calls what it brings beside a recording's own files: a zip of them, or any file. */
export const broughtArchive = 'archive.zip'
export const broughtFile = 'brought.file'
/** The steps of an import, one after another; `forget` takes back what has come. */
export type ImportStep =
  | { readonly step: 'begin' }
  /** A file of the recording's folder, a zip with all of them, or a file of another format. */
  | { readonly step: 'piece'; readonly file: string; readonly base64: string }
  | { readonly step: 'end'; readonly called: string }
  | { readonly step: 'forget' }
export interface Imported {
  /** Of the recording, once it is in the library. */
  readonly id: string | undefined
}

/** The file that a recording was imported from: what there is of it, and what is not. */
export interface ImportedFrom {
  readonly file: string
  /** What it was: `a CSV of counters`. */
  readonly format: string
  /** Whether it says what begins the same run. */
  readonly begins: boolean
  readonly hasSamples: boolean
  readonly hasProfile: boolean
  readonly hasSeed: boolean
  /** What is to be known of it, a sentence each. */
  readonly notes: readonly string[]
}

/** What a counter was in a window: a gauge as it stood, a total as fast as it grew, per second. */
export interface CounterStatistics {
  readonly id: string
  /** How much a total grew in all; undefined for a gauge. */
  readonly total: number | undefined
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

export interface WindowStatistics extends TimeWindow {
  /** Samples in it, and rows that are kept of them. */
  readonly samples: number
  readonly rows: number
  readonly counters: readonly CounterStatistics[]
}

/** The profile of a recording, and that of what is shown, to be compared. */
export interface DifferenceRequest {
  /** The recording that it is compared to. */
  readonly base: string
  /** The recording that is shown; the present run when left out. */
  readonly of?: string | undefined
  /** The part of what is shown. */
  readonly window?: TimeWindow | undefined
}

/** A past moment whose structures are to be seen: of a recording, or of the present run. */
export interface PastRequest {
  readonly of?: string | undefined
  /** Simulated seconds, not later than that has come. */
  readonly at: number
  /** Where a window begins that ends there: its profile is wanted, to the cycle. */
  readonly profileFrom?: number | undefined
}
/** What it takes to look into it. */
export interface PastOffer {
  /** Wall seconds, from how long it took before; undefined while that is not known. */
  readonly seconds: number | undefined
  /** Digests that it will be held against. */
  readonly digests: number
}
/** The run executed again up to that moment. */
export interface PastState {
  readonly at: number
  /** Where it has come to, and how fast it goes, in simulated per wall seconds. */
  readonly now: number
  readonly speed: number
  /** It stands there, and its structures can be seen. */
  readonly isThere: boolean
  /** Digests so far that were as recorded. */
  readonly equal: number
  /** Why it does not come there. */
  readonly failed: string | undefined
}

/** An instant of the run's timeline that it is to be brought to. */
export interface ChapterRequest {
  /** Simulated seconds. */
  readonly at: number
  /** What is said there. */
  readonly title: string
  /** Now; otherwise it is made ready, for when it is. */
  readonly isWanted: boolean
}
