import { afterEach, describe, expect, it } from 'vitest'
import { createServer, instant, type Server } from '../../sim/index'
import { parseAction } from '../../sim/index'
import { structureKinds } from '../../sim/observe/structures'
import type { RunStatus } from '../../shared/frame'
import type { Result } from '../../shared/result'
import { bundledWorker } from './bundle.test-support'
import { RunSupervisor } from './supervisor'

const workerPath = bundledWorker('worker.ts')
let supervisor: RunSupervisor
afterEach(() => supervisor.close())

const request = { scenario: 'sdet', seed: 7, parameters: {} }
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

/** The run of the same seed and actions without a thread, a clock or anybody watching. */
function plainRun(until: number, actions: readonly { at: number; action: string }[] = []): Server {
  const server = createServer(request)
  if (typeof server === 'string') throw new Error(server)
  for (const { at, action } of actions) {
    const parsed = parseAction(action)
    if (typeof parsed === 'string') throw new Error(parsed)
    server.advance(instant(at * 1e9))
    expect(server.act(parsed)).toBeUndefined()
  }
  server.advance(instant(until * 1e9))
  return server
}

async function runUntil(seconds: number): Promise<RunStatus> {
  const reached = new Promise<void>((resolve) => {
    const watching = supervisor.watch(({ status, sequence }) => {
      setImmediate(() => watching.acknowledge(sequence))
      if (status.phase !== 'paused' || status.now < seconds) return
      watching.end()
      resolve()
    })
  })
  value(await supervisor.ask({ call: 'runUntil', until: { kind: 'time', seconds } }))
  await reached
  return value(supervisor.status())
}

describe('a run of sdet in its worker', () => {
  it('is the run that it is without one, at any pace, watched from all sides', async () => {
    supervisor = new RunSupervisor({ workerPath: workerPath() })
    value(await supervisor.start(request, { pace: 100, paused: true }))
    let looks = 0
    const looking = setInterval(() => {
      const structure = structureKinds[looks++ % structureKinds.length] ?? 'run-queue'
      void supervisor.ask({ call: 'snapshot', structure })
      void supervisor.ask({ call: 'profile' })
    }, 20)
    const early = await runUntil(10)
    await supervisor.ask({ call: 'pace', pace: 'max' })
    const late = await runUntil(20.5)
    clearInterval(looking)
    expect(looks).toBeGreaterThan(3)
    expect(early.digest).toBe(plainRun(10).digest())
    const plain = plainRun(20.5)
    expect(late).toMatchObject({ digest: plain.digest(), events: plain.events })
    const report = value(await supervisor.ask({ call: 'report' }))
    expect(report.profile).not.toEqual([])
    expect(report.events).toBe(plain.events)
  })

  it('is the same again from its action log, and the same as the command line makes of it', async () => {
    supervisor = new RunSupervisor({ workerPath: workerPath() })
    value(await supervisor.start(request, { pace: 100, paused: false }))
    await new Promise((resolve) => setTimeout(resolve, 150))
    value(await supervisor.ask({ call: 'act', action: 'fault:orphaned-buffers=1' }))
    await new Promise((resolve) => setTimeout(resolve, 100))
    value(await supervisor.ask({ call: 'act', action: 'set:sdet.scripts=32' }))
    await supervisor.ask({ call: 'pause' })
    await supervisor.ask({ call: 'pace', pace: 'max' })
    const first = await runUntil(Math.ceil(value(supervisor.status()).now) + 15)
    expect(first.actions.map(({ action }) => action)).toEqual([
      'fault:orphaned-buffers=1',
      'set:sdet.scripts=32',
    ])
    value(await supervisor.runAgain())
    const again = await new Promise<RunStatus>((resolve) => {
      const watching = supervisor.watch(({ status, sequence }) => {
        setImmediate(() => watching.acknowledge(sequence))
        if (status.phase !== 'paused') return
        watching.end()
        resolve(status)
      })
    })
    expect(again).toMatchObject({
      run: 2,
      now: first.now,
      digest: first.digest,
      events: first.events,
      actions: first.actions,
    })
    expect(plainRun(first.now, first.actions).digest()).toBe(first.digest)
  })

  it('with a timeline is the run that these actions make by hand, also when it is run again', async () => {
    supervisor = new RunSupervisor({ workerPath: workerPath() })
    const timeline = [
      { at: 3.000000001, action: 'fault:orphaned-buffers=1' },
      { at: 6, action: 'set:sdet.scripts=32' },
      { at: 6, action: 'reboot' },
      { at: 14.5, action: 'fault:orphaned-buffers=0' },
    ]
    value(await supervisor.start({ ...request, timeline }, { pace: 100, paused: true }))
    const early = await runUntil(8)
    expect(early.actions).toEqual(timeline.slice(0, 3))
    expect(early.toCome).toEqual(timeline.slice(3))
    expect(early.digest).toBe(plainRun(8, timeline.slice(0, 3)).digest())

    value(await supervisor.runAgain())
    await expect.poll(() => value(supervisor.status()).phase).toBe('paused')
    await supervisor.ask({ call: 'pace', pace: 'max' })
    const late = await runUntil(16)
    expect(late).toMatchObject({ run: 2, actions: timeline, toCome: [] })
    expect(late.digest).toBe(plainRun(16, timeline).digest())
  })

  it('loses all its faults at one instant when they are cleared', async () => {
    supervisor = new RunSupervisor({ workerPath: workerPath() })
    value(await supervisor.start(request, { pace: 10, paused: false }))
    value(await supervisor.ask({ call: 'act', action: 'fault:orphaned-buffers=1' }))
    value(await supervisor.ask({ call: 'act', action: 'fault:slow-disk=0.5' }))
    value(await supervisor.ask({ call: 'act', action: 'fix:bforget-recycles=on' }))
    await expect.poll(() => value(supervisor.status()).now).toBeGreaterThan(1)
    value(await supervisor.ask({ call: 'clearFaults' }))
    const { faults, fixes, actions } = value(supervisor.status())
    expect([faults, fixes]).toEqual([{}, ['bforget-recycles']])
    const ends = actions.slice(3)
    expect(ends.map(({ action }) => action).sort()).toEqual([
      'fault:orphaned-buffers=0',
      'fault:slow-disk=0',
    ])
    expect(new Set(ends.map(({ at }) => at)).size).toBe(1)
    await supervisor.ask({ call: 'pause' })
    const { now, digest } = value(supervisor.status())
    expect(plainRun(now, actions).digest()).toBe(digest)
  })

  it('answers for every structure it is drawn by', async () => {
    supervisor = new RunSupervisor({ workerPath: workerPath() })
    value(await supervisor.start(request, { pace: 'max', paused: true }))
    await runUntil(15)
    for (const structure of structureKinds) {
      expect(value(await supervisor.ask({ call: 'snapshot', structure })).kind).toBe(structure)
    }
  })
})
