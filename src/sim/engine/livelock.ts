/**
 * Notices that simulated time stands still although work is done: events that only cause each
 * other, or a task whose code goes round and charges nothing. Such a run would go on for ever and
 * get nowhere.
 */
import { inSeconds } from '../units/time'
import type { SimTime } from '../units/time'
import type { Engine } from './engine'

/**
 * Events, or steps of one task, at one instant: no scenario comes near, the largest wakes some
 * thousands of tasks at once.
 */
export const maxAtOnce = 1_000_000

/** The run cannot continue. The message tells the user where it stopped. */
export class Livelock extends Error {
  /** @param what was done at this instant, without end */
  constructor(now: SimTime, what: string) {
    super(
      `livelock: simulated time does not go on from ${inSeconds(now)} s, where ${what} more than ${maxAtOnce} times`,
    )
  }
}

/** Watches an engine, between its slices. */
export class LivelockWatch {
  private at = -1
  private executed = 0

  constructor(private readonly engine: Engine) {}

  /** @throws Livelock when too many events were executed at this instant. */
  look(): void {
    const { now, executed } = this.engine
    if (now !== this.at) {
      this.at = now
      this.executed = executed
    } else if (executed - this.executed >= maxAtOnce) {
      throw new Livelock(now, 'events were executed')
    }
  }
}
