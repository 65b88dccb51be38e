/**
 * Clients of a web server. Closed population: a fixed number of connections, each replaced when it
 * is over. Open: connections arrive at random with a mean rate. Some may be far away. What a
 * connection does is said in client-connections.ts.
 */
import type { Engine, HandlerId } from '../engine/engine'
import type { RandomStream } from '../engine/random'
import type { Segment } from '../kernel/net/segment'
import type { WorkObserver } from '../observe/work-observer'
import { nanoseconds } from '../units/time'
import { Arrivals } from './arrivals'
import type { Client, ClientAddress, Manner } from './client-connections'
import { ClientConnections } from './client-connections'
import { drawDistance, ofServer } from './far-clients'

/**
 * Least and most time between the first SYNs of a population that begins, as a benchmark's ramp-up:
 * 1 s.
 */
const rampNs = 1e9

/** Who begins: one of a closed population, or of an open one. */
const returns = 0
const arrives = 1
const near: Manner = {}

/** How clients behave; read anew for each connection. */
export interface ClientSettings {
  /** Connections at a time; 0: open population. */
  connections(): number
  /** Connections a second of an open population. */
  rate(): number
  /** Share of them that are far away, 0-1. */
  farShare(): number
  requestBytes(): number
  /** Number of the page that the next request asks for. */
  page(): number
  /** The right length of the response with that page. */
  responseBytes(page: number): number
  /** Time that a reader takes for each segment, ns. */
  slowReaderNs(): number
}

export class WebClients {
  private readonly connections: ClientConnections
  private readonly begin: HandlerId
  private readonly arrivals: Arrivals
  private halted = false
  private beginning = 0
  private started = false
  offered = 0
  completed = 0
  failed = 0

  constructor(
    private readonly engine: Engine,
    private readonly random: RandomStream,
    private readonly settings: ClientSettings,
    address: ClientAddress,
    toServer: (segment: Segment) => void,
    private readonly work: WorkObserver,
  ) {
    this.begin = engine.handler('client begins', (kind) => this.onBegin(kind))
    const rate = (): number => (this.halted ? 0 : settings.rate())
    this.arrivals = new Arrivals(engine, random, rate, this.begin, arrives)
    this.connections = new ClientConnections(engine, address, toServer, {
      requestBytes: () => settings.requestBytes(),
      // A client's owner is the page that it asks for.
      says: ({ owner }) => owner,
      responseBytes: ({ owner }) => settings.responseBytes(owner),
      slowReaderNs: () => settings.slowReaderNs(),
      over: (client, failed) => this.over(client, failed),
    })
  }

  /** Connections under way. */
  get inFlight(): number {
    return this.connections.size
  }

  /** A segment from the server has come to a client. */
  readonly receive = (segment: Segment): void => this.connections.receive(segment)

  start(): void {
    this.started = true
    this.adjust()
  }

  /** Brings a closed population up to its number, and lets an open one begin. */
  adjust(): void {
    if (!this.started) return
    this.arrivals.begin()
    const missing = this.settings.connections() - this.inFlight - this.beginning
    for (let count = 0; count < missing; count++) {
      this.beginning++
      this.engine.after(nanoseconds(this.random.below(rampNs)), this.begin, returns)
    }
  }

  private onBegin(kind: number): void {
    if (this.halted) return
    if (kind === arrives) this.arrivals.next()
    else {
      this.beginning--
      if (this.inFlight >= this.settings.connections()) return
    }
    this.connect()
  }

  private connect(): void {
    const client = this.connections.connect(this.settings.page(), this.nextManner())
    this.offered++
    this.work.offered(1)
    this.connections.open(client)
  }

  /** Nothing is drawn where nobody is far away. */
  private nextManner(): Manner {
    const share = this.settings.farShare()
    if (share === 0 || !this.random.chance(share)) return near
    const { tripNs, silenceNs } = drawDistance(this.random, ofServer)
    return { awayNs: Math.round(tripNs), ...(silenceNs > 0 && { silentNs: silenceNs }) }
  }

  private over({ began }: Client, failed: boolean): void {
    if (failed) this.failed++
    else this.completed++
    this.work.ended((this.engine.now - began) / 1e9, failed)
    if (this.inFlight < this.settings.connections()) this.connect()
  }

  /**
   * The server is powered off: open connections fail; the clients return when it is back.
   */
  halt(): void {
    this.halted = true
    for (const { began } of this.connections) {
      this.failed++
      this.work.ended((this.engine.now - began) / 1e9, true)
    }
    this.connections.halt()
  }
}
