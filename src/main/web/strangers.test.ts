/**
 * What strangers send to the web shell, and what they stop sending: mutated requests, upgrades and
 * messages, connections that are reset, left half-open or closed at once. The shell is a process of
 * its own.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket as Client } from 'ws'
// eslint-disable-next-line soakscope/layers -- both ends of the line are tested together
import { connectWeb } from '../../renderer/bridge/web-api'
import type { Away } from '../../shared/api'
import type { Frame } from '../../shared/frame'
import { apiCalls } from '../../shared/ipc-contract'
import { Mutations } from '../mutations.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import type { FromChild } from './served-child.test-support'

const seed = 20_260_101
const throws = 10_000
/** Thrown at once. */
const width = 50
/**
 * Thrown before what is kept is measured for the first time: whatever is made once is made by then.
 */
const warmUp = 2000
/** What a process may hold more after 8,000 throws than before them. */
const growthMax = 6_000_000

const workerPath = bundledWorker('worker.ts')
const childPath = bundledWorker('../web/served-child.test-support.ts')
let folder: string
let child: ChildProcess
let address: URL
let cookie: string
const reported: string[] = []
/** How often strangers were answered with which status. */
const answers = new Map<string, number>()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-page-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Soakscope</title>')
  child = fork(childPath(), [workerPath(), folder], { execArgv: ['--expose-gc'] })
  child.on('message', (message: FromChild) => {
    if (message.kind === 'reported') reported.push(message.error)
  })
  address = new URL((await told('at')).address)
  const entered = await fetch(address, { redirect: 'manual' })
  cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
})
afterAll(() => {
  child.disconnect()
  rmSync(folder, { recursive: true })
})

function told<K extends FromChild['kind']>(kind: K): Promise<Extract<FromChild, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const hear = (message: FromChild): void => {
      if (message.kind !== kind) return
      child.off('message', hear)
      resolve(message as Extract<FromChild, { kind: K }>)
    }
    child.on('message', hear)
    child.once('exit', (code) => reject(new Error(`the shell ended with ${code}`)))
  })
}

/** The next event of a kind, whatever else happens. */
const seen = (emitter: EventEmitter, event: string): Promise<void> =>
  new Promise((resolve) => emitter.once(event, () => resolve()))

const request = (lines: readonly string[], body = ''): string =>
  `${lines.join('\r\n')}\r\n\r\n${body}`
const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='

/** What a page of this server sends. */
function right(mutations: Mutations): string {
  const own = [`host: ${address.host}`, `cookie: ${cookie}`]
  const upgrade = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', key]
  return mutations.one<() => string>([
    () => request([`GET / HTTP/1.1`, ...own]),
    () => request([`GET /?token=${mutations.text('token')} HTTP/1.1`, ...own]),
    () => request([`HEAD /index.html HTTP/1.1`, ...own, 'range: bytes=5-2']),
    () => request([`GET /download/${mutations.below(100)} HTTP/1.1`, ...own]),
    () => request([`POST /api HTTP/1.1`, ...own, 'content-length: 5'], 'hello'),
    () => request([`PUT /x HTTP/1.1`, ...own, 'transfer-encoding: chunked'], '5\r\nhello\r\n'),
    () => request([`CONNECT ${address.host} HTTP/1.1`, ...own]),
    () => request([`GET /api HTTP/1.1`, ...own, ...upgrade, `origin: ${address.origin}`]),
    () => request([`GET // HTTP/1.1`, ...own, ...upgrade]),
    () => request([`GET ${address.href} HTTP/1.1`, `host: ${address.host}`, ...upgrade]),
  ])()
}

/** As it is, or with one line of it mutated, or somewhere at all. */
function mutated(text: string, mutations: Mutations): string {
  if (mutations.chance(0.25)) return text
  if (mutations.chance(0.25)) return mutations.text(text)
  const lines = text.split('\r\n')
  const at = mutations.below(lines.length)
  lines[at] = mutations.text(lines[at] ?? '')
  return lines.join('\r\n')
}

/**
 * One connection of a stranger, who stops at some point in one of the ways in which people stop.
 */
async function strangerThrows(mutations: Mutations): Promise<void> {
  const socket = connect(Number(address.port), '127.0.0.1')
  socket.on('error', () => undefined)
  const closed = seen(socket, 'close')
  socket.once('data', (answer: Buffer) => {
    const status = answer.toString('latin1').slice(9, 12)
    answers.set(status, (answers.get(status) ?? 0) + 1)
  })
  if (mutations.chance(0.02)) socket.destroy()
  await Promise.race([seen(socket, 'connect'), closed])
  const text = right(mutations)
  const thrown = mutated(text, mutations)
  const sent = Buffer.from(thrown, 'latin1')
  // Only what is right is sure to be answered.
  const heard = thrown === text ? Promise.race([closed, seen(socket, 'data')]) : undefined
  await mutations.one<() => unknown>([
    () => socket.end(sent),
    () => socket.write(sent) && heard,
    () => socket.write(sent) && heard,
    () => socket.write(sent) && socket.resetAndDestroy(),
    () => socket.write(sent, () => socket.destroy()),
    () => halfOpen(socket, sent, mutations),
    () => slowly(socket, sent),
    () => afterUpgrade(socket, sent, mutations),
  ])()
  socket.end()
  // A server that keeps a connection for good is found out by the number of them.
  await Promise.race([closed, seen(socket, 'end')])
  socket.destroy()
}
async function halfOpen(socket: Socket, sent: Buffer, mutations: Mutations): Promise<void> {
  socket.write(sent.subarray(0, mutations.below(sent.length + 1)))
  await turns(mutations.below(5))
  if (mutations.chance(0.5)) socket.resetAndDestroy()
  else socket.destroy()
}
async function slowly(socket: Socket, sent: Buffer): Promise<void> {
  for (let at = 0; at < sent.length && socket.writable; at += 40) {
    socket.write(sent.subarray(at, at + 40))
    await turns(1)
  }
}
async function afterUpgrade(socket: Socket, sent: Buffer, mutations: Mutations): Promise<void> {
  socket.write(sent)
  await turns(mutations.below(4))
  socket.write(mutations.bytes(mutations.below(60)))
  if (mutations.chance(0.5)) socket.resetAndDestroy()
}
/** Lets the event loop go round: how far the other side has come by then is left to chance. */
async function turns(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise((resolve) => setImmediate(resolve))
}

