/** What the web shell bears of those who connect to it, in number and in time. */
export interface WebLimits {
  /** Connections at once, of whatever kind; further ones are closed as they come. */
  readonly connections: number
  /** Pages that may be open at once. */
  readonly pages: number
  /** Wall milliseconds in which the head of a request must be there, from the connection on. */
  readonly headMs: number
  /** And all of it. */
  readonly requestMs: number
  /**
   * Wall milliseconds that a connection may stand still: in the middle of an answer, or between two
   * requests.
   */
  readonly stillMs: number
  readonly keepAliveMs: number
  /** How often these times are looked at. */
  readonly lookMs: number
  /** Between two pings to a page; one that has not answered by the next is gone. */
  readonly pingMs: number
  /** Bytes that a page may leave unread; one that leaves more is cut off. */
  readonly unreadBytes: number
  /** Wall milliseconds for a connection to end by itself. */
  readonly closeMs: number
}

export const usualLimits: WebLimits = {
  // A browser has six connections to a host beside the page's own.
  connections: 192,
  pages: 16,
  headMs: 10_000,
  requestMs: 20_000,
  stillMs: 30_000,
  keepAliveMs: 5000,
  lookMs: 2000,
  // A history of the largest run is some 10 MB.
  pingMs: 30_000,
  unreadBytes: 32_000_000,
  closeMs: 1000,
}
