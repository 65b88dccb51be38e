/**
 * One run, whichever way it is made: to 2T at once, to T and on, as a branch that changes nothing;
 * by the command line, by the window's worker, and through a served page's socket.
 */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Unpackr } from 'msgpackr'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ApiCall } from '../shared/api'
import type { RunStatus } from '../shared/frame'
import type { CallAnswer, CallArguments, HostMessage } from '../shared/ipc-contract'
import { catalogue } from './api/catalogue'
import { hostApi } from './api/host-api'
import { commandLine } from './cli/program.test-support'
import { RunSupervisor } from './runs/supervisor'
import { serveWeb } from './web'

const half = 8
const whole = 2 * half
const action = { at: 5, action: 'fault:orphaned-buffers=1' }
const request = {
  scenario: 'sdet',
  seed: 3,
  parameters: { 'sdet.scripts': 1 },
  timeline: [action],
}
const plan = ['run', 'sdet', '--seed', '3', '--set', 'sdet.scripts=1', '--at', '5s', action.action]

const { built, cli, inFolder, report } = commandLine({ 'main/worker': '../runs/worker.ts' })
const ends: (() => Promise<unknown>)[] = []
const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end()
}
afterEach(endAll)

let wanted: Promise<string> | undefined
/** The digest of the run to 2T at once. */
async function wholeDigest(): Promise<string> {
  await cli(...plan, '--for', `${whole}s`, '--json', inFolder('whole.json'))
  return report('whole.json').digest
}

type Call = <C extends ApiCall>(call: C, ...args: CallArguments<C>) => Promise<CallAnswer<C>>
/** Slow, so that it is not past its end before it is told where to stop. */
const slow = { pace: 0.25, paused: true } as const

async function supervised(folder: string): Promise<RunSupervisor> {
  mkdirSync(folder, { recursive: true })
  const supervisor = new RunSupervisor({
    workerPath: join(built(), 'main/worker.js'),
    recordings: { folder, limitBytes: 1e9 },
  })
  ends.push(() => supervisor.close())
  const started = await supervisor.start(request, slow)
  if (!started.ok) throw new Error(started.error.message)
  return supervisor
}
const noSave = () => Promise.reject(new Error('nothing is saved here'))

const ways: Readonly<Record<string, (folder: string) => Promise<Call>>> = {
  'the window': async (folder) => {
    const api = hostApi(await supervised(folder), catalogue(), noSave, Symbol('window'))
    return (call, ...args) => {
      const method = api[call] as (...given: typeof args) => Promise<CallAnswer<typeof call>>
      return method(...args)
    }
  },
  'a served page': async (folder) => {
    const page = inFolder('page')
    mkdirSync(page, { recursive: true })
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>Soakscope</title>')
    const served = await serveWeb({
      supervisor: await supervised(folder),
      catalogue: catalogue(),
      rendererFolder: page,
      host: '127.0.0.1',
      port: 0,
      reportError: (error) => expect.unreachable(String(error)),
    })
    if (!served.ok) throw new Error(served.error.message)
    const shell = served.value
    ends.push(() => shell.close())
    const at = `127.0.0.1:${shell.port}`
    const entered = await fetch(shell.address, { redirect: 'manual' })
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const socket = new WebSocket(`ws://${at}/api`, { headers: { cookie, origin: `http://${at}` } })
    const decoder = new Unpackr({ useRecords: false, moreTypes: true })
    const asked = new Map<number, (result: never) => void>()
    socket.on('message', (bytes: Buffer) => {
      const said = decoder.unpack(bytes) as HostMessage
      if (said.kind === 'answer') asked.get(said.id)?.(said.result as never)
    })
    await new Promise((resolve) => socket.once('open', resolve))
    return (call, ...args) =>
      new Promise((resolve) => {
        const id = asked.size + 1
        asked.set(id, resolve)
        socket.send(JSON.stringify({ kind: 'call', id, call, args }))
      })
  },
}

/** Brings what is on the screen to an instant, and stands there. */
async function bring(call: Call, seconds: number): Promise<RunStatus> {
  expect(await call('runUntil', { kind: 'time', seconds })).toMatchObject({ ok: true })
  expect(await call('pace', 'max')).toMatchObject({ ok: true })
  const status = await screen(call, ({ phase, now }) => phase === 'paused' && now >= seconds)
  expect(status.now).toBe(seconds)
  return status
}

async function screen(call: Call, reached: (status: RunStatus) => boolean): Promise<RunStatus> {
  let newest: RunStatus | undefined
  const look = async (): Promise<boolean> => {
    const status = await call('status')
    newest = status.ok ? status.value : undefined
    return newest !== undefined && reached(newest)
  }
  await expect.poll(look, { timeout: 120_000, interval: 100 }).toBe(true)
  if (!newest) throw new Error('there is no run')
  return newest
}

const idIn = (folder: string): string => readdirSync(folder)[0] ?? ''

describe.each(Object.entries(ways))('a run made in %s', (_, way) => {
  it('is the same at once, continued, as a branch, and as the command line makes of it', async () => {
    const digest = await (wanted ??= wholeDigest())
    const folder = inFolder('recordings')
    const first = await way(folder)
    await bring(first, half)
    await endAll()
    const id = idIn(folder)
    cpSync(join(folder, id), inFolder('copy'), { recursive: true })

    // Continued where it was recorded.
    const second = await way(folder)
    expect((await bring(second, whole)).digest).toBe(digest)
    await second('pace', 0.25)
    expect(await second('continueRecording', id)).toMatchObject({ ok: true })
    await screen(second, ({ recording, aside }) => recording?.name === id && !aside)
    expect((await bring(second, whole)).digest).toBe(digest)

    // As a branch that changes nothing.
    await second('pace', 0.25)
    expect(await second('branch', { of: id, at: half, changes: [] })).toMatchObject({ ok: true })
    await screen(second, ({ recording, aside }) => recording?.name !== id && !aside)
    expect((await bring(second, whole)).digest).toBe(digest)
    await endAll()

    // Continued by the command line.
    const copy = inFolder('copy')
    await cli('continue', copy, '--for', `${half}s`, '--json', inFolder('c.json'))
    expect(report('c.json').digest).toBe(digest)
  })
})

describe('a run that the command line recorded', () => {
  it('is continued in the window to the digest it has at once', async () => {
    const folder = inFolder('recordings')
    expect((await cli(...plan, '--for', `${half}s`, '--record', join(folder, 'r'))).code).toBe(0)
    const call = await ways['the window']!(folder)
    expect(await call('continueRecording', 'r')).toMatchObject({ ok: true })
    await screen(call, ({ recording, aside }) => recording?.name === 'r' && !aside)
    expect((await bring(call, whole)).digest).toBe(await (wanted ??= wholeDigest()))
  })
})