const unknownAction = {
  scenario: 'yield',
  seed: 1,
  parameters: {},
  timeline: [{ at: 1, action: 'fault:nothing=1' }],
}
const calls: readonly unknown[] = [
  // A run that is begun takes long: this one is refused by the last check.
  ...apiCalls.map((call) => ({
    kind: 'call',
    id: 1,
    call,
    args: call === 'runAgain' ? ['now'] : [],
  })),
  { kind: 'call', id: 2, call: 'start', args: [unknownAction] },
  { kind: 'call', id: 3, call: 'runUntil', args: [{ kind: 'time', seconds: 1e6 }] },
  { kind: 'call', id: 4, call: 'act', args: ['fault:slow-disk=0.5'] },
  { kind: 'call', id: 5, call: 'snapshot', args: ['run-queue'] },
  { kind: 'call', id: 6, call: 'save', args: ['csv'] },
  { kind: 'watch' },
  { kind: 'unwatch' },
  { kind: 'hidden', hidden: true },
  { kind: 'acknowledge', sequence: 1 },
]

/** A page with the cookie that sends these messages, mutated, and goes away in some way. */
async function pageThrows(mutations: Mutations, messages: number): Promise<void> {
  const client = new Client(`ws://${address.host}/api`, {
    headers: { cookie, origin: address.origin },
  })
  const closed = seen(client, 'close')
  client.on('error', () => undefined)
  client.on('unexpected-response', () => client.terminate())
  await Promise.race([seen(client, 'open'), closed])
  for (let left = messages; left > 0 && client.readyState === Client.OPEN; left--) {
    const message = mutations.value(mutations.one(calls))
    let text: string
    try {
      text = JSON.stringify(message) ?? ''
    } catch {
      text = '{"kind":'
    }
    client.send(mutations.chance(0.5) ? mutations.text(text) : text, {
      binary: mutations.chance(0.05),
    })
  }
  if (mutations.chance(0.5)) client.terminate()
  else client.close()
  await closed
}

async function throwAll(from: number, to: number): Promise<void> {
  let next = from
  const thrower = async (): Promise<void> => {
    while (next < to) {
      const number = next
      const mutations = new Mutations(seed, `throw ${number}`)
      // One page with ten messages to ten strangers, so that half of all that is thrown are
      // messages.
      const page = mutations.chance(1 / 11)
      next += page ? 10 : 1
      await (page ? pageThrows(mutations, 10) : strangerThrows(mutations))
      if (child.exitCode !== null)
        throw new Error(`the shell ended at throw ${number} of seed ${seed}`)
    }
  }
  await Promise.all(Array.from({ length: width }, thrower))
}
async function kept(): Promise<number> {
  const answer = told('kept')
  child.send('kept')
  return (await answer).bytes
}

/** Nobody asks why there is no line: there is one. */
const unknown = (): Promise<Away> => Promise.resolve('gone')

it('lives through 10,000 mutated requests, upgrades and messages, and keeps nothing of them', async () => {
  await throwAll(0, warmUp)
  const before = await kept()
  await throwAll(warmUp, throws)
  const after = await kept()
  expect(child.exitCode).toBeNull()
  // They came far enough to be told each of the things that strangers are told.
  const told = ['101', '200', '400', '401', '403', '404', '405']
  expect(told.filter((status) => (answers.get(status) ?? 0) < 5)).toEqual([])
  expect(reported).toEqual([])
  expect(after - before).toBeLessThan(growthMax)

  const clients: Client[] = []
  const api = connectWeb(() => {
    const client = new Client(`ws://${address.host}/api`, {
      headers: { cookie, origin: address.origin },
    })
    clients.push(client)
    return client as unknown as WebSocket
  }, unknown)
  const frames: Frame[] = []
  api.onFrame((frame) => frames.push(frame))
  expect(await api.pace('max')).toMatchObject({ ok: true })
  expect(await api.resume()).toMatchObject({ ok: true, value: { phase: 'running' } })
  const rows = (): boolean => frames.some(({ samples }) => samples.rows > 0)
  await expect.poll(rows, { timeout: 120_000 }).toBe(true)
  for (const client of clients) client.terminate()
}, 180_000)
