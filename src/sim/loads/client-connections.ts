/**
 * Connections that clients open to a server, one HTTP/1.0 request each: TCP as far as a client
 * needs it. It acknowledges every second segment, and at once PUSH and what is repeated or out of
 * order; a slow reader delays this. SYN, request and FIN are repeated after 3, 6, 12 … s. A reset
 * or a response of the wrong length is a failure. A client may be far away, say nothing for a while
 * or for ever, and give up a SYN that nobody answers.
 * Left out: delayed-acknowledgement timers (PUSH stands for them).
 */
import type { Engine, HandlerId, TimerId } from '../engine/engine'
import { noTimer } from '../engine/engine'
import { NumberTable } from '../engine/number-table'
import type { Segment } from '../kernel/net/segment'
import { answerTo, Flag } from '../kernel/net/segment'
import { nanoseconds } from '../units/time'

const firstTimeout = 3e9
const maxTries = 5
/** What a client has room for: 22 segments of Ethernet. */
const window = 32_120

/** The hosts that the clients are on, in turn, and the port of the server that they ask. */
export interface ClientAddress {
  readonly remoteHosts: readonly number[]
  readonly localPort: number
}

/** How a connection goes on; what is left out is that of a client that asks at once. */
export interface Manner {
  /** Between handshake and request, ns; Infinity: it never asks. */
  readonly silentNs?: number
  /** What the client sends comes so much later: its distance, there and back, ns. */
  readonly awayNs?: number
  /**
   * A SYN that is not answered by then, its distance apart, is given up, ns. Left out: it is
   * repeated.
   */
  readonly patienceNs?: number
}

const atOnce: Manner = {}

export interface Client {
  /** As in its manner. */
  readonly silentNs: number | undefined
  readonly awayNs: number | undefined
  readonly patienceNs: number | undefined
  readonly port: number
  readonly remoteHost: number
  readonly began: number
  /** What its population knows it by. */
  readonly owner: number
  state: 'connecting' | 'silent' | 'waiting' | 'closing'
  /** Bytes of the response that have come in order. */
  received: number
  unacknowledged: number
  sent: number
  tries: number
  timer: TimerId
}

/** What is asked for, and who is told how it ended. */
export interface ClientBehaviour {
  requestBytes(client: Client): number
  /** What the request says, if there is more than one thing that it can say. */
  says?(client: Client): number
  /** The right length of a response. */
  responseBytes(client: Client): number
  /** Time that a reader takes for each segment, ns. */
  slowReaderNs(): number
  /** It has ended; a connection that follows it may be opened. */
  over(client: Client, failed: boolean): void
}

export class ClientConnections {
  private readonly clients = new NumberTable<Client>()
  private nextPort = 1
  private readonly retry: HandlerId
  private readonly late: HandlerId
  /** Registered when the first client needs them. */
  private asks: HandlerId | undefined
  private travels: HandlerId | undefined
  private readonly travelling: (Segment | undefined)[] = []
  private readonly freePlaces: number[] = []
  private halted = false

  constructor(
    private readonly engine: Engine,
    private readonly address: ClientAddress,
    private readonly toServer: (segment: Segment) => void,
    private readonly behaviour: ClientBehaviour,
  ) {
    this.retry = engine.handler('client timer', (port) => this.onRetry(port))
    this.late = engine.handler('slow reader', (port) => this.onLate(port))
  }

  /** Connections under way. */
  get size(): number {
    return this.clients.size
  }

  /** The client at a port; undefined when it is gone. */
  at(port: number): Client | undefined {
    return this.clients.get(port)
  }

  [Symbol.iterator](): IterableIterator<Client> {
    return this.clients[Symbol.iterator]()
  }

  connect(owner: number, manner: Manner = atOnce): Client {
    const port = this.nextPort++
    const { remoteHosts } = this.address
    const client: Client = {
      port,
      remoteHost: remoteHosts[port % remoteHosts.length],
      began: this.engine.now,
      owner,
      silentNs: manner.silentNs,
      awayNs: manner.awayNs,
      patienceNs: manner.patienceNs,
      state: 'connecting',
      received: 0,
      unacknowledged: 0,
      sent: 0,
      tries: 0,
      timer: noTimer,
    }
    this.clients.set(client.port, client)
    return client
  }

  /** The first SYN of a client. */
  open(client: Client): void {
    this.send(client, Flag.syn, 0, 0)
    this.arm(client)
  }

