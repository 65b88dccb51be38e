/**
 * Clients of a web server. Closed population: a fixed number of connections, each replaced when it
 * is over. Open: connections arrive at random with a mean rate. A connection is one HTTP/1.0
 * request. A client acknowledges every second segment, and at once PUSH and what is repeated or out
 * of order; a slow reader delays this. SYN, request and FIN are repeated after 3, 6, 12 … s. A
 * reset or a response of the wrong length is a failure.
 * Left out: the clients' own CPUs, delayed-acknowledgement timers (PUSH stands for them).
 */
import type { Engine, HandlerId, TimerId } from '../engine/engine'
import { noTimer } from '../engine/engine'
import type { RandomStream } from '../engine/random'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import type { WorkObserver } from '../observe/work-observer'
import { nanoseconds } from '../units/time'

const firstTimeout = 3e9
const maxTries = 5
/**
 * Least and most time between the first SYNs of a population that begins, as a benchmark's ramp-up:
 * 1 s.
 */
const rampNs = 1e9

/** How clients behave; read anew for each connection. */
export interface ClientSettings {
  /** Connections at a time; 0: open population. */
  connections(): number
  /** Connections a second of an open population. */
  rate(): number
  requestBytes(): number
  /** The right length of a response. */
  responseBytes(): number
  /** Time that a reader takes for each segment, ns. */
  slowReaderNs(): number
}

/** Where the clients are, and the port of the server that they ask. */
export interface ClientAddress {
  readonly remoteHost: number
  readonly localPort: number
}

interface Client {
  readonly port: number
  readonly began: number
  state: 'connecting' | 'waiting' | 'closing'
  /** Bytes of the response that have come in order. */
  received: number
  unacknowledged: number
  sent: number
  tries: number
  timer: TimerId
}

export class WebClients {
  private readonly clients = new Map<number, Client>()
  private nextPort = 1
  private readonly begin: HandlerId
  private readonly retry: HandlerId
  private readonly late: HandlerId
  private halted = false
  private beginning = 0
  private started = false
  private arrives = false
  offered = 0
  completed = 0
  failed = 0

  constructor(
    private readonly engine: Engine,
    private readonly random: RandomStream,
    private readonly settings: ClientSettings,
    private readonly address: ClientAddress,
    private readonly toServer: (segment: Segment) => void,
    private readonly work: WorkObserver,
  ) {
    this.begin = engine.handler('client begins', (kind) => this.onBegin(kind))
    this.retry = engine.handler('client timer', (port) => this.onRetry(port))
    this.late = engine.handler('slow reader', (port) => this.onLate(port))
  }

  /** Connections under way. */
  get inFlight(): number {
    return this.clients.size
  }

  start(): void {
    this.started = true
    this.adjust()
  }

  /** Brings a closed population up to its number, and lets an open one begin. */
  adjust(): void {
    if (!this.started) return
    if (!this.arrives) this.nextArrival()
    const missing = this.settings.connections() - this.clients.size - this.beginning
    for (let count = 0; count < missing; count++) {
      this.beginning++
      this.engine.after(nanoseconds(this.random.below(rampNs)), this.begin, 0)
    }
  }

  /**
   * The next connection of an open population. Ends when the rate is 0, until `adjust` finds that
   * it is not.
   */
  private nextArrival(): void {
    const rate = this.settings.rate()
    this.arrives = rate > 0 && !this.halted
    if (!this.arrives) return
    const wait = Math.max(1, Math.round(this.random.exponential(1e9 / rate)))
    this.engine.after(nanoseconds(wait), this.begin, 1)
  }

  private onBegin(kind: number): void {
    if (this.halted) return
    if (kind === 1) this.nextArrival()
    else {
      this.beginning--
      if (this.clients.size >= this.settings.connections()) return
    }
    this.connect()
  }

  private connect(): void {
    const port = this.nextPort++
    const client: Client = {
      port,
      began: this.engine.now,
      state: 'connecting',
      received: 0,
      unacknowledged: 0,
      sent: 0,
      tries: 0,
      timer: noTimer,
    }
    this.clients.set(port, client)
    this.offered++
    this.work.offered(1)
    this.send(client, Flag.syn, 0, 0)
    this.arm(client)
  }

