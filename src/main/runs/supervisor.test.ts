import { afterEach, describe, expect, it } from 'vitest'
import type { Frame, RunStatus } from '../../shared/frame'
import type { Result } from '../../shared/result'
import { bundledWorker } from './bundle.test-support'
import { RunSupervisor, type SupervisorOptions } from './supervisor'
import { syntheticScenario } from './synthetic-server.test-support'

const workerPath = bundledWorker('synthetic-worker.test-support.ts')

const open: RunSupervisor[] = []
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})
function supervise(options: Partial<SupervisorOptions> = {}): RunSupervisor {
  const supervisor = new RunSupervisor({ workerPath: workerPath(), ...options })
  open.push(supervisor)
  return supervisor
}
const request = (parameters: Record<string, number | string> = {}) => ({
  scenario: syntheticScenario,
  seed: 42,
  parameters,
})
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const fast = { pace: 'max', paused: false } as const

/** Watches until a frame answers the question; acknowledges every frame. */
function frames(
  supervisor: RunSupervisor,
  enough: (status: RunStatus) => boolean,
): Promise<Frame[]> {
  return new Promise((resolve) => {
    const seen: Frame[] = []
    const watching = supervisor.watch((frame) => {
      seen.push(frame)
      setImmediate(() => watching.acknowledge(frame.sequence))
      if (!enough(frame.status)) return
      watching.end()
      resolve(seen)
    })
  })
}
const isOver = ({ phase }: RunStatus): boolean => phase === 'paused' || phase === 'died'

describe('a supervised run', () => {
  it('runs in its own thread, and sends every sample to the screen and to the log', async () => {
    const supervisor = supervise()
    expect(value(await supervisor.start(request(), { pace: 'max', paused: true }))).toMatchObject({
      run: 1,
      phase: 'paused',
      seed: 42,
      scenario: syntheticScenario,
      now: 0,
    })
    const seen = frames(supervisor, (status) => isOver(status) && status.now > 0)
    await supervisor.ask({ call: 'runUntil', until: { kind: 'time', seconds: 500 } })
    const merged = (await seen).flatMap((frame) => [...frame.samples.merged])
    expect(merged.reduce((a, b) => a + b, 0)).toBe(500)
    const history = value(supervisor.history())
    expect(history.samples.rows).toBe(500)
    expect(history.rounds.length).toBe(50)
    expect(history.status).toMatchObject({ phase: 'paused', now: 500, events: 500_000 })
  })

  it('answers requests about its profile, its structures and itself', async () => {
    const supervisor = supervise()
    await supervisor.start(request(), { pace: 1, paused: true })
    await supervisor.ask({ call: 'step', step: 'sample' })
    expect(value(await supervisor.ask({ call: 'profile' })).frames.length).toBe(3)
    expect(value(await supervisor.ask({ call: 'snapshot', structure: 'run-queue' })).kind).toBe(
      'run-queue',
    )
    expect(value(await supervisor.ask({ call: 'report' })).simulatedSeconds).toBe(1)
  })

  it('is replaced by the next one, on the same screen', async () => {
    const supervisor = supervise()
    await supervisor.start(request(), fast)
    const seen = frames(supervisor, (status) => status.run === 2)
    expect(value(await supervisor.start(request({ 'load.size': 5 })))).toMatchObject({
      run: 2,
      pace: 'max',
      parameters: { 'load.size': 5 },
    })
    expect((await seen).at(-1)?.status.run).toBe(2)
  })

  it('says on every screen whose place it took, and who began it', async () => {
    const supervisor = supervise()
    await supervisor.start(request(), { pace: 1, paused: true })
    const told: (string | undefined)[] = []
    const keys = [Symbol('a'), Symbol('b'), Symbol('c')] as const
    for (const [index, key] of keys.entries()) {
      const watching = supervisor.watch(
        ({ sequence, replaced }) => {
          if (replaced) told.push(`${index}: ${replaced.by}, ${replaced.others} others`)
          setImmediate(() => watching.acknowledge(sequence))
        },
        undefined,
        key,
      )
    }
    await supervisor.start(request(), undefined, keys[1])
    await expect.poll(() => told).toHaveLength(3)
    expect(told).toEqual(
      expect.arrayContaining([
        '0: another page, 2 others',
        '1: this page, 2 others',
        '2: another page, 2 others',
      ]),
    )
  })

  it('lets go of a screen that a frame cannot be delivered to, and of no other', async () => {
    const supervisor = supervise()
    await supervisor.start(request(), fast)
    const failures: unknown[] = []
    supervisor.watch(
      () => {
        throw new Error('the window is gone')
      },
      (error) => failures.push(error),
    )
    await frames(supervisor, ({ now }) => now > 100)
    expect(failures).toHaveLength(1)
  })

  it('goes on when the next one cannot be started', async () => {
    const supervisor = supervise()
    await supervisor.start(request(), fast)
    expect(await supervisor.start(request({ refuse: 1 }))).toEqual({
      ok: false,
      error: { code: 'refused', message: 'these parameters do not go together' },
    })
    expect(value(supervisor.status())).toMatchObject({ run: 1, phase: 'running' })
  })

  it('does not exist before it was started', async () => {
    const supervisor = supervise()
    for (const result of [
      supervisor.status(),
      supervisor.history(),
      await supervisor.ask({ call: 'pause' }),
      await supervisor.runAgain(),
    ]) {
      expect(result).toMatchObject({ ok: false, error: { code: 'no-run' } })
    }
  })

  it('says when old samples are kept in tiers only', async () => {
    const supervisor = supervise({ sampleMemoryBytes: 400_000 })
    await supervisor.start(request(), { pace: 'max', paused: true })
    const seen = frames(supervisor, (status) => isOver(status) && status.now > 0)
    await supervisor.ask({ call: 'runUntil', until: { kind: 'time', seconds: 5000 } })
    await seen
    const { marks, status } = value(supervisor.history())
    expect(marks.filter((mark) => mark.kind === 'note').map((mark) => mark.text)).toContain(
      'from here on older samples are kept as rows of 10 s and more, to stay within memory',
    )
    expect(status.keptBytes).toBeLessThanOrEqual(400_000)
  })
})

