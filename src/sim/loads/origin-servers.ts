/**
 * The servers that a proxy fetches documents from: remote hosts, any number behind one address, a
 * port each. Each takes every connection, and some time after the request sends the document and
 * its FIN, in segments within the proxy's window; what is not acknowledged is sent again from
 * there, after 3, 6, 12 … s.
 * Left out: congestion windows and the servers' own CPUs, disks and limits.
 */
import type { Engine, HandlerId, TimerId } from '../engine/engine'
import { noTimer } from '../engine/engine'
import type { Endpoints, Segment } from '../kernel/net/segment'
import { answerTo, Flag, segmentBytes, segmentOf } from '../kernel/net/segment'
import { nanoseconds } from '../units/time'

const firstTimeout = 3e9
const maxTries = 5
/** Local ports of a proxy: a connection is known by its two ports. */
const localPorts = 1 << 16

export interface OriginBehaviour {
  /** Between request and response, ns. */
  latencyNs(ends: Endpoints): number
  /** Length of the response. */
  responseBytes(ends: Endpoints): number
}

interface Conversation {
  readonly ends: Endpoints
  readonly key: number
  /** Bytes of the request that have come in order; a FIN counts one. */
  received: number
  asked: boolean
  finReceived: boolean
  /** Length of the response; -1: not known yet. The FIN counts one. */
  bytes: number
  acknowledged: number
  next: number
  window: number
  tries: number
  timer: TimerId
}

export class OriginServers {
  private readonly conversations = new Map<number, Conversation>()
  private readonly answers: HandlerId
  private readonly retries: HandlerId
  private halted = false
  /** Requests that have come. */
  requests = 0

  constructor(
    private readonly engine: Engine,
    private readonly behaviour: OriginBehaviour,
    private readonly toServer: (segment: Segment) => void,
  ) {
    this.answers = engine.handler('origin answers', (key) => this.onAnswer(key))
    this.retries = engine.handler('origin timer', (key) => this.onRetry(key))
  }

  /** Connections that are open. */
  get open(): number {
    return this.conversations.size
  }

  /** A segment from the proxy has come to one of the servers. */
  readonly receive = (segment: Segment): void => {
    if (this.halted) return
    const key = segment.remotePort * localPorts + segment.localPort
    const known = this.conversations.get(key)
    if ((segment.flags & Flag.syn) !== 0) this.receiveSyn(known, key, segment)
    else if (!known) this.answerStray(segment)
    else if ((segment.flags & Flag.reset) !== 0) this.forget(known)
    else this.receiveFor(known, segment)
  }

  private receiveSyn(known: Conversation | undefined, key: number, segment: Segment): void {
    const { remoteHost, remotePort, localPort } = segment
    // A port that the proxy uses again: what was left of the connection before it is over.
    if (known && (known.asked || known.finReceived)) this.forget(known)
    const conversation: Conversation = this.conversations.get(key) ?? {
      ends: { remoteHost, remotePort, localPort },
      key,
      received: 0,
      asked: false,
      finReceived: false,
      bytes: -1,
      acknowledged: 0,
      next: 0,
      window: segment.window,
      tries: 0,
      timer: noTimer,
    }
    this.conversations.set(key, conversation)
    this.send(conversation, Flag.syn | Flag.ack, 0, 0)
  }

  private receiveFor(conversation: Conversation, segment: Segment): void {
    const { sequence, bytes, flags, acknowledged } = segment
    const carries = bytes > 0 || (flags & Flag.fin) !== 0
    if (carries && sequence === conversation.received && !conversation.finReceived) {
      conversation.received += bytes
      if ((flags & Flag.fin) !== 0) {
        conversation.finReceived = true
        conversation.received++
      }
    }
    conversation.window = segment.window
    if (acknowledged > conversation.acknowledged) {
      conversation.acknowledged = acknowledged
      conversation.tries = 0
      if (acknowledged > conversation.next) conversation.next = acknowledged
    }
    if (bytes > 0 && !conversation.asked) {
      conversation.asked = true
      this.requests++
      const wait = Math.max(1, Math.round(this.behaviour.latencyNs(conversation.ends)))
      this.engine.after(nanoseconds(wait), this.answers, conversation.key)
    }
    if (carries) this.send(conversation, Flag.ack, conversation.next, 0)
    this.push(conversation)
    if (conversation.finReceived && this.isSent(conversation)) this.forget(conversation)
  }

  private isSent({ bytes, acknowledged, asked }: Conversation): boolean {
    return !asked || (bytes >= 0 && acknowledged === bytes + 1)
  }

  private onAnswer(key: number): void {
    const conversation = this.conversations.get(key)
    if (this.halted || !conversation || conversation.bytes >= 0) return
    conversation.bytes = this.behaviour.responseBytes(conversation.ends)
    this.push(conversation)
  }

  /** What the window allows, the FIN on the last segment. */
  private push(conversation: Conversation): void {
    const { bytes, acknowledged, window } = conversation
    if (bytes < 0) return
    while (conversation.next <= bytes && conversation.next < acknowledged + window) {
      const { next } = conversation
      const part = Math.min(segmentBytes, bytes - next)
      const isLast = next + part === bytes
      const flags = isLast ? Flag.ack | Flag.push | Flag.fin : Flag.ack
      this.send(conversation, flags, next, part)
      conversation.next += part + (isLast ? 1 : 0)
    }
    this.arm(conversation)
  }

  private arm(conversation: Conversation): void {
    if (conversation.timer !== noTimer) this.engine.cancel(conversation.timer)
    conversation.timer = noTimer
    if (conversation.acknowledged >= conversation.next) return
    const wait = nanoseconds(firstTimeout * (1 << conversation.tries))
    conversation.timer = this.engine.after(wait, this.retries, conversation.key)
  }

  private onRetry(key: number): void {
    const conversation = this.conversations.get(key)
    if (this.halted || !conversation) return
    conversation.timer = noTimer
    if (++conversation.tries > maxTries) {
      this.send(conversation, Flag.reset | Flag.ack, conversation.next, 0)
      this.forget(conversation)
      return
    }
    conversation.next = conversation.acknowledged
    this.push(conversation)
  }

  private forget(conversation: Conversation): void {
    if (conversation.timer !== noTimer) this.engine.cancel(conversation.timer)
    this.conversations.delete(conversation.key)
  }

  private send(
    { ends, received, window }: Conversation,
    flags: number,
    sequence: number,
    bytes: number,
  ): void {
    this.toServer(segmentOf(ends, flags, sequence, bytes, received, window))
  }

  /** The last FIN once more, whose acknowledgement was lost. */
  private answerStray(segment: Segment): void {
    if ((segment.flags & Flag.fin) !== 0) this.toServer(answerTo(segment, Flag.ack, segment.window))
  }

  /** The proxy's machine is powered off. */
  halt(): void {
    this.halted = true
  }
}
