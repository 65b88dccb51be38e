/** What poll and select have done, of all processes of a kernel, and the sets they are about. */

/** A set as it is counted. */
interface CountedSet {
  /** Descriptors that are ready, and that no call has returned yet. */
  readonly waiting: number
  /** The call that it is for. */
  readonly call: 'select' | 'poll'
  readonly size: number
  readonly width: number
  readonly position: number
  readonly registered: number
  /** Whether the kernel keeps sets of its thread. */
  keepsSets(): boolean
  /** Whether it is told by hints what has changed. */
  keepsHints(): boolean
  readonly last: PollCall | undefined
  /** Bits of SetBit, by descriptor. */
  mark(states: Uint8Array): void
}

/** One call. */
export interface PollCall {
  /** Descriptors that it was asked about. */
  readonly size: number
  /** Of which it has looked at so many, a second look counted again, in so many goes. */
  scanned: number
  scans: number
  events: number
}

/** Calls whose mean is the present one, about. */
const recentCalls = 100

export class PollCounts {
  /** Calls that went as far as looking. */
  calls = 0
  /** Descriptors that were found ready. */
  events = 0
  /** Descriptors that were looked at. */
  scanned = 0
  /** Times that a call was woken, or ran out of time. */
  wakeUps = 0
  /** Events of a call that may wait and has found any: a mean over the last hundred or so. */
  eventsPerCall = 0
  /** Every set that a program has made. */
  readonly sets = new Set<CountedSet>()

  end(call: PollCall, mayWait: boolean): void {
    this.calls++
    this.events += call.events
    this.scanned += call.scanned
    this.wakeUps += call.scans - 1
    if (!mayWait || call.events === 0) return
    const before = this.eventsPerCall
    this.eventsPerCall += before === 0 ? call.events : (call.events - before) / recentCalls
  }

  /** Descriptors that are ready, and that no call has returned yet. */
  get waiting(): number {
    let count = 0
    for (const set of this.sets) count += set.waiting
    return count
  }

  /** The largest set; of equals, the newest. */
  get largest(): CountedSet | undefined {
    let largest: CountedSet | undefined
    for (const set of this.sets) if (!largest || set.size >= largest.size) largest = set
    return largest
  }
}
