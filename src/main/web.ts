/** The web shell: the screens and the Api on loopback, for a browser that has the token. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import type { Catalogue } from '../shared/api'
import { socketPath } from '../shared/ipc-contract'
import { failure, success, type Result } from '../shared/result'
import { hostApi } from './api/host-api'
import type { RunSupervisor } from './runs/supervisor'
import { contentPolicy } from './content-policy'
import { downloadPath, Downloads } from './web/downloads'
import { cookieOf, isLoopback, isOwnOrigin, requestedHost, sameSecret } from './web/guard'
import { pageMessageMax, servePage } from './web/page-socket'

/** Pages that may be open at once. */
const pagesMax = 16
/** Wall milliseconds for a connection to end by itself when the server closes. */
const closeMs = 1000

export interface WebOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  /** The built page, out/renderer. */
  readonly rendererFolder: string
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly reportError: (error: unknown) => void
}

type Refusal = readonly [status: number, words: string]

export interface WebShell {
  /** Where the page is, token included. */
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/** Failure `bad-argument`, `port-in-use` or `refused` when it cannot be served there. */
export async function serveWeb(options: WebOptions): Promise<Result<WebShell>> {
  const { supervisor, rendererFolder, host, reportError } = options
  if (!isLoopback(host)) {
    const right = 'use 127.0.0.1, ::1 or localhost, and an ssh tunnel from elsewhere'
    return failure('bad-argument', `${host} is not a loopback address; ${right}`)
  }
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    return failure('refused', `there is no page in ${rendererFolder}; build it with npm run build`)
  }
  const downloads = new Downloads()
  const api = hostApi(supervisor, options.catalogue, (file) => downloads.offer(file))
  const token = randomBytes(24).toString('base64url')
  const session = randomBytes(24).toString('base64url')
  const files = sirv(rendererFolder, { etag: true })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: pageMessageMax })
  /** Cookies know no port, so that two servers on this machine need two names. */
  let cookieName = 'soakscope'

  /** Why a request is refused, or undefined. */
  const objection = (request: IncomingMessage): Refusal | undefined => {
    if (requestedHost(request) === undefined) {
      return [403, 'wrong Host: Soakscope answers only on a loopback address']
    }
    if (request.headers.origin !== undefined && !isOwnOrigin(request)) {
      return [403, 'wrong Origin: only the page of this server may ask']
    }
    if (!sameSecret(cookieOf(request, cookieName), session)) {
      return [401, 'the token is missing or wrong: open the address that soakscope serve printed']
    }
    return undefined
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      reportError(error)
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of headersFor(requestedHost(request))) response.setHeader(name, value)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const given = url.searchParams.get('token')
    if (given !== null && requestedHost(request) !== undefined && sameSecret(given, token)) {
      const cookie = `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
      response.writeHead(303, { 'set-cookie': cookie, location: '/', 'cache-control': 'no-store' })
      response.end()
      return
    }
    const refused = objection(request)
    if (refused) return say(response, ...refused)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return say(response, 405, 'only GET is answered here')
    }
    if (url.pathname.startsWith(downloadPath)) {
      const sent = await downloads.send(url.pathname.slice(downloadPath.length), response)
      return sent ? undefined : say(response, 404, 'this file is gone; save it again')
    }
    files(request, response, () => say(response, 404, 'there is nothing here'))
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const refused: Refusal | undefined =
      pathname !== socketPath
        ? [404, 'there is nothing here']
        : isOwnOrigin(request)
          ? objection(request)
          : [403, 'wrong Origin: only the page of this server may ask']
    if (refused) return turnAway(socket, ...refused)
    if (sockets.clients.size >= pagesMax) {
      return turnAway(socket, 503, `at most ${pagesMax} pages can be open at once`)
    }
    sockets.handleUpgrade(request, socket, head, (page) =>
      servePage(page, api, supervisor, reportError),
    )
  })

  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(options.port, host, () => resolve(undefined))
  })
  if (failed) return cannotListen(failed, host, options.port)
  server.on('error', reportError)
  const { port } = server.address() as AddressInfo
  cookieName = `soakscope-${port}`
  const name = host.includes(':') ? `[${host}]` : host
  return success({
    address: `http://${name}:${port}/?token=${token}`,
    port,
    async close() {
      for (const page of sockets.clients) page.close(1001, 'Soakscope ends')
      const closed = new Promise((resolve) => server.close(resolve))
      const patience = setTimeout(() => {
        for (const page of sockets.clients) page.terminate()
        server.closeAllConnections()
      }, closeMs)
      server.closeIdleConnections()
      await closed
      clearTimeout(patience)
      await downloads.close()
    },
  })
}

/** @param host as the request names it, if it may be named so. */
function headersFor(host: string | undefined): [string, string][] {
  return [
    ['content-security-policy', contentPolicy(...(host === undefined ? [] : [`ws://${host}`]))],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['referrer-policy', 'no-referrer'],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
  ]
}

function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(`${words}\n`)
}

function turnAway(socket: Duplex, status: number, words: string): void {
  const body = `${words}\n`
  const length = Buffer.byteLength(body)
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${length}\r\n\r\n${body}`,
  )
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Result<never> {
  if (error.code === 'EADDRINUSE') {
    return failure(
      'port-in-use',
      `port ${port} of ${host} is in use; name another, or 0 for any free one`,
    )
  }
  if (error.code === 'EACCES') {
    return failure('refused', `port ${port} is not allowed for this user; name one above 1023`)
  }
  return failure('refused', `cannot listen on port ${port} of ${host}: ${error.message}`)
}
