import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../shared/frame'
import { bundledWorker } from '../runs/bundle.test-support'
import { RunSupervisor } from '../runs/supervisor'
import { keepRecordingsWithin, listRecordings, recordingsIn } from './library'
import { opened, RecordedRun, someFolder } from './recording.test-support'
import { describeRecording } from './run-file'

const workerPath = bundledWorker('synthetic-worker.test-support.ts')
let supervisor: RunSupervisor | undefined
afterEach(async () => {
  await supervisor?.close()
  supervisor = undefined
})

/** Runs until a status is seen. */
async function until(reached: (status: RunStatus) => boolean): Promise<RunStatus> {
  return new Promise((resolve) => {
    const watching = supervisor?.watch((frame) => {
      setImmediate(() => watching?.acknowledge(frame.sequence))
      if (reached(frame.status)) resolve(frame.status)
    })
  })
}
const request = (parameters = {}) => ({ scenario: 'synthetic', seed: 42, parameters })
const until300 = { call: 'runUntil', until: { kind: 'time', seconds: 300 } } as const

describe('a run of a host', () => {
  it('is recorded from its first sample, and its recording is closed with it', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 'max', paused: true })
    await supervisor.ask(until300)
    const status = await until(({ phase, now }) => phase === 'paused' && now === 300)
    expect(status.recording?.stopped).toBeUndefined()
    await supervisor.close()
    const [listed] = listRecordings(folder)
    expect(listed?.run).toMatchObject({ scenario: 'synthetic', state: 'ended', seconds: 300 })
    expect(listed?.writer).toBeUndefined()
    const recording = await opened(listed?.folder ?? '')
    expect([...recording.rows()].length).toBe(300)
    expect(recording.digests.length).toBe(5)
  })

  it('that is ended while it goes on has samples and a profile up to where it stood', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 10, paused: false })
    await until(({ now }) => now > 2)
    await supervisor.close()
    const [listed] = listRecordings(folder)
    const recording = await opened(listed?.folder ?? '')
    const { run, seconds } = recording
    expect([run.state, seconds]).toEqual(['ended', Math.floor(run.seconds)])
    expect(run.seconds).toBeGreaterThan(2)
    const profile = await recording.profileBetween({ from: 0, to: seconds })
    expect(profile).toMatchObject({ value: { fromSeconds: 0, toSeconds: run.seconds } })
  })

  it('that is made again goes on in its recording', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request({ 'throw.at': 250.5 }), { pace: 'max', paused: false })
    await until(({ phase }) => phase === 'died')
    // Its worker is gone, and its profile is not.
    const died = supervisor.current()
    const profile = died.ok ? await died.value.profileBetween({ from: 100, to: 200 }) : died
    expect(profile).toMatchObject({ value: { fromSeconds: 100, toSeconds: 200, clockMHz: 450 } })
    await supervisor.runAgain()
    await until(({ phase, run }) => phase === 'died' && run === 2)
    await supervisor.close()
    const listed = listRecordings(folder)
    expect(listed.map(({ run }) => [run.state, run.seconds])).toEqual([['died', 250.5]])
    const recording = await opened(listed[0]?.folder ?? '')
    expect([...recording.rows()].length).toBe(250)
  })

  it('goes on being recorded when it cannot be made again', async () => {
    const folder = join(someFolder(), 'recordings')
    const worker = join(someFolder(), 'worker.js')
    symlinkSync(workerPath(), worker)
    supervisor = new RunSupervisor({
      workerPath: worker,
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 10, paused: false })
    await until(({ now }) => now > 2)
    rmSync(worker)
    expect(await supervisor.runAgain()).toMatchObject({ error: { code: 'worker-died' } })
    const { now, run } = await until(({ phase }) => phase === 'running')
    expect(run).toBe(1)
    await until((status) => status.now > now + 2)
    await supervisor.close()
    const listed = listRecordings(folder)
    expect(listed.map(({ run }) => run.state)).toEqual(['ended'])
    const recording = await opened(listed[0]?.folder ?? '')
    expect(recording.seconds).toBeGreaterThan(now + 1)
  })

  it('that is done something to while it is made again leaves its recording as it was', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 10, paused: false })
    await until(({ now }) => now > 2)
    const again = supervisor.runAgain()
    await supervisor.ask({ call: 'act', action: 'fault:leak=1' })
    expect(await again).toMatchObject({ value: { run: 2 } })
    await until(({ recording }) => recording !== undefined)
    await supervisor.close()
    const listed = listRecordings(folder)
    expect(listed.map(({ run }) => run.state)).toEqual(['ended', 'ended'])
    const actions = await Promise.all(
      listed.map(async ({ folder: one }) => (await opened(one)).actions.length),
    )
    expect(actions.sort()).toEqual([0, 1])
  })

  it('whose thread is gone without a word is recorded up to there, and says so', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request({ 'exit.at': 250.5 }), { pace: 'max', paused: false })
    const status = await until(({ phase }) => phase === 'died')
    expect(status.reason).toContain('its thread ended with code 7')
    expect(status).toMatchObject({ seed: 42, scenario: 'synthetic' })
    await supervisor.close()
    const [listed] = listRecordings(folder)
    expect(listed?.run).toMatchObject({ state: 'died', reason: status.reason })
    expect(listed?.writer).toBeUndefined()
    const recording = await opened(listed?.folder ?? '')
    expect(recording.missing).toEqual([])
    const times = [...recording.rows()].map(({ time }) => time)
    // What it had told by then, whole; a batch that it had not sent is gone with it.
    expect(times).toEqual(times.map((_, row) => row + 1))
    expect(times.length).toBe(Math.floor(status.now))
  })

  it.runIf(existsSync('/dev/full'))('goes on when the disk becomes full, and says so', async () => {
    const folder = join(someFolder(), 'recordings')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 'max', paused: true })
    const run = supervisor.current()
    const recording = run.ok ? await run.value.recordingNow() : undefined
    // The first flush of samples makes this file, on a device that has no room.
    symlinkSync('/dev/full', join(recording?.folder ?? '', 'samples.tail.arrows'))
    await supervisor.ask(until300)
    await until(({ phase, now }) => phase === 'paused' && now === 300)
    recording?.flush()
    const status = supervisor.status()
    expect(status).toMatchObject({ value: { phase: 'paused', now: 300 } })
    expect(status.ok && status.value.recording?.stopped).toBe('the disk is full')
    await supervisor.close()
    expect(await opened(recording?.folder ?? '')).toMatchObject({
      run: { state: 'stopped', reason: 'the disk is full' },
    })
  })

  it('goes on where nothing can be recorded, and says so', async () => {
    const file = join(someFolder(), 'recordings')
    writeFileSync(file, 'a file where a folder belongs')
    supervisor = new RunSupervisor({
      workerPath: workerPath(),
      recordings: { folder: file, limitBytes: 1e9 },
    })
    await supervisor.start(request(), { pace: 'max', paused: true })
    await supervisor.ask(until300)
    const status = await until(({ phase, now }) => phase === 'paused' && now === 300)
    expect(status.recording?.stopped).toMatch(/a part of its path is a file|ENOTDIR/)
  })
})