  private send(client: Client, flags: number, sequence: number, bytes: number): void {
    const segment: Segment = {
      remoteHost: client.remoteHost,
      remotePort: client.port,
      localPort: this.address.localPort,
      flags,
      sequence,
      bytes,
      acknowledged: client.received,
      window,
      says: bytes > 0 ? this.behaviour.says?.(client) : undefined,
    }
    if (client.awayNs === undefined) this.toServer(segment)
    else this.sendLater(segment, client.awayNs)
  }

  private sendLater(segment: Segment, ns: number): void {
    const { engine, travelling } = this
    this.travels ??= engine.handler('from a client far away', (place) => {
      const comes = travelling[place]
      travelling[place] = undefined
      this.freePlaces.push(place)
      if (comes && !this.halted) this.toServer(comes)
    })
    const place = this.freePlaces.pop() ?? travelling.length
    travelling[place] = segment
    engine.after(nanoseconds(ns), this.travels, place)
  }

  private arm(client: Client): void {
    if (client.timer !== noTimer) this.engine.cancel(client.timer)
    const { state, patienceNs } = client
    const givesUp = state === 'connecting' ? patienceNs : undefined
    const wait = (givesUp ?? firstTimeout * (1 << client.tries)) + (client.awayNs ?? 0)
    client.timer = this.engine.after(nanoseconds(wait), this.retry, client.port)
  }

  private disarm(client: Client): void {
    if (client.timer !== noTimer) this.engine.cancel(client.timer)
    client.timer = noTimer
  }

  private onRetry(port: number): void {
    const client = this.clients.get(port)
    if (this.halted || !client) return
    client.timer = noTimer
    const givesUp = client.state === 'connecting' && client.patienceNs !== undefined
    if (++client.tries > maxTries || givesUp) {
      this.abandon(client)
      return
    }
    if (client.state === 'connecting') this.send(client, Flag.syn, 0, 0)
    else if (client.state === 'waiting' && client.received === 0) this.request(client)
    else this.send(client, Flag.ack, client.sent, 0)
    this.arm(client)
  }

  /** The client resets it, which counts as a failure. */
  abandon(client: Client): void {
    this.send(client, Flag.reset | Flag.ack, client.sent, 0)
    this.end(client, true)
  }

  private request(client: Client): void {
    // Parameters are doubles. A segment with an integer in it is of another shape for V8, and a
    // shape that changes under load throws away what was compiled for it.
    const bytes = this.behaviour.requestBytes(client) | 0
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
      this.end(client, true)
      return
    }
    if ((segment.flags & Flag.syn) !== 0) this.receiveAnswer(client)
    else this.receiveData(client, segment)
  }

  /** A SYN-ACK. */
  private receiveAnswer(client: Client): void {
    const isNew = client.state === 'connecting'
    client.tries = 0
    if (isNew) client.state = client.silentNs === undefined ? 'waiting' : 'silent'
    this.send(client, Flag.ack, 0, 0)
    if (client.state === 'silent') {
      if (isNew) this.askLater(client)
      return
    }
    if (isNew) this.request(client)
    this.arm(client)
  }

  private askLater(client: Client): void {
    this.disarm(client)
    const ns = client.silentNs ?? 0
    if (ns === Infinity) return
    this.asks ??= this.engine.handler('silent client asks', (port) => {
      const asking = this.clients.get(port)
      if (this.halted || asking?.state !== 'silent') return
      asking.state = 'waiting'
      this.request(asking)
      this.arm(asking)
    })
    client.timer = this.engine.after(nanoseconds(ns), this.asks, client.port)
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
        const isWhole = client.received === this.behaviour.responseBytes(client)
        client.received++
        this.send(client, Flag.ack | Flag.fin, client.sent, 0)
        this.end(client, !isWhole)
        return
      }
    } else atOnce = true
    if (!atOnce && client.unacknowledged < 2) return
    client.unacknowledged = 0
    const wait = this.behaviour.slowReaderNs()
    if (wait <= 0) this.send(client, Flag.ack, client.sent, 0)
    else this.engine.after(nanoseconds(wait), this.late, client.port)
  }

  private onLate(port: number): void {
    const client = this.clients.get(port)
    if (client && !this.halted) this.send(client, Flag.ack, client.sent, 0)
  }

  private answerStray(segment: Segment): void {
    this.toServer(answerTo(segment, Flag.ack | Flag.fin, window))
  }

  private end(client: Client, failed: boolean): void {
    this.disarm(client)
    this.clients.delete(client.port)
    this.behaviour.over(client, failed)
  }

  /** The server is powered off: nothing is sent any more. */
  halt(): void {
    this.halted = true
    this.clients.clear()
  }
}
