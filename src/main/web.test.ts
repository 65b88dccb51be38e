import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { Unpackr } from 'msgpackr'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as Client } from 'ws'
// eslint-disable-next-line soakscope/layers -- both ends of the line are tested together
import { connectWeb } from '../renderer/bridge/web-api'
import type { Frame } from '../shared/frame'
import { saveKinds, scenarioTextMax, type Away } from '../shared/api'
import type { HostMessage } from '../shared/ipc-contract'
import { parseScenarioFile } from '../shared/scenario-file'
import { bundleWorker, type Bundle } from './runs/bundle.test-support'
import { RunSupervisor } from './runs/supervisor'
import { syntheticCatalogue } from './runs/synthetic-catalogue.test-support'
import { serveWeb, type WebShell } from './web'

let bundle: Bundle
let folder: string
beforeAll(async () => {
  bundle = await bundleWorker('synthetic-worker.test-support.ts')
  folder = mkdtempSync(join(tmpdir(), 'soakscope-page-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Soakscope</title>')
})
afterAll(() => {
  bundle.remove()
  rmSync(folder, { recursive: true })
})

const decoder = new Unpackr({ useRecords: false, moreTypes: true })
let supervisor: RunSupervisor
/** Ends what pages do after their test, which real ones do when they are closed. */
let ended = new AbortController()
let shell: WebShell
const errors: unknown[] = []
const options = (port = 0, host = '127.0.0.1') => ({
  supervisor,
  catalogue: syntheticCatalogue,
  rendererFolder: folder,
  host,
  port,
  reportError: (error: unknown) => void errors.push(error),
})
beforeEach(async () => {
  ended = new AbortController()
  supervisor = new RunSupervisor({ workerPath: bundle.path })
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

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
/** Asks with exactly these headers; fetch would not let a test choose Host. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: shell.port, path, method, headers, agent: false },
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
const token = (): string => new URL(shell.address).search
const cookie = async (): Promise<string> => {
  const [set] = (await ask(`/${token()}`)).headers['set-cookie'] ?? []
  return set?.split(';')[0] ?? ''
}
const host = (): string => `127.0.0.1:${shell.port}`

describe('the page', () => {
  it('is given to who has the token, which is exchanged for a cookie that scripts cannot read', async () => {
    const first = await ask(`/${token()}`)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^soakscope-${shell.port}=[\\w-]{32}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    expect(first.headers['set-cookie']?.[0]).not.toContain(token().slice(7))
    const page = await ask('/', { cookie: await cookie() })
    expect(page.status).toBe(200)
    expect(page.body.toString()).toContain('Soakscope')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
  })

  it('is refused without the token, with a wrong one and with a wrong cookie', async () => {
    for (const [path, headers] of [
      ['/', {}],
      ['/?token=', {}],
      ['/?token=wrong', {}],
      ['/', { cookie: `soakscope-${shell.port}=wrong` }],
      ['/', { cookie: `soakscope-${shell.port}=${token().slice(7)}` }],
      ['/index.html', {}],
      ['/download/x', {}],
    ] as const) {
      const answer = await ask(path, headers)
      expect([answer.status, path]).toEqual([401, path])
      expect(answer.body.toString()).toBe(
        'the token is missing or wrong: open the address that soakscope serve printed\n',
      )
    }
  })

  it('is refused under another Host, even to who has token and cookie', async () => {
    const good = await cookie()
    for (const wrong of [
      'evil.example',
      `evil.example:${shell.port}`,
      '10.0.0.1',
      'localhost.evil.example',
    ]) {
      expect((await ask('/', { host: wrong, cookie: good })).status).toBe(403)
      expect((await ask(`/${token()}`, { host: wrong })).status).toBe(403)
    }
    expect((await ask('/', { host: wrong(good), cookie: good })).status).toBe(403)
    for (const right of ['localhost:9999', '[::1]:80', '127.0.0.1']) {
      expect((await ask('/', { host: right, cookie: good })).status).toBe(200)
    }
  })

  it('is refused to a page of another origin', async () => {
    const headers = { cookie: await cookie(), origin: 'http://localhost:3000' }
    const answer = await ask('/', headers)
    expect(answer.status).toBe(403)
    expect(answer.body.toString()).toContain('wrong Origin')
  })

  it('is never outside its folder, and only read', async () => {
    const headers = { cookie: await cookie() }
    for (const path of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc/passwd',
    ]) {
      expect((await ask(path, headers)).status).toBe(404)
    }
    expect((await ask('/', headers, 'POST')).status).toBe(405)
  })
})
const wrong = (secret: string): string => `${secret.slice(0, 5)}.example`

/** Opens the socket; resolves with its first word, or the status with which it was turned away. */
function connect(headers: Record<string, string>, path = '/api'): Promise<Client | number> {
  return new Promise((resolve) => {
    const client = new Client(`ws://127.0.0.1:${shell.port}${path}`, { headers })
    client.on('open', () => resolve(client))
    client.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    client.on('error', () => undefined)
  })
}
const own = async (): Promise<Record<string, string>> => ({
  cookie: await cookie(),
  origin: `http://${host()}`,
})

describe('the socket', () => {
  it('is opened to the page of this server', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    client.close()
  })

  it('is refused to another Origin, without Origin, without cookie, under another Host, elsewhere', async () => {
    const right = await own()
    expect(await connect({ ...right, origin: 'http://evil.example' })).toBe(403)
    expect(await connect({ ...right, origin: `http://localhost:${shell.port}` })).toBe(403)
    expect(await connect({ ...right, origin: 'null' })).toBe(403)
    expect(await connect({ cookie: right['cookie'] ?? '' })).toBe(403)
    expect(await connect({ origin: right['origin'] ?? '' })).toBe(401)
    expect(await connect({ ...right, host: 'evil.example', origin: 'http://evil.example' })).toBe(
      403,
    )
    expect(await connect(right, '/other')).toBe(404)
  })

  it('answers rubbish in one line and goes on; who sends nothing else is cut off', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const said: HostMessage[] = []
    client.on('message', (bytes: Buffer) => said.push(decoder.unpack(bytes) as HostMessage))
    const closed = new Promise<number>((resolve) => client.on('close', resolve))
    for (const rubbish of ['{', '[]', '"x"', '{"kind":"call","id":1,"call":"eval","args":[]}']) {
      client.send(rubbish)
    }
    client.send(Buffer.from([1, 2, 3]))
    client.send('{"kind":"call","id":7,"call":"status","args":[]}')
    await expect.poll(() => said.length).toBe(6)
    expect(said.slice(0, 5).map((message) => message.kind)).toEqual(Array(5).fill('refused'))
    for (const message of said) {
      if (message.kind === 'refused') expect(message.error.message).not.toContain('\n')
    }
    expect(said[5]).toMatchObject({ kind: 'answer', id: 7, result: { error: { code: 'no-run' } } })
    for (let count = 0; count < 20; count++) client.send('rubbish')
    expect(await closed).toBe(1008)
  })

  it('is cut off by a message that is too large', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const closed = new Promise<number>((resolve) => client.on('close', resolve))
    client.send(JSON.stringify({ kind: 'watch', padding: 'x'.repeat(1_000_000) }))
    expect(await closed).toBe(1009)
  })

  it('answers no more than so many calls a second', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const refusals = new Set<string>()
    let answers = 0
    client.on('message', (bytes: Buffer) => {
      const message = decoder.unpack(bytes) as HostMessage
      if (message.kind !== 'answer') return
      answers++
      if (!message.result.ok) refusals.add(message.result.error.message)
    })
    for (let id = 0; id < 1000; id++) {
      client.send(JSON.stringify({ kind: 'call', id, call: 'status', args: [] }))
    }
    await expect.poll(() => answers).toBe(1000)
    expect([...refusals]).toContain('a page may ask 100 times a second')
    client.close()
  })
})

