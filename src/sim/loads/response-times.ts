/** The response times that clients have seen lately, and their quantiles. */

/** A window of 10 s, and at most so many of it. */
const windowNs = 10e9
const kept = 4096

export class ResponseTimes {
  private readonly seconds = new Float64Array(kept)
  private readonly ended = new Float64Array(kept)
  private seen = 0
  private readonly room = new Float64Array(kept)
  /** The first of them, in order. */
  private sorted = this.room.subarray(0, 0)
  private sortedAt = { seen: -1, from: -1 }

  /** A response that ends at `now`, ns. */
  add(seconds: number, now: number): void {
    const at = this.seen++ % kept
    this.seconds[at] = seconds
    this.ended[at] = now
  }

  /**
   * Milliseconds that this share of the responses of the last 10 s took at most; 0 when there were
   * none.
   */
  quantileMs(share: number, now: number): number {
    const sorted = this.lately(now)
    if (sorted.length === 0) return 0
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! * 1000
  }

  private lately(now: number): Float64Array {
    const { seen, ended, seconds } = this
    const oldest = Math.max(0, seen - kept)
    let from = seen
    while (from > oldest && ended[(from - 1) % kept]! > now - windowNs) from--
    if (this.sortedAt.seen !== seen || this.sortedAt.from !== from) {
      const { room } = this
      for (let at = from; at < seen; at++) room[at - from] = seconds[at % kept]!
      this.sorted = room.subarray(0, seen - from).sort()
      this.sortedAt = { seen, from }
    }
    return this.sorted
  }
}
