/**
 * When a trace of one connection is over: somebody has had it and closed it, and whoever was woken
 * meanwhile sleeps again. It reads what the trace records, and is told nothing else.
 */
import { TraceKind, TraceLeave, TraceNote } from '../observe/trace'
import type { TraceColumns } from '../observe/trace'

export class ConnectionWatch {
  private readPlaces = 0
  /** Pids that were woken and have not slept since. */
  private readonly awake = new Set<number>()
  /** Connections that a process has in hand, and how many there were. */
  private inHand = 0
  private accepted = 0

  read({ count, kind, first, third }: TraceColumns): void {
    for (; this.readPlaces < count; this.readPlaces++) {
      const at = this.readPlaces
      switch (kind[at]) {
        case TraceKind.wake:
          this.awake.add(first[at])
          break
        case TraceKind.leave:
          if (third[at] !== TraceLeave.yields && third[at] !== TraceLeave.preempted) {
            this.awake.delete(first[at])
          }
          break
        case TraceKind.note:
          this.note(first[at])
          break
      }
    }
  }

  private note(note: number): void {
    if (note === TraceNote.accepted) {
      this.accepted++
      this.inHand++
    } else if (note === TraceNote.closed && this.inHand > 0) this.inHand--
  }

  get isOver(): boolean {
    return this.accepted > 0 && this.inHand === 0 && this.awake.size === 0
  }
}
