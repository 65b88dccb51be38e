/**
 * Clients of a proxy, as Banga and Mogul drove theirs. Hot ones (S-Client): each has one connection
 * at a time, asks at a mean rate or as soon as it is answered, and gives a SYN up that nobody
 * answers in 500 ms, so that the load does not go down when the proxy is late. Cold ones are opened
 * by a load-adding client, and say nothing. Far ones (far-clients.ts) come at random: their
 * distance is the network's between them and the proxy; an origin server's time comes on top.
 */
import type { Engine, HandlerId } from '../engine/engine'
import type { RandomStream } from '../engine/random'
import type { Segment } from '../kernel/net/segment'
import type { WorkObserver } from '../observe/work-observer'
import { instant, nanoseconds, seconds } from '../units/time'
import { Arrivals } from './arrivals'
import type { Client, ClientAddress, Manner } from './client-connections'
import { ClientConnections } from './client-connections'
import { connectionsAt, rateAt } from './day-curve'
import { drawDistance, near, ofProxy } from './far-clients'
import { ResponseTimes } from './response-times'

/** S-Client: a connection that is not open after so long is given up (assumed). */
const patienceNs = 500e6
/**
 * Between two connections that the load-adding client closes: a system call and a segment of a
 * machine like the proxy's (assumed). All at once would be more than a card takes.
 */
const closeNs = 50_000
/** Between two looks at the daily curve. */
const curveNs = seconds(10)

/** Populations: hot ones are numbered from 0. */
const cold = -1
const far = -2
const flood = -3

/** What a client asks for. */
export interface Asked {
  readonly id: number
  readonly bytes: number
  /** Between request and response at its origin server, ns. */
  readonly originNs: number
}

/** How clients behave; read anew for each connection. */
export interface ProxyClientSettings {
  hot(): number
  /** Requests a second of all of them; 0: as fast as they are answered. */
  rate(): number
  cold(): number
  /** Cold connections that the load-adding client opens a second. */
  coldRate(): number
  isFar(): boolean
  /** Hour at which the run began, of a day whose curve the load follows; undefined: no day. */
  day(): number | undefined
  /** Requests a second of an open population beside the others. */
  floodRate(): number
  /** What comes on top of each client's distance, ns. */
  awayNs(): number
  requestBytes(): number
  slowReaderNs(): number
  /** Draws what is asked for next. */
  next(): Asked
}

export class ProxyClients {
  private readonly connections: ClientConnections
  private readonly asked = new Map<number, Asked>()
  private readonly times = new ResponseTimes()
  /** Connections that hot clients have; when each is due to ask next. */
  private readonly busy: boolean[] = []
  private readonly due: number[] = []
  private readonly coldPorts: number[] = []
  private readonly begin: HandlerId
  private readonly arrivals: Arrivals
  private readonly addCold: HandlerId
  private readonly dropCold: HandlerId
  private readonly look: HandlerId
  private started = false
  private halted = false
  private addsCold = false
  private dropsCold = false
  private looks = false
  hotOpen = 0
  farOpen = 0
  floodOpen = 0
  offered = 0
  completed = 0
  failed = 0

  constructor(
    private readonly engine: Engine,
    private readonly random: RandomStream,
    private readonly settings: ProxyClientSettings,
    address: ClientAddress,
    toServer: (segment: Segment) => void,
    private readonly work: WorkObserver,
  ) {
    this.begin = engine.handler('hot client begins', (index) => this.onBegin(index))
    const arrive = engine.handler('far client arrives', () => this.onArrival())
    const rate = (): number => (this.halted ? 0 : this.arrivalRate)
    this.arrivals = new Arrivals(engine, random, rate, arrive, 0)
    this.addCold = engine.handler('cold connection', () => this.onAddCold())
    this.dropCold = engine.handler('cold connection ends', () => this.onDropCold())
    this.look = engine.handler('hour of the day', () => this.onLook())
    this.connections = new ClientConnections(engine, address, toServer, {
      requestBytes: () => settings.requestBytes(),
      responseBytes: ({ port }) => this.asked.get(port)?.bytes ?? 0,
      slowReaderNs: () => settings.slowReaderNs(),
      over: (client, failed) => this.over(client, failed),
    })
  }

  /** Cold connections that are open or being opened. */
  get coldOpen(): number {
    return this.coldPorts.length
  }

  /** Milliseconds that this share of the responses of the last 10 s took at most. */
  responseMs(share: number): number {
    return this.times.quantileMs(share, this.engine.now)
  }

  readonly receive = (segment: Segment): void => this.connections.receive(segment)

  /** What the client at a port asks for. */
  askedAt(port: number): Asked | undefined {
    return this.asked.get(port)
  }

  start(): void {
    this.started = true
    this.adjust()
  }

  /** Settings or faults have changed. */
  adjust(): void {
    if (!this.started || this.halted) return
    this.arrivals.begin()
    if (!this.looks && this.settings.day() !== undefined) this.onLook()
    for (let index = 0; index < this.hotWanted; index++) {
      if (this.busy[index]) continue
      this.busy[index] = true
      // The first ones within a second, as a benchmark's ramp-up.
      this.due[index] = this.engine.now + this.random.below(1e9)
      this.engine.at(instant(this.due[index]!), this.begin, index)
    }
    this.adjustCold()
  }

