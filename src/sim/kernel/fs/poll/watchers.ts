/**
 * Who is told of changes at a file that can be waited for: the wait queue that the driver hands to
 * poll_wait, and the list in which a driver with hints finds process and descriptor. A watch stays
 * with its file between calls, so that the host need not go through all of them at each; what a
 * call of poll looks at and what a change wakes is charged by who owns the watch.
 */
import type { Cycles } from '../../../units/cycles'

/** What poll answers, as bits: POLLIN and POLLOUT. */
export const Readiness = { readable: 1, writable: 4 } as const

/** Something that can be asked which of read and write would not wait: bits of Readiness. */
export interface Pollable {
  poll(): number
}

/** One descriptor that a process waits on, in one set of them. */
export class Watch {
  /** Its state may have changed since it was last looked at. */
  hinted = false
  /** What the last call found, within what was asked for. */
  ready = 0

  constructor(
    readonly owner: WatchOwner,
    readonly descriptor: number,
    readonly file: Pollable,
    /** Bits of Readiness that are waited for. */
    public interest: number,
  ) {}

  /** What of its interest holds now. */
  look(): number {
    return (this.ready = this.file.poll() & this.interest)
  }
}

export interface WatchOwner {
  /** A callback of the file, in an interrupt or in another task's call. Returns its cycles. */
  changed(watch: Watch): Cycles
  /** The file's last descriptor was closed. */
  closed(watch: Watch): void
}

export class Watchers {
  private readonly watches: Watch[] = []

  add(watch: Watch): void {
    this.watches.push(watch)
  }

  remove(watch: Watch): void {
    const index = this.watches.indexOf(watch)
    if (index >= 0) this.watches.splice(index, 1)
  }

  get length(): number {
    return this.watches.length
  }

  /** The file's state has changed. Returns the cycles of who is told. */
  callBack(): Cycles {
    const { watches } = this
    let cycles = 0
    for (let index = 0; index < watches.length; index++) {
      const watch = watches[index]
      cycles += watch.owner.changed(watch)
    }
    return cycles
  }

  /** The last descriptor is closed. */
  close(): void {
    for (const watch of [...this.watches]) watch.owner.closed(watch)
  }
}
