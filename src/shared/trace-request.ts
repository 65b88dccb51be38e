/** How a trace is asked for, and how it stands. */
import type { TraceFile } from './trace-file'
import type { TraceProgress } from '../sim/observe/trace-order'

/** What a trace is asked for. */
export interface TraceRequest {
  /** `connection`: from the next SYN until it is served and all that it woke sleep again. */
  readonly reason: 'time' | 'connection'
  /** Simulated milliseconds at most. */
  readonly milliseconds: number
  /**
   * From this simulated second, which is over: the run is executed again up to there, beside the
   * one that goes on. From now on when left out.
   */
  readonly fromSeconds?: number | undefined
  /** The recording whose run is executed again; the present run when left out. */
  readonly of?: string | undefined
}
/** Longest trace, in simulated milliseconds. */
export const traceMsMax = 60_000
/** Bytes of a trace that crosses to a screen. */
export const traceScreenBytes = 24_000_000

/** A trace that is kept with the recording of its run. */
export interface KeptTrace {
  readonly name: string
  /** On disk. */
  readonly bytes: number
  readonly fromSeconds: number
  /** `connection`, or how long it is. */
  readonly of: string
}
/** Most that a recording keeps; the oldest go. */
export const keptTracesMax = 20

export interface TakenTrace extends TraceFile {
  /** Its name where it is kept with a recording; why it is not, where there is one. */
  readonly kept: string | undefined
  readonly problem: string | undefined
}

export interface TraceState extends TraceProgress {
  /** Where the run that is executed again has come to, and to where it goes. */
  readonly again: { readonly now: number; readonly until: number } | undefined
}
