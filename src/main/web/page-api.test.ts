import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { describe, expect, it } from 'vitest'
import { WebSocket as Client } from 'ws'
// eslint-disable-next-line soakscope/layers -- both ends of the line are tested together
import { connectWeb } from '../../renderer/bridge/web-api'
import { isOfTrace, saveKinds, scenarioTextMax, type Away } from '../../shared/api'
import type { Frame } from '../../shared/frame'
import { parseScenarioFile } from '../../shared/scenario-file'
import { servedWeb } from '../web.test-support'

const { port, own, cookie, ask, ended } = servedWeb('synthetic-worker.test-support.ts')
const whyNot = (): Promise<Away> => Promise.resolve('gone')

describe('the Api over the socket', () => {
  async function page() {
    const headers = await own()
    const clients: Client[] = []
    const signal = ended()
    const api = connectWeb(() => {
      if (signal.aborted) return new EventTarget() as WebSocket
      const client = new Client(`ws://127.0.0.1:${port()}/api`, { headers })
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
    expect(await api.range({ from: 0, to: 1e6, rows: 8 })).toMatchObject({ ok: true })
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
      if (isOfTrace(kind)) {
        expect(saved).toMatchObject({
          error: { message: 'there is no finished trace; take one in the Trace view' },
        })
        continue
      }
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