  /** Far clients at a rate are an open population: then there are no hot ones. */
  private get hotWanted(): number {
    const { settings } = this
    const isOpen = settings.day() !== undefined || (settings.isFar() && settings.rate() > 0)
    return isOpen ? 0 : settings.hot()
  }

  // Hot clients.

  private onBegin(index: number): void {
    if (this.halted) return
    if (index >= this.hotWanted) {
      this.busy[index] = false
      return
    }
    this.hotOpen++
    this.open(index, { patienceNs })
  }

  private nextOf(index: number): void {
    const rate = this.settings.rate()
    const { now } = this.engine
    // A schedule of its own: who is late asks at once, and does not catch up with more than one.
    const mean = rate > 0 ? (1e9 * this.settings.hot()) / rate : 0
    const wanted = this.due[index]! + (mean > 0 ? Math.round(this.random.exponential(mean)) : 0)
    this.due[index] = Math.max(now, wanted)
    this.engine.at(instant(this.due[index]!), this.begin, index)
  }

  // Far clients.

  private get arrivalRate(): number {
    return this.settings.floodRate() + this.farRate
  }

  private get farRate(): number {
    const { settings } = this
    const day = settings.day()
    if (day !== undefined) return rateAt(settings.rate(), this.engine.now, day)
    return settings.isFar() ? settings.rate() : 0
  }

  private onArrival(): void {
    if (this.halted) return
    this.arrivals.next()
    if (this.isOfFlood()) {
      this.floodOpen++
      this.open(flood, {})
    } else {
      this.farOpen++
      this.open(far, {})
    }
  }

  /** Whether who arrives is one of a flood: drawn where there are others too. */
  private isOfFlood(): boolean {
    const floodRate = this.settings.floodRate()
    if (floodRate <= 0) return false
    const others = this.farRate
    return others <= 0 || this.random.uniform() * (floodRate + others) < floodRate
  }

  private open(owner: number, manner: Manner): void {
    const { settings, connections, asked } = this
    const isFar = settings.isFar() || settings.day() !== undefined
    const { tripNs, silenceNs } = isFar ? drawDistance(this.random, ofProxy) : near
    const awayNs = Math.round(tripNs + settings.awayNs())
    const client = connections.connect(owner, {
      ...manner,
      ...(awayNs > 0 && { awayNs }),
      ...(silenceNs > 0 && { silentNs: silenceNs }),
    })
    asked.set(client.port, settings.next())
    this.offered++
    this.work.offered(1)
    connections.open(client)
  }

  private over(client: Client, failed: boolean): void {
    const { owner, port, began } = client
    if (owner === cold) {
      this.coldPorts.splice(this.coldPorts.lastIndexOf(port), 1)
      this.adjustCold()
      return
    }
    this.asked.delete(port)
    const took = (this.engine.now - began) / 1e9
    if (failed) this.failed++
    else {
      this.completed++
      this.times.add(took, this.engine.now)
    }
    this.work.ended(took, failed)
    if (owner === far) this.farOpen--
    else if (owner === flood) this.floodOpen--
    else {
      this.hotOpen--
      this.nextOf(owner)
    }
  }

  // Cold connections.

  private get coldWanted(): number {
    const { settings } = this
    const day = settings.day()
    const more = day === undefined ? 0 : Math.round(connectionsAt(this.engine.now, day))
    // In a day those that are in service are a part of the curve.
    return settings.cold() + Math.max(0, more - this.farOpen)
  }

  private adjustCold(): void {
    if (!this.started || this.halted) return
    const { coldPorts, settings } = this
    const wanted = this.coldWanted
    if (coldPorts.length < wanted && !this.addsCold) {
      this.addsCold = true
      this.engine.after(nanoseconds(Math.round(1e9 / settings.coldRate())), this.addCold, 0)
    }
    if (coldPorts.length > wanted && !this.dropsCold) {
      this.dropsCold = true
      this.engine.after(nanoseconds(closeNs), this.dropCold, 0)
    }
  }

  /** The one that was opened last. */
  private onDropCold(): void {
    this.dropsCold = false
    const { coldPorts, connections } = this
    if (this.halted || coldPorts.length <= this.coldWanted) return
    const client = connections.at(coldPorts[coldPorts.length - 1]!)
    if (client) connections.abandon(client)
  }

  private onAddCold(): void {
    this.addsCold = false
    if (this.halted || this.coldPorts.length >= this.coldWanted) return
    const client = this.connections.connect(cold, { silentNs: Infinity })
    this.coldPorts.push(client.port)
    this.connections.open(client)
    this.adjustCold()
  }

  private onLook(): void {
    this.looks = !this.halted && this.settings.day() !== undefined
    if (!this.looks) return
    this.engine.after(curveNs, this.look, 0)
    this.adjustCold()
  }

  /** The server is powered off: what was under way fails. */
  halt(): void {
    this.halted = true
    for (const { owner, began } of this.connections) {
      if (owner === cold) continue
      this.failed++
      this.work.ended((this.engine.now - began) / 1e9, true)
    }
    this.connections.halt()
  }
}
