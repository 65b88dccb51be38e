/** A web shell for each test of a file, and what a browser would ask it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { WebSocket as Client } from 'ws'
import { bundledWorker } from './runs/bundle.test-support'
import { RunSupervisor } from './runs/supervisor'
import { syntheticCatalogue } from './runs/synthetic-catalogue.test-support'
import { serveWeb, type WebOptions, type WebShell } from './web'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface ServedWeb {
  readonly port: () => number
  /** Where it is served, as pages name it. */
  readonly host: () => string
  /** What the shell was served with, elsewhere. */
  readonly options: (port?: number, host?: string) => WebOptions
  /** The part of its address that holds the token. */
  readonly token: () => string
  readonly cookie: () => Promise<string>
  /** Asks with exactly these headers; fetch would not let a test choose Host. */
  readonly ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>
  /** Headers with which its own page opens the socket. */
  readonly own: () => Promise<Record<string, string>>
  /** Opens the socket; resolves with it, or with the status with which it was turned away. */
  readonly connect: (headers: Record<string, string>, path?: string) => Promise<Client | number>
  /** Ends what pages do after their test, which real ones do when they are closed. */
  readonly ended: () => AbortSignal
}

/**
 * Serves anew before each test, and checks after it that no error was reported.
 * @param worker what runs are of: a file beside the bundler; without it no run can be started
 */
export function servedWeb(worker?: string): ServedWeb {
  const workerPath = worker === undefined ? undefined : bundledWorker(worker)
  let folder: string
  let supervisor: RunSupervisor
  let ended = new AbortController()
  let shell: WebShell
  const errors: unknown[] = []
  const options = (port = 0, host = '127.0.0.1'): WebOptions => ({
    supervisor,
    catalogue: syntheticCatalogue,
    rendererFolder: folder,
    host,
    port,
    reportError: (error: unknown) => void errors.push(error),
  })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'soakscope-page-'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Soakscope</title>')
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    ended = new AbortController()
    supervisor = new RunSupervisor({ workerPath: workerPath?.() ?? join(folder, 'no-worker.js') })
    const served = await serveWeb(options())
    if (!served.ok) throw new Error(served.error.message)
    shell = served.value
  })
  afterEach(async () => {
    ended.abort()
    await shell.close()
    await supervisor.close()
    expect(errors.splice(0)).toEqual([])
  })

  const port = (): number => shell.port
  const host = (): string => `127.0.0.1:${port()}`
  const token = (): string => new URL(shell.address).search
  const ask: ServedWeb['ask'] = (path, headers, method) => request(port(), path, headers, method)
  const cookie = async (): Promise<string> => {
    const [set] = (await ask(`/${token()}`)).headers['set-cookie'] ?? []
    return set?.split(';')[0] ?? ''
  }
  return {
    port,
    host,
    options,
    token,
    cookie,
    ask,
    own: async () => ({ cookie: await cookie(), origin: `http://${host()}` }),
    connect: (headers, path) => connect(port(), headers, path),
    ended: () => ended.signal,
  }
}

function request(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

function connect(
  port: number,
  headers: Record<string, string>,
  path = '/api',
): Promise<Client | number> {
  return new Promise((resolve) => {
    const client = new Client(`ws://127.0.0.1:${port}${path}`, { headers })
    client.on('open', () => resolve(client))
    client.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    client.on('error', () => undefined)
  })
}
