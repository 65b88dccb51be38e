/** What the proxies have in common: what they are asked for, and where documents come from. */
import type { Endpoints } from '../../kernel/net/segment'

/** A document as a request names it. */
export interface Document {
  readonly id: number
  /** Length of the response with it. */
  readonly bytes: number
}

/** Where a document is fetched from. */
export interface Origin {
  readonly remoteHost: number
  readonly remotePort: number
}

export interface ProxySettings {
  readonly port: number
  backlog(): number
  /** Computing of a request in user mode, cycles. */
  requestCycles(): number
  /** Whether documents are kept. */
  stores(): boolean
  /** Most that the disk store may have, bytes. */
  storeBytes(): number
  /** Documents that the disk store has at boot. */
  readonly stored: readonly Document[]
  /** What a request says that has come over a connection. */
  asked(ends: Endpoints): Document
  originOf(document: Document): Origin
  /** What a request says that the proxy sends to an origin server. */
  asks(ends: Endpoints, document: Document): void
}

/** What a proxy counts. */
export interface ProxyCounts {
  requests: number
  /** Requests that were answered from memory, and from the disk store. */
  memoryHits: number
  diskHits: number
  misses: number
  /** Calls of the event loop that waited for all descriptors, and events that they returned. */
  loops: number
  events: number
}

export const noCounts = (): ProxyCounts => ({
  requests: 0,
  memoryHits: 0,
  diskHits: 0,
  misses: 0,
  loops: 0,
  events: 0,
})

/** A proxy that runs on a machine. */
export interface Proxy {
  readonly counts: ProxyCounts
  /** Client connections that it has accepted and not closed. */
  readonly clients: number
  /** Processes that it has. */
  readonly processes: number
  boot(): void
}

export const requestBytes = 300
/** A request to an origin server, with the headers that a proxy adds (assumed). */
export const originRequestBytes = 350
export const ioBytes = 8192
/** A line of the access log. */
export const logLineBytes = 100

/** The name of a document's file. */
export const fileName = ({ id }: Document): string => `${id}`
