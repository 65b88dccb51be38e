/** What poll and select have done, of all processes of a kernel. */

/** One call. */
export interface PollCall {
  /** Descriptors that it was asked about. */
  readonly size: number
  /** Of which it has looked at so many, a second look counted again, in so many goes. */
  scanned: number
  scans: number
  events: number
}

export class PollCounts {
  /** Calls that went as far as looking. */
  calls = 0
  /** Descriptors that were found ready. */
  events = 0
  /** Descriptors that were looked at. */
  scanned = 0
  /** Times that a call was woken, or ran out of time. */
  wakeUps = 0

  end(call: PollCall): void {
    this.calls++
    this.events += call.events
    this.scanned += call.scanned
    this.wakeUps += call.scans - 1
  }
}
