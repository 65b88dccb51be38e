/**
 * The other side of a connection, as simple as it can be: it sends a request, go-back-n with a
 * timer of 1 s, accepts data in order, acknowledges every segment, and closes when the server has.
 * The path between them loses, repeats and reorders segments at random.
 */
import type { Engine } from '../../../engine/engine'
import type { RandomStream } from '../../../engine/random'
import { milliseconds, seconds } from '../../../units/time'
import type { Segment } from '../segment'
import { Flag, segmentBytes } from '../segment'

const ends = { remoteHost: 0, remotePort: 1, localPort: 80 }

/** Delivers segments late, in another order, twice, or never. */
export class RoughWay {
  private readonly travelling = new Map<number, Segment>()
  private readonly arrival
  private count = 0

  constructor(
    private readonly engine: Engine,
    private readonly random: RandomStream,
    public loss: number,
    private readonly twice: number,
    deliver: (segment: Segment) => void,
  ) {
    this.arrival = engine.handler('arrives over a rough way', (id) => {
      const segment = this.travelling.get(id)
      this.travelling.delete(id)
      if (segment) deliver(segment)
    })
  }

  readonly send = (segment: Segment): void => {
    const { engine, random } = this
    for (let copies = random.chance(this.twice) ? 2 : 1; copies > 0; copies--) {
      if (random.chance(this.loss)) continue
      this.travelling.set(++this.count, segment)
      engine.after(milliseconds(1 + 60 * random.uniform()), this.arrival, this.count)
    }
  }
}

export class Peer {
  /** Bytes of the server that have come in order; its FIN counts one. */
  received = 0
  /** Bytes of the request that the server has acknowledged; the FIN counts one. */
  acknowledged = 0
  finReceived = false
  wasReset = false
  private connected = false
  private readonly timer

  constructor(
    private readonly engine: Engine,
    private readonly requestBytes: number,
    private readonly window: number,
    /** Closes its side as soon as the request is out, not when the server has closed. */
    private readonly closesFirst: boolean,
    private readonly toServer: (segment: Segment) => void,
  ) {
    this.timer = engine.handler('peer repeats', () => this.repeat())
  }

  /** It has received everything, and so has the server. */
  get isDone(): boolean {
    return this.finReceived && this.acknowledged === this.requestBytes + 1
  }

  readonly repeat = (): void => {
    if (this.isDone || this.wasReset) return
    if (!this.connected) this.send(Flag.syn, 0, 0)
    else this.output()
    this.engine.after(seconds(1), this.timer, 0)
  }

  readonly receive = (segment: Segment): void => {
    const { flags, sequence, bytes, acknowledged } = segment
    if ((flags & Flag.reset) !== 0) {
      this.wasReset = true
      return
    }
    const isNew = (flags & Flag.syn) !== 0 && !this.connected
    this.connected = true
    const progress = acknowledged > this.acknowledged
    if (progress) this.acknowledged = acknowledged
    const isFin = (flags & Flag.fin) !== 0
    if (sequence === this.received && !this.finReceived) {
      this.received += bytes + (isFin ? 1 : 0)
      this.finReceived = isFin
    }
    if (isNew || progress || isFin) this.output()
    if (bytes > 0 || isFin) this.send(Flag.ack, this.acknowledged, 0)
  }

  /** Everything that is not acknowledged, and the FIN when it is time for it. */
  private output(): void {
    const { requestBytes } = this
    let sequence = this.acknowledged
    while (sequence < requestBytes) {
      const bytes = Math.min(segmentBytes, requestBytes - sequence)
      this.send(Flag.ack, sequence, bytes)
      sequence += bytes
    }
    const closes = this.closesFirst || this.finReceived
    if (closes && sequence === requestBytes) this.send(Flag.ack | Flag.fin, sequence, 0)
  }

  private send(flags: number, sequence: number, bytes: number): void {
    const { received, window } = this
    this.toServer({ ...ends, flags, sequence, bytes, acknowledged: received, window })
  }
}