const whyNot = (): Promise<Away> => Promise.resolve('gone')

describe('the Api over the socket', () => {
  async function page() {
    const headers = await own()
    const clients: Client[] = []
    const { signal } = ended
    const api = connectWeb(() => {
      if (signal.aborted) return new EventTarget() as WebSocket
      const client = new Client(`ws://127.0.0.1:${shell.port}/api`, { headers })
      client.on('error', () => undefined)
      clients.push(client)
      return client as unknown as WebSocket
    }, whyNot)
    return { api, clients, newest: () => clients.at(-1) }
  }
  const request = { scenario: 'synthetic', seed: 5, parameters: {} }

  it('starts, steps, disturbs and looks at a run, with typed arrays in frames', async () => {
    const { api } = await page()
    expect(await api.catalogue()).toMatchObject({ ok: true, value: { version: '0.0.0' } })
    expect(await api.start(request)).toMatchObject({ value: { seed: 5, phase: 'running' } })
    const frames: Frame[] = []
    const end = api.onFrame((frame) => frames.push(frame))
    await api.pace('max')
    await expect.poll(() => frames.some((frame) => frame.samples.rows > 0)).toBe(true)
    await api.pause()
    await expect.poll(() => frames.at(-1)?.status.phase).toBe('paused')
    const frame = frames.find(({ samples }) => samples.rows > 0)
    expect(frame?.samples.last).toBeInstanceOf(Float64Array)
    expect(frame?.samples.merged).toBeInstanceOf(Uint32Array)
    expect(await api.step('tick')).toMatchObject({ ok: true })
    expect(await api.act('fault:leak=0.5')).toMatchObject({ value: { faults: { leak: 0.5 } } })
    expect(await api.clearFaults()).toMatchObject({ value: { faults: {} } })
    expect(await api.snapshot('run-queue')).toMatchObject({ value: { kind: 'run-queue' } })
    expect(await api.profile()).toMatchObject({ value: { clockMHz: 450 } })
    expect(await api.history()).toMatchObject({ value: { status: { seed: 5 } } })
    end()
    const count = frames.length
    await api.resume()
    await api.pause()
    expect(frames.length).toBe(count)
  })

  it('refuses what is wrong and loses nothing by it', async () => {
    const { api } = await page()
    await api.start(request)
    await api.pause()
    for (const [result, code] of [
      [await api.start({ ...request, scenario: 'nosuch' }), 'unknown-scenario'],
      [await api.start({ ...request, seed: 1.5 }), 'bad-argument'],
      [await api.start({ ...request, parameters: { nosuch: 1 } }), 'unknown-path'],
      [await api.start({ ...request, parameters: { 'load.size': 1000 } }), 'out-of-range'],
      [await api.act('explode'), 'unknown-action'],
      [await api.pace(3 as 1), 'bad-argument'],
      [await api.runUntil({ kind: 'condition', text: 'nosuch > 1' }), 'unknown-counter'],
      [await api.save('exe' as 'csv'), 'bad-argument'],
    ] as const) {
      expect(result).toMatchObject({ ok: false, error: { code } })
    }
    expect(await api.status()).toMatchObject({ value: { run: 1, phase: 'paused', seed: 5 } })
  })

  it('saves by an address that is good for one download', async () => {
    const { api } = await page()
    await api.start(request)
    await api.runUntil({ kind: 'time', seconds: 3 })
    await api.pace('max')
    await expect
      .poll(async () => (await api.status()).ok && (await api.status()))
      .toMatchObject({
        value: { phase: 'paused' },
      })
    const headers = { cookie: await cookie() }
    for (const kind of saveKinds) {
      const saved = await api.save(kind)
      if (!saved.ok || saved.value.kind !== 'download') throw new Error(JSON.stringify(saved))
      const { href, name, bytes } = saved.value
      expect((await ask(href)).status).toBe(401)
      const file = await ask(href, headers)
      expect(file.status).toBe(200)
      expect(file.body.length).toBe(bytes)
      expect(file.headers['content-disposition']).toBe(`attachment; filename="${name}"`)
      if (kind === 'pprof') expect(Profile.decode(gunzipSync(file.body)).sample.length).toBe(4)
      if (kind === 'json') expect(JSON.parse(file.body.toString())).toMatchObject({ seed: 5 })
      if (kind === 'vmstat') expect(file.body.toString().split('\n').length).toBe(6)
      expect((await ask(href, headers)).status).toBe(404)
    }
  })

  it('is opened from a scenario file, however many bytes its text takes on the line', async () => {
    const { api } = await page()
    const padding = '\u0001'.repeat(scenarioTextMax)
    expect(await api.openScenario(padding)).toMatchObject({
      error: {
        message: expect.stringMatching(
          /^scenario file: a scenario file is JSON, and this one is not/,
        ),
      },
    })
    expect(await api.openScenario(`${padding} `)).toMatchObject({
      error: { message: 'scenario file: a scenario file has at most 131,072 characters' },
    })
    const file = { soakscope: 'scenario', version: 1, scenario: 'synthetic', seed: 9 }
    const timeline = [
      { at: 2, action: 'fault:leak=0' },
      { at: '1500ms', action: 'fault:leak=0.5' },
    ]
    const open = (more: object) => api.openScenario(JSON.stringify({ ...file, ...more }))
    expect(await open({ timeline: [{ at: 1, action: 'fault:leek=1' }] })).toMatchObject({
      error: {
        code: 'unknown-action',
        message: 'scenario file: timeline[0].action: there is no fault "leek"; did you mean leak?',
      },
    })
    expect(await open({ parameters: { 'load.size': 8 }, timeline })).toMatchObject({
      value: {
        scenario: 'synthetic',
        seed: 9,
        parameters: { 'load.size': 8 },
        toCome: [
          { at: 1.5, action: 'fault:leak=0.5' },
          { at: 2, action: 'fault:leak=0' },
        ],
      },
    })
  })

  it('is saved as a scenario file: how it was begun, what was done, what is to come', async () => {
    const { api } = await page()
    const parameters = { 'load.size': 8, 'kernel.mode': 'recycle' }
    const timeline = [
      { at: 1, action: 'fault:leak=1' },
      { at: 60, action: 'fault:leak=0' },
    ]
    await api.start({ ...request, parameters, timeline })
    await api.pause()
    const standing = await api.act('set:load.size=16')
    if (!standing.ok) throw new Error(standing.error.message)
    const { now } = standing.value
    const saved = await api.save('scenario')
    if (!saved.ok || saved.value.kind !== 'download') throw new Error(JSON.stringify(saved))
    expect(saved.value.name).toBe(`synthetic-seed5-${Math.floor(now)}s.scenario.json`)
    const { body } = await ask(saved.value.href, { cookie: await cookie() })
    const file = parseScenarioFile(body.toString())
    if (!file.ok) throw new Error(file.error.message)
    expect(file.value).toMatchObject({ seed: 5, parameters: { 'load.size': 8 } })
    expect(file.value.parameters).not.toHaveProperty('kernel.mode')
    const byHand = { at: now, action: 'set:load.size=16' }
    expect(file.value.timeline).toEqual([...timeline, byHand].sort((a, b) => a.at - b.at))
    expect(file.value.forSeconds ?? 0).toBe(now)
  })

  it('comes back after the line was cut, and says so', async () => {
    const { api, newest } = await page()
    await api.start(request)
    const states: boolean[] = []
    api.onConnection((connected) => states.push(connected))
    let frames = 0
    api.onFrame(() => frames++)
    await expect.poll(() => frames).toBeGreaterThan(1)
    newest()?.terminate()
    await expect.poll(() => states).toEqual([false, true])
    const before = frames
    await expect.poll(() => frames).toBeGreaterThan(before + 1)
    expect(await api.status()).toMatchObject({ ok: true })
  })

  it('answers a call that was under way when the line was cut', async () => {
    const { api, newest } = await page()
    await api.status()
    const asked = api.status()
    newest()?.terminate()
    expect(await asked).toMatchObject({ ok: false, error: { code: 'connection-lost' } })
  })
})

describe('where it is served', () => {
  it('is loopback only', async () => {
    for (const host of ['0.0.0.0', '192.168.1.1', '::', 'example.org', '127.0.0.1.example.org']) {
      expect(await serveWeb(options(0, host))).toMatchObject({
        error: {
          code: 'bad-argument',
          message: expect.stringContaining('is not a loopback address'),
        },
      })
    }
  })

  it('is said to be in use when it is', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    )
    expect(await serveWeb(options(port))).toEqual({
      ok: false,
      error: {
        code: 'port-in-use',
        message: `port ${port} of 127.0.0.1 is in use; name another, or 0 for any free one`,
      },
    })
    other.close()
  })

  it('needs the built page', async () => {
    const served = await serveWeb({ ...options(), rendererFolder: join(folder, 'none') })
    expect(served).toMatchObject({ error: { message: expect.stringContaining('npm run build') } })
  })
})
