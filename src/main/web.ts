/** The web shell: the screens and the Api on loopback, for a browser that has the token. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ApiCalls, Catalogue } from '../shared/api'
import { socketPath } from '../shared/ipc-contract'
import { failure, success, type Result } from '../shared/result'
import { hostApi } from './api/host-api'
import type { RunSupervisor, ScreenKey } from './runs/supervisor'
import { contentPolicy } from './content-policy'
import { readPageFile, fileAt } from './page-files'
import { downloadPath, Downloads } from './web/downloads'
import { cookieOf, isLoopback, isOwnOrigin, requestedHost, sameSecret, targetOf } from './web/guard'
import { beat } from './web/heartbeat'
import { usualLimits, type WebLimits } from './web/limits'
import { pageMessageMax, servePage } from './web/page-socket'

export interface WebOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  /** The built page, out/renderer. */
  readonly rendererFolder: string
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly reportError: (error: unknown) => void
  /** Where they differ from the usual ones. */
  readonly limits?: Partial<WebLimits>
}

type Refusal = readonly [status: number, words: string]

export interface WebShell {
  /** Where the page is, token included. */
  readonly address: string
  readonly port: number
  /** How many pages are open. */
  readonly pages: number
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
  const limits = { ...usualLimits, ...options.limits }
  const downloads = new Downloads(reportError)
  const apiFor = (screen: ScreenKey): ApiCalls =>
    hostApi(supervisor, options.catalogue, (file) => downloads.offer(file), screen)
  const token = randomBytes(24).toString('base64url')
  const session = randomBytes(24).toString('base64url')
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

  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.lookMs,
    },
    (request, response) => {
      // Whoever asks may go away at any time, and what is written then fails.
      for (const end of [request, response]) end.on('error', () => response.destroy())
      answer(request, response).catch((error: unknown) => {
        reportError(error)
        response.destroy()
      })
    },
  )
  server.maxConnections = limits.connections
  server.timeout = limits.stillMs

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of headersFor(requestedHost(request))) response.setHeader(name, value)
    const target = targetOf(request)
    if (!target) return say(response, 400, 'a request names a path that begins with /')
    const given = target.query.get('token')
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
    if (target.path.startsWith(downloadPath)) {
      if (request.method === 'HEAD') return say(response, 405, 'a file is fetched with GET')
      const sent = await downloads.send(target.path.slice(downloadPath.length), response)
      return sent ? undefined : say(response, 404, 'this file is gone; save it again')
    }
    await sendPageFile(target.path === '/' ? '/index.html' : target.path, request, response)
  }

  async function sendPageFile(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const file = await readPageFile(fileAt(rendererFolder, path))
    if (!file) return say(response, 404, 'there is nothing here')
    response.setHeader('etag', file.tag)
    if (request.headers['if-none-match'] === file.tag) {
      response.writeHead(304).end()
      return
    }
    const length = file.bytes.length
    response.writeHead(200, { 'content-type': file.mediaType, 'content-length': length })
    response.end(file.bytes)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on nobody else listens for what goes wrong with it.
    socket.on('error', () => socket.destroy())
    const refused: Refusal | undefined =
      targetOf(request)?.path !== socketPath
        ? [404, 'there is nothing here']
        : isOwnOrigin(request)
          ? objection(request)
          : [403, 'wrong Origin: only the page of this server may ask']
    if (refused) return turnAway(socket, limits.closeMs, ...refused)
    if (sockets.clients.size >= limits.pages) {
      return turnAway(
        socket,
        limits.closeMs,
        ...([503, `at most ${limits.pages} pages can be open at once`] as const),
      )
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      sockets.emit('connection', page, request)
      servePage(page, { apiFor, supervisor, reportError, limits })
    })
  })

  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(options.port, host, () => resolve(undefined))
  })
  if (failed) return cannotListen(failed, host, options.port)
  server.on('error', reportError)
  const stopBeating = beat(sockets, limits.pingMs)
  const { port } = server.address() as AddressInfo
  cookieName = `soakscope-${port}`
  const name = host.includes(':') ? `[${host}]` : host
  return success({
    address: `http://${name}:${port}/?token=${token}`,
    port,
    get pages() {
      return sockets.clients.size
    },
    async close() {
      stopBeating()
      for (const page of sockets.clients) page.close(1001, 'Soakscope ends')
      const closed = new Promise((resolve) => server.close(resolve))
      const patience = setTimeout(() => {
        for (const page of sockets.clients) page.terminate()
        server.closeAllConnections()
      }, limits.closeMs)
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
    // What a stranger has still to say is not waited for.
    connection: 'close',
  })
  response.end(`${words}\n`)
}

/** Refuses an upgrade, and lets go of its connection, whatever the other side does with it. */
function turnAway(socket: Duplex, closeMs: number, status: number, words: string): void {
  const body = `${words}\n`
  const length = Buffer.byteLength(body)
  const patience = setTimeout(() => socket.destroy(), closeMs)
  socket.once('close', () => clearTimeout(patience))
  socket.once('finish', () => socket.destroy())
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
