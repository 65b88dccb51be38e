/**
 * One line on a terminal that is drawn over: how far, how fast. Nothing where there is no terminal.
 */
import { printable } from './printable'
import type { Terminal } from './terminal'

/** Wall milliseconds between two drawings. */
const everyMs = 250
const clearLine = '\r\u001b[K'

export class Progress {
  private last = 0
  private drawn = false

  constructor(private readonly terminal: Terminal) {}

  /** Draws the line that `text` makes, if one is due. */
  show(text: () => string): void {
    const now = performance.now()
    if (!this.terminal.interactive || now - this.last < everyMs) return
    this.last = now
    this.drawn = true
    this.terminal.err(clearLine + printable(text()))
  }

  /** Takes the line away. */
  clear(): void {
    if (this.drawn) this.terminal.err(clearLine)
    this.drawn = false
  }
}
