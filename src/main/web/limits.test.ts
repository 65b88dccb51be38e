/** What the web shell bears of those who connect to it, and how it goes on when they fail. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WebSocket as Client, type ClientOptions } from 'ws'
import { catalogue } from '../api/catalogue'
import { RunSupervisor } from '../runs/supervisor'
import { serveWeb, type WebShell } from '../web'
import { usualLimits, type WebLimits } from './limits'

let folder: string
let shell: WebShell
let address: URL
let cookie: string
const errors: unknown[] = []
const opened: (Socket | Client)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-page-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Soakscope</title>')
})
afterEach(async () => {
  vi.useRealTimers()
  for (const one of opened.splice(0)) {
    if (one instanceof Client) one.terminate()
    else one.destroy()
  }
  await shell.close()
  rmSync(folder, { recursive: true })
  expect(errors.splice(0)).toEqual([])
})

async function serve(limits: Partial<WebLimits> = {}, enter = true): Promise<void> {
  const served = await serveWeb({
    supervisor: new RunSupervisor({ workerPath: 'unused' }),
    catalogue: catalogue(),
    limits,
    rendererFolder: folder,
    host: '127.0.0.1',
    port: 0,
    reportError: (error) => errors.push(error),
  })
  if (!served.ok) throw new Error(served.error.message)
  shell = served.value
  address = new URL(shell.address)
  if (!enter) return
  const entered = await fetch(address, { redirect: 'manual' })
  cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** A stranger's connection that says this much and then nothing, and never closes by itself. */
function stranger(words = ''): { readonly socket: Socket; readonly closed: Promise<string> } {
  const socket = connect({ port: shell.port, host: '127.0.0.1', allowHalfOpen: true })
  opened.push(socket)
  let heard = ''
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  socket.on('error', () => undefined)
  socket.write(words)
  const closed = new Promise<string>((resolve) => {
    socket.once('end', () => resolve(heard))
    socket.once('close', () => resolve(heard))
  })
  return { socket, closed }
}
const upgrade = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: ${address.host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const page = (): Promise<Response> => fetch(address.origin, { headers: { cookie } })

function openPage(options: ClientOptions = {}): {
  readonly client: Client
  readonly open: Promise<void>
  readonly closed: Promise<number>
} {
  const headers = { cookie, origin: address.origin }
  const client = new Client(`ws://${address.host}/api`, { ...options, headers })
  opened.push(client)
  client.on('error', () => undefined)
  return {
    client,
    open: new Promise((resolve) => client.once('open', () => resolve())),
    closed: new Promise((resolve) => client.once('close', resolve)),
  }
}

it('refuses an upgrade at an address that is none, and lives', async () => {
  await serve()
  for (const path of ['//', '//x:99999', '/\\', '*', 'http://', 'http://[', '/%', '/?', '/api/']) {
    expect([path, (await stranger(upgrade(path)).closed).slice(9, 12)]).toEqual([path, '404'])
  }
  for (const target of ['http://[/', '*']) {
    const said = await stranger(`GET ${target} HTTP/1.1\r\nhost: ${address.host}\r\n\r\n`).closed
    expect([target, said.slice(9, 12)]).toEqual([target, '400'])
  }
  expect((await page()).status).toBe(200)
})

it('ends who says nothing, who stops in the middle, and who goes on after a refusal', async () => {
  await serve({ headMs: 40, requestMs: 60, lookMs: 10 }, false)
  const started = `GET / HTTP/1.1\r\nhost: ${address.host}\r\n`
  expect(await stranger().closed).toMatch(/^HTTP\/1.1 408|^$/)
  expect(await stranger(started).closed).toMatch(/^HTTP\/1.1 408/)
  const length = 'content-length: 1000\r\n\r\nabc'
  expect(await stranger(`POST${started.slice(3)}${length}`).closed).toMatch(/^HTTP\/1.1 40[18]/)
  // A refusal lets go of its connection, although the other side keeps its half open.
  expect(await stranger(upgrade('/api')).closed).toMatch(/^HTTP\/1.1 40[38]/)
})

it('ends a connection that stands still between two requests', async () => {
  await serve({ keepAliveMs: 40 })
  const request = `GET / HTTP/1.1\r\nhost: ${address.host}\r\ncookie: ${cookie}\r\n\r\n`
  expect(await stranger(request).closed).toMatch(/^HTTP\/1.1 200/)
})

it('has so many connections at once and closes further ones; there is room when one is gone', async () => {
  await serve({ connections: 4 })
  // The connection that fetched the cookie is kept alive, and counts.
  const all = Array.from({ length: 12 }, () => stranger())
  await Promise.all(all.slice(4).map(({ closed }) => closed))
  for (const { socket } of all) socket.destroy()
  await expect
    .poll(() =>
      page()
        .then(({ status }) => status)
        .catch(() => 0),
    )
    .toBe(200)
})

it('has so many pages at once', async () => {
  await serve({ pages: 2 })
  const first = openPage()
  await Promise.all([first.open, openPage().open])
  const third = openPage()
  const status = await new Promise((resolve) => {
    third.client.once('unexpected-response', (_request, response) => resolve(response.statusCode))
  })
  expect(status).toBe(503)
  first.client.terminate()
  await expect.poll(() => shell.pages).toBe(1)
  await openPage().open
})

it('ends a page that answers no ping, and no other', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await serve()
  const [silent, lively] = [openPage({ autoPong: false }), openPage()]
  await Promise.all([silent.open, lively.open])
  for (let beats = 0; beats < 3; beats++) {
    const pinged = new Promise((resolve) => lively.client.once('ping', resolve))
    vi.advanceTimersByTime(usualLimits.pingMs)
    await pinged
    // The answer to what is sent after the pong says that the pong was heard.
    const answered = new Promise((resolve) => lively.client.once('message', resolve))
    lively.client.send('{"kind":"call","id":1,"call":"status","args":[]}')
    await answered
  }
  expect(await silent.closed).toBe(1006)
  expect(lively.client.readyState).toBe(Client.OPEN)
})

it('cuts off a page that asks and does not read, before it has kept much for it', async () => {
  await serve({ unreadBytes: 100_000, closeMs: 10 })
  const { client, open, closed } = openPage()
  await open
  client.pause()
  for (let id = 0; id < 250; id++) {
    client.send(JSON.stringify({ kind: 'call', id, call: 'catalogue', args: [] }))
  }
  // It is heard of when it reads again.
  const other = openPage()
  await other.open
  await expect.poll(() => shell.pages).toBe(1)
  client.resume()
  expect([1006, 1008]).toContain(await closed)
})

it('goes on when a file of the page is gone', async () => {
  await serve()
  expect((await page()).status).toBe(200)
  rmSync(join(folder, 'index.html'))
  expect((await page()).status).toBe(404)
})