it('the oldest recordings that nobody kept or named go when there are too many', async () => {
  const folder = someFolder()
  for (const name of ['a', 'b', 'c', 'd']) {
    const run = await RecordedRun.begin(join(folder, name))
    run.to(100)
    run.recorder.close()
  }
  mkdirSync(join(folder, 'something else'))
  const kept = describeRecording(join(folder, 'a'), { kept: true })
  expect(kept.ok).toBe(true)
  expect(describeRecording(join(folder, 'b'), { name: 'mine' }).ok).toBe(true)
  const gone = keepRecordingsWithin(folder, 1)
  expect(gone.map((path) => path.slice(-1)).sort()).toEqual(['c', 'd'])
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'something else'])
})

// Root may list any folder.
it.runIf(process.getuid?.() !== 0)(
  'one that cannot be listed is told so among the others',
  async () => {
    const folder = someFolder()
    for (const name of ['a', 'b']) {
      const run = await RecordedRun.begin(join(folder, name))
      run.to(10)
      run.recorder.close()
    }
    chmodSync(join(folder, 'a'), 0o111)
    const listed = recordingsIn(folder)
    expect(listed.map((one) => ('run' in one ? 'read' : one.problem))).toEqual([
      'read',
      expect.stringContaining('permission is denied'),
    ])
    expect(keepRecordingsWithin(folder, 1)).toEqual([join(folder, 'b')])
    chmodSync(join(folder, 'a'), 0o755)
  },
)
