/** A bucket of permissions that fills at a steady rate: what a page may ask in a second. */
export class RateLimit {
  private left: number
  private last: number

  /**
   * @param perSecond how fast it fills. @param burst how much it holds. @param wall clock in ms.
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly wall: () => number = () => performance.now(),
  ) {
    this.left = burst
    this.last = wall()
  }

  /** Takes one permission; false when there is none. */
  take(): boolean {
    const now = this.wall()
    this.left = Math.min(this.burst, this.left + ((now - this.last) / 1000) * this.perSecond)
    this.last = now
    if (this.left < 1) return false
    this.left--
    return true
  }
}
