/** One end of a TCP connection: what it has sent, what has come, its windows and its timer. */
import type { TimerId } from '../../../engine/engine'
import { noTimer } from '../../../engine/engine'
import type { Cycles } from '../../../units/cycles'
import { type Watchers } from '../../fs/poll/watchers'
import { WaitQueue } from '../../sched/wait-queue'
import type { AcceptWaitQueue } from '../accept-wait-queue'
import type { Endpoints } from '../segment'

const millisecond = 1e6
/** TCP_TIMEOUT_INIT, the least RTO, and the longest: 3 s, 200 ms, 120 s. */
export const firstTimeout = 3000 * millisecond
const minTimeout = 200 * millisecond
export const maxTimeout = 120_000 * millisecond
/** SO_SNDBUF: SK_WMEM_MAX of 2.2. */
const sendBufferBytes = 65_535
/** Congestion window at the beginning, in segments. */
const firstWindow = 2

export const TcpState = {
  synReceived: 0,
  established: 1,
  closeWait: 2,
  finWait: 3,
  lastAck: 4,
  closed: 5,
  synSent: 6,
} as const

/** The list that a half-open connection is found in. */
interface OpenRequests {
  /** Requests that a walk on the way to this one looks at. */
  walkTo(wanted: Connection): number
  /** Cycles of a walk on `cpu` that looks at so many. */
  walking(cpu: number, passed: number): Cycles
}

/** The listening socket that a connection has come through, as the connection knows it. */
export interface ListeningSocket {
  readonly waiters: AcceptWaitQueue
  readonly isFull: boolean
  readonly requests: OpenRequests
  overflows: number
  /** A handshake is complete. */
  push(connection: Connection): void
  /** A handshake is complete or has failed. */
  forgetHalfOpen(connection: Connection): void
  /** A connection has ended before anybody accepted it. */
  abandon(): void
}

export class Connection {
  state: number = TcpState.synReceived
  /** Bytes of the other side that have come in order and that nobody has read. */
  readable = 0
  received = 0
  finReceived = false
  /** What the bytes that came last say. */
  says = 0
  /** First byte not acknowledged, first byte not sent, bytes that the program has written. */
  unacknowledged = 0
  next = 0
  written = 0
  /** First byte that has never been sent: `next` goes back when a timer runs out. */
  unsent = 0
  /** Segments that wait in it, as its memory was last counted. */
  segments = 0
  finQueued = false
  finAcknowledged = false
  window = 32_767
  /** Segments, and parts of one. */
  congestionWindow = 0.5
  threshold = Infinity
  /** Before the first round trip: not a number. */
  private smoothed = NaN
  private deviation = NaN
  timeout = firstTimeout
  /** Times that the timer has run out since the other side last acknowledged anything. */
  tries = 0
  /** How often the timeout is doubled: until something is acknowledged (as with timestamps). */
  backoff = 0
  /** Bytes before this one may have been sent more than once. */
  resentBefore = 0
  /** The last descriptor is closed: nobody will read. */
  orphaned = false
  timer: TimerId = noTimer
  /** The byte whose acknowledgement is timed, and since when; −1: none. */
  timedByte = -1
  timedSince = NaN
  /** A process has it: until then it shares the waiters of its listener. */
  accepted = false
  /** Its listener counts it among the handshakes under way. */
  isHalfOpen = false
  /** Where its open request stands in the list of its listener; 0: it is not in there. */
  place = 0
  /** Why it could not be opened, the negative errno; 0: nothing has failed. */
  error = 0
  readonly waiters = new WaitQueue()
  /** Who polls it; made when somebody does. */
  watchers: Watchers | undefined

  constructor(
    readonly ends: Endpoints,
    /** Its number in the table of connections. */
    readonly key: number,
    /** Undefined when it was opened from here. */
    readonly listener: ListeningSocket | undefined,
    readonly since: number,
  ) {
    // It was a fraction before: V8 keeps a field of integers apart until it is none.
    this.congestionWindow = firstWindow
  }

  /** Jacobson's estimate. */
  noteRoundTrip(ns: number): void {
    if (Number.isNaN(this.smoothed)) {
      this.smoothed = ns
      this.deviation = ns / 2
    } else {
      this.deviation += (Math.abs(ns - this.smoothed) - this.deviation) / 4
      this.smoothed += (ns - this.smoothed) / 8
    }
    const wanted = Math.round(this.smoothed + 4 * this.deviation)
    this.timeout = Math.min(maxTimeout, Math.max(minTimeout, wanted))
  }

  /** The last byte and the FIN that were written have been acknowledged. */
  get allSent(): boolean {
    return this.unacknowledged === this.written + (this.finQueued ? 1 : 0)
  }

  /** Nothing is on its way, and the other side has no room for what waits. */
  get isStalled(): boolean {
    return this.window === 0 && this.unacknowledged === this.next && !this.allSent
  }

  /** FIN_WAIT_2: our FIN has been acknowledged, theirs has not come. */
  get awaitsFin(): boolean {
    return this.state === TcpState.finWait && this.allSent && !this.finReceived
  }

  /** Bytes that the program may write now. */
  get room(): number {
    return sendBufferBytes - (this.written - this.unacknowledged)
  }

  /** Both sides have finished, and both know it. */
  get isOver(): boolean {
    return this.finQueued && this.finReceived && this.allSent
  }
}

/** Nothing more is received or sent. */
export const isClosed = (connection: Connection): boolean => connection.state === TcpState.closed
