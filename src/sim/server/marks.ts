/** What a screen shows on the timeline, until somebody takes it. */
import type { ServerMark } from './server'

/** Where nobody takes marks, as on the command line, the oldest are forgotten. */
const maxMarks = 1 << 10

export class Marks {
  private waiting: ServerMark[] = []

  add(mark: ServerMark): void {
    if (this.waiting.length === maxMarks) this.waiting.shift()
    this.waiting.push(mark)
  }

  take(): ServerMark[] {
    const taken = this.waiting
    this.waiting = []
    return taken
  }
}
