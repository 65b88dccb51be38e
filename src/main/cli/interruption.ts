/**
 * Signals that end a run in good order: the first one ends it at its instant, and what was asked
 * for is written; a second one ends the process at once, and leaves no half-written file behind.
 */
import { dropParts } from '../formats/part-files'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Wall milliseconds in which the same signal is the same wish: a terminal sends it to all of npm,
 * its script and this process, and the first two pass it on; `timeout` sends it twice.
 */
const sameWishMs = 250

export class Interruption {
  private first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined

  /** @param onFirst told of the first signal. */
  constructor(private readonly onFirst: () => void = () => undefined) {
    for (const signal of signals) process.on(signal, this.onSignal)
  }

  get heard(): boolean {
    return this.first !== undefined
  }

  /** From here on signals end the process as they always do. */
  close(): void {
    for (const signal of signals) process.off(signal, this.onSignal)
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (this.first === undefined) {
      this.first = { signal, at: now }
      return this.onFirst()
    }
    if (signal === this.first.signal && now - this.first.at < sameWishMs) return
    dropParts()
    this.close()
    // Not process.exit, which waits for a write to a pipe that nobody reads.
    process.kill(process.pid, signal)
  }
}
