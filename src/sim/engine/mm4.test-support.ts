/**
 * M/M/4 with processes: customers come at random, stand in one line, and are served by four
 * tellers. There is a closed form for it (Erlang C), so it shows whether engine and processes do
 * what they should.
 */
import type { Duration } from '../units/time'
import type { Engine } from './engine'
import { NumberFifo } from './number-fifo'
import type { ProcessBody } from './process'
import { spawn } from './process'
import { Signal } from './signal'

const tellers = 4

/** The share of customers who have to wait: Erlang C for this many servers at this utilisation. */
export function erlangC(servers: number, utilisation: number): number {
  const offered = servers * utilisation
  let term = 1
  let sum = 1
  for (let index = 1; index < servers; index++) sum += term *= offered / index
  const last = (term * offered) / servers / (1 - utilisation)
  return last / (sum + last)
}

/** Mean wait in the line, in service times. */
export const erlangWait = (servers: number, utilisation: number): number =>
  erlangC(servers, utilisation) / (servers * (1 - utilisation))

export class Mm4 {
  served = 0
  /** Those who had to wait. */
  delayed = 0
  /** Sum of all waits, in ns. */
  waited = 0
  /** When they came, of those who stand in the line. */
  private readonly line = new NumberFifo()
  private readonly customerCame = new Signal()

  /**
   * @param nextArrival @param nextService draw the time to the next arrival and of the next
   * service, in ns.
   */
  constructor(
    private readonly engine: Engine,
    private readonly nextArrival: () => Duration,
    private readonly nextService: () => Duration,
  ) {
    spawn(engine, this.arrivals())
    for (let index = 0; index < tellers; index++) spawn(engine, this.teller())
  }

  private *arrivals(): ProcessBody {
    for (;;) {
      yield this.nextArrival()
      this.line.push(this.engine.now)
      this.customerCame.wakeOne()
    }
  }

  private *teller(): ProcessBody {
    for (;;) {
      const came = this.line.shift()
      if (came === undefined) {
        yield this.customerCame
      } else {
        const wait = this.engine.now - came
        if (wait > 0) this.delayed++
        this.waited += wait
        this.served++
        yield this.nextService()
      }
    }
  }
}
