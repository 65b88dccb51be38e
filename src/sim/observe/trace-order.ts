/** What a trace is asked for, and how far it has come. */
import type { SimTime } from '../units/time'
import type { TraceReason } from './trace'

/** When to begin, and when it is over. */
export interface TraceOrder {
  /** `connection`: from the next SYN until whoever it woke sleeps again and it is served. */
  readonly reason: TraceReason
  /** Not before this instant; now when left out. */
  readonly from?: SimTime | undefined
  /** Simulated nanoseconds at most, from where it begins. */
  readonly atMostNs: number
  /** Bytes at most; traceBytesMax when left out. */
  readonly maxBytes?: number | undefined
}

/** `waits` for its instant or its connection, `records`, or is `done` and can be taken. */
export type TracePhase = 'off' | 'waits' | 'records' | 'done'

export interface TraceProgress {
  readonly phase: TracePhase
  readonly reason: TraceReason
  readonly records: number
  readonly bytes: number
  readonly maxBytes: number
}
