/** An open population: clients arrive at random instants, so many a second on average. */
import type { Engine, HandlerId } from '../engine/engine'
import type { RandomStream } from '../engine/random'
import { nanoseconds } from '../units/time'

export class Arrivals {
  private underWay = false

  constructor(
    private readonly engine: Engine,
    private readonly random: RandomStream,
    /** Clients a second; at 0 nobody arrives. Read anew for each. */
    private readonly rate: () => number,
    /** Called at each arrival, with the argument; it asks for the `next` one. */
    private readonly arrive: HandlerId,
    private readonly argument: number,
  ) {}

  /** Lets them arrive, unless they do already. */
  begin(): void {
    if (!this.underWay) this.next()
  }

  /** The next arrival. There is none at a rate of 0, until `begin` finds that it is not. */
  next(): void {
    const rate = this.rate()
    this.underWay = rate > 0
    if (!this.underWay) return
    const wait = Math.max(1, Math.round(this.random.exponential(1e9 / rate)))
    this.engine.after(nanoseconds(wait), this.arrive, this.argument)
  }
}
