/**
 * Who may talk to the web shell: a page that this server itself handed out, on this machine's
 * loopback, to someone who has the token. Host is checked against rebinding of names, Origin
 * against other pages.
 */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIPv4 } from 'node:net'

export interface Target {
  readonly path: string
  readonly query: URLSearchParams
}

/**
 * What a request asks for; undefined when it names no path on this server. It is not made a URL of,
 * because not everything that a stranger may send is one.
 */
export function targetOf({ url = '' }: IncomingMessage): Target | undefined {
  if (!url.startsWith('/')) return undefined
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark)) }
}

/** Whether an address or name can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * The host that a request names, if it is one of loopback. Any port is right: behind a tunnel it is
 * not the one that the server listens on.
 */
export function requestedHost(request: IncomingMessage): string | undefined {
  const { host } = request.headers
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host ?? '')
  const name = match?.[1] ?? match?.[2]
  return name !== undefined && isLoopback(name.toLowerCase()) ? host : undefined
}

/** Whether a request comes from a page of this server. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  return origin !== undefined && host !== undefined && origin === `http://${host}`
}

/** Compares secrets in a time that tells nothing. */
export function sameSecret(given: string | undefined, secret: string): boolean {
  const a = Buffer.from(given ?? '')
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The value of a cookie, if the request has it. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}