describe('a run that dies', () => {
  it('by a bug in the model: says what, with seed and simulated time, and keeps its samples', async () => {
    const supervisor = supervise()
    const begun = supervisor.start(request({ 'throw.at': 25.5 }), fast)
    const seen = frames(supervisor, isOver)
    await begun
    expect((await seen).at(-1)?.status).toMatchObject({
      phase: 'died',
      now: 25.5,
      reason: 'died at 00:00:25.5 of simulated time (synthetic, seed 42): the model broke',
    })
    expect(value(supervisor.history()).samples.time.at(-1)).toBeGreaterThan(0)
    expect(await supervisor.ask({ call: 'profile' })).toMatchObject({
      error: { code: 'worker-died', message: expect.stringContaining('it can be run again') },
    })
  })

  it('by running out of memory: says so, and the host lives on', async () => {
    const supervisor = supervise({ memoryLimitMb: 32 })
    await supervisor.start(request({ 'hog.at': 10 }), { pace: 'max', paused: true })
    const seen = frames(supervisor, isOverAfterStart)
    await supervisor.ask({ call: 'resume' })
    const { status } = (await seen).at(-1) ?? {}
    expect(status).toMatchObject({ phase: 'died', seed: 42 })
    expect(status?.reason).toContain('out of memory (its limit is 32 MB)')
    expect(value(await supervisor.start(request())).phase).toBe('running')
  })

  it('can be run again, with its action log, up to where it stood', async () => {
    const supervisor = supervise()
    await supervisor.start(request({ 'throw.at': 60 }), { pace: 'max', paused: true })
    const until = async (seconds: number): Promise<void> => {
      const seen = frames(supervisor, (status) => status.now >= seconds && isOver(status))
      await supervisor.ask({ call: 'runUntil', until: { kind: 'time', seconds } })
      await seen
    }
    await until(20)
    await supervisor.ask({ call: 'act', action: 'fault:leak=1' })
    await until(40)
    const before = value(supervisor.status())
    const again = frames(supervisor, (status) => status.run === 2 && status.now >= 40)
    await supervisor.runAgain()
    const after = (await again).at(-1)?.status
    expect(after).toMatchObject({ phase: 'paused', now: 40, faults: { leak: 1 } })
    expect(after?.digest).toBe(before.digest)
    expect(after?.actions).toEqual(before.actions)
    const died = frames(supervisor, (status) => status.phase === 'died')
    await supervisor.ask({ call: 'resume' })
    expect((await died).at(-1)?.status.now).toBe(60)
  })

  it('goes on with its timeline when it is run again', async () => {
    const supervisor = supervise()
    const timeline = [
      { at: 20, action: 'fault:leak=1' },
      { at: 80, action: 'fault:leak=0' },
    ]
    const died = frames(supervisor, (status) => status.phase === 'died')
    await supervisor.start({ ...request({ 'throw.at': 60 }), timeline }, fast)
    expect((await died).at(-1)?.status).toMatchObject({
      actions: timeline.slice(0, 1),
      toCome: timeline.slice(1),
    })
    const again = frames(supervisor, ({ run, phase }) => run === 2 && phase === 'died')
    expect(value(await supervisor.runAgain())).toMatchObject({ run: 2, now: 0, toCome: timeline })
    expect((await again).at(-1)?.status).toMatchObject({
      now: 60,
      faults: { leak: 1 },
      actions: timeline.slice(0, 1),
      toCome: timeline.slice(1),
    })
  })

  it('before it stood at all: start fails and says why', async () => {
    const supervisor = supervise({ workerPath: '/nowhere/worker.js' })
    expect(await supervisor.start(request())).toMatchObject({ error: { code: 'worker-died' } })
  })
})

const isOverAfterStart = ({ phase }: RunStatus): boolean => phase === 'died'