  private send(client: Client, flags: number, sequence: number, bytes: number): void {
    const { remoteHost, localPort } = this.address
    const remotePort = client.port
    const acknowledged = client.received
    const window = 32_120
    this.toServer({
      remoteHost,
      remotePort,
      localPort,
      flags,
      sequence,
      bytes,
      acknowledged,
      window,
    })
  }

  private arm(client: Client): void {
    if (client.timer !== noTimer) this.engine.cancel(client.timer)
    const wait = firstTimeout * (1 << client.tries)
    client.timer = this.engine.after(nanoseconds(wait), this.retry, client.port)
  }

  private onRetry(port: number): void {
    const client = this.clients.get(port)
    if (this.halted || !client) return
    client.timer = noTimer
    if (++client.tries > maxTries) {
      this.send(client, Flag.reset | Flag.ack, client.sent, 0)
      this.over(client, true)
      return
    }
    if (client.state === 'connecting') this.send(client, Flag.syn, 0, 0)
    else if (client.state === 'waiting' && client.received === 0) this.request(client)
    else this.send(client, Flag.ack, client.sent, 0)
    this.arm(client)
  }

  private request(client: Client): void {
    const bytes = this.settings.requestBytes()
    client.sent = bytes
    this.send(client, Flag.ack | Flag.push, 0, bytes)
  }

  /** A segment from the server has come to the client. */
  readonly receive = (segment: Segment): void => {
    const client = this.clients.get(segment.remotePort)
    if (this.halted) return
    if (!client) {
      // The end of the response once more, from the first byte that is not acknowledged: the last
      // answer was lost.
      if (segment.bytes > 0 || (segment.flags & Flag.fin) !== 0) this.answerStray(segment)
      return
    }
    if ((segment.flags & Flag.reset) !== 0) {
      this.over(client, true)
      return
    }
    if ((segment.flags & Flag.syn) !== 0) {
      const isNew = client.state === 'connecting'
      client.state = 'waiting'
      client.tries = 0
      this.send(client, Flag.ack, 0, 0)
      if (isNew) this.request(client)
      this.arm(client)
      return
    }
    this.receiveData(client, segment)
  }

  private receiveData(client: Client, segment: Segment): void {
    const carries = segment.bytes > 0 || (segment.flags & Flag.fin) !== 0
    if (!carries) return
    let atOnce = (segment.flags & Flag.push) !== 0
    if (segment.sequence === client.received) {
      client.received += segment.bytes
      client.unacknowledged++
      client.tries = 0
      if ((segment.flags & Flag.fin) !== 0) {
        const isWhole = client.received === this.settings.responseBytes()
        client.received++
        this.send(client, Flag.ack | Flag.fin, client.sent, 0)
        this.over(client, !isWhole)
        return
      }
    } else atOnce = true
    if (!atOnce && client.unacknowledged < 2) return
    client.unacknowledged = 0
    const wait = this.settings.slowReaderNs()
    if (wait <= 0) this.send(client, Flag.ack, client.sent, 0)
    else this.engine.after(nanoseconds(wait), this.late, client.port)
  }

  private onLate(port: number): void {
    const client = this.clients.get(port)
    if (client && !this.halted) this.send(client, Flag.ack, client.sent, 0)
  }

  private answerStray(segment: Segment): void {
    const { remotePort, flags, sequence, bytes } = segment
    const end = sequence + bytes + ((flags & Flag.fin) !== 0 ? 1 : 0)
    this.toServer({
      ...this.address,
      remotePort,
      flags: Flag.ack | Flag.fin,
      sequence: segment.acknowledged,
      bytes: 0,
      acknowledged: end,
      window: 32_120,
    })
  }

  private over(client: Client, failed: boolean): void {
    if (client.timer !== noTimer) this.engine.cancel(client.timer)
    this.clients.delete(client.port)
    if (failed) this.failed++
    else this.completed++
    this.work.ended((this.engine.now - client.began) / 1e9, failed)
    if (this.clients.size < this.settings.connections()) this.connect()
  }

  /**
   * The server is powered off: open connections fail; the clients return when it is back.
   */
  halt(): void {
    this.halted = true
    for (const client of this.clients.values()) {
      this.failed++
      this.work.ended((this.engine.now - client.began) / 1e9, true)
    }
    this.clients.clear()
  }
}
