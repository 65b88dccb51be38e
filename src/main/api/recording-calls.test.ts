import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RecordingInfo } from '../../shared/api'
import { lockRecording } from '../recordings/lock'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { readRunFile, writeRunFile } from '../recordings/run-file'
import { bundledWorker } from '../runs/bundle.test-support'
import type { Desktop } from './desktop'
import { testedHost, valueOf } from './tested-host.test-support'

const host = testedHost(bundledWorker('synthetic-worker.test-support.ts'))

/** Throws things away for good, and says so. */
function someDesktop(chosen?: string) {
  const done: string[] = []
  const desktop: Desktop = {
    reveal: (folder) => void done.push(`reveal ${folder}`),
    trash: (folder) => {
      done.push(`trash ${folder}`)
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
    chooseFolder: () => Promise.resolve(chosen),
    remember: ({ folder, limitBytes }) => void done.push(`remember ${folder} ${limitBytes}`),
  }
  return { desktop, done }
}
const runOf = (info: RecordingInfo | undefined) =>
  typeof info?.run === 'string' ? undefined : info?.run

const timeline = [
  { at: 20, action: 'fault:leak=0.5' },
  { at: 30, action: 'set:load.size=8' },
]
async function record(folder: string, seed: number, seconds = 100): Promise<void> {
  const run = await RecordedRun.begin(folder, { seed, timeline })
  run.to(seconds)
  run.recorder.stands({ state: 'ended', reason: '', seconds, events: 1, digest: 'd' })
  run.recorder.close()
}

it('lists what is recorded, how it stands, and what cannot be read', async () => {
  const folder = someFolder()
  await record(join(folder, 'whole'), 7)
  mkdirSync(join(folder, 'no recording'))
  mkdirSync(join(folder, 'torn'))
  writeFileSync(join(folder, 'torn', 'run.json'), '{"soakscope":')
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 9, parameters: {} }))
  const { recordings, ...library } = valueOf(await api.recordings())
  expect(library).toEqual({ folder, limitBytes: 1e9, hasDesktop: false })
  expect(recordings.map(({ writer, run }) => [writer, typeof run])).toEqual([
    ['this run', 'object'],
    [undefined, 'object'],
    [undefined, 'string'],
  ])
  const [now, whole, torn] = recordings
  expect(runOf(now)).toMatchObject({ seed: 9, state: 'recording', scenario: 'synthetic' })
  expect(whole?.id).toBe('whole')
  expect(whole?.bytes).toBeGreaterThan(1000)
  expect(runOf(whole)).toMatchObject({ seed: 7, state: 'ended', seconds: 100, actions: 2 })
  expect(torn?.run).toContain('its run.json is not JSON')
})

it('keeps what is said of a recording, also of the one that is being written', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 1)
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 2, parameters: {} }))
  const [now] = valueOf(await api.recordings()).recordings
  for (const id of ['a', now?.id ?? '']) {
    valueOf(await api.describeRecording(id, { name: 'mine', kept: true }))
    valueOf(await api.describeRecording(id, { notes: 'one\ntwo' }))
  }
  await host.supervisor.close()
  const said = { name: 'mine', notes: 'one\ntwo', kept: true }
  expect(readdirSync(folder)).toHaveLength(2)
  for (const name of readdirSync(folder)) {
    expect(readRunFile(join(folder, name))).toMatchObject({ value: said })
  }
})

it('begins a recording again as another run, with its actions as the timeline', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5)
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  await api.pause()
  const begun = valueOf(await api.beginRecordingAgain('a'))
  expect(begun).toMatchObject({ run: 2, seed: 5, scenario: 'synthetic' })
  expect([...begun.actions, ...begun.toCome]).toEqual(timeline)
  expect(valueOf(await api.recordings()).recordings).toHaveLength(3)
})

it('goes on with a recording where it stood, in its folder', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5)
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  valueOf(await api.continueRecording('a'))
  const now = async () => valueOf(await api.status())
  await expect.poll(async () => (await now()).run).toBe(2)
  // As fast as possible only now, and not for long: that fills the disk.
  valueOf(await api.runUntil({ kind: 'time', seconds: 140 }))
  valueOf(await api.pace('max'))
  await expect.poll(async () => (await now()).now).toBe(140)
  const status = valueOf(await api.status())
  expect(status).toMatchObject({ run: 2, seed: 5, recording: { name: 'a' } })
  expect(status.recording?.stopped).toBeUndefined()
  expect(status.actions).toEqual(timeline)
  expect(await api.continueRecording('a')).toMatchObject({ error: { code: 'refused' } })
  expect(valueOf(await api.recordings()).recordings).toHaveLength(2)
  await host.supervisor.close()
  const file = valueOf(readRunFile(join(folder, 'a')))
  expect(file).toMatchObject({ state: 'ended', actions: 2 })
  expect(file.seconds).toBe(140)
  writeRunFile(join(folder, 'a'), { ...file, model: '0.0.1' })
  expect(await host.open(folder).continueRecording('a')).toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('by Soakscope 0.0.1') },
  })
})

it('opens a recording, whoever made it: all of it, any part, any profile, what is missing', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5)
  const file = valueOf(readRunFile(join(folder, 'a')))
  writeRunFile(join(folder, 'a'), { ...file, name: 'mine', model: '0.0.1', state: 'recording' })
  writeFileSync(join(folder, 'a', 'digests.tail.arrows'), 'rubbish')
  const api = host.open(folder)
  const { about, frame } = valueOf(await api.openRecording('a'))
  expect(about).toMatchObject({ name: 'mine', model: '0.0.1', hasOtherModel: true, seconds: 100 })
  expect(about.missing).toEqual([expect.stringContaining('digests.tail.arrows')])
  expect(frame.samples.rows).toBe(100)
  expect(frame.status).toMatchObject({ phase: 'recorded', seed: 5, now: 100, actions: timeline })
  expect(frame.status.faults).toEqual({ leak: 0.5 })
  expect(frame.status.parameters).toMatchObject({ 'load.size': 8, 'machine.cpus': 2 })
  const part = valueOf(await api.recordingRange('a', { from: 10, to: 20, rows: 100 }))
  expect([...part.samples.time]).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  const profile = valueOf(await api.recordingProfile('a', { from: 20, to: 40 }))
  expect(profile).toMatchObject({ fromSeconds: 20, toSeconds: 40 })
  expect(await api.saveRecording('a', 'scenario')).toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('begin it again') },
  })
  expect(await api.openRecording('b')).toMatchObject({ error: { code: 'bad-argument' } })
})

it('branches off a recording at an instant, with something changed, and says so in the second', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5)
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  expect(await api.branch({ of: 'a', at: 101, changes: [] })).toMatchObject({
    error: { code: 'out-of-range' },
  })
  expect(await api.branch({ of: 'a', at: 25, changes: ['fault:none=1'] })).toMatchObject({
    error: { code: 'unknown-action' },
  })
  valueOf(await api.branch({ of: 'a', at: 25, changes: ['fault:leak=1'] }))
  const status = async () => valueOf(await api.status())
  await expect.poll(async () => (await status()).seed).toBe(5)
  // What was done after that instant is not done in it.
  await expect
    .poll(async () => (await status()).actions)
    .toEqual([
      { at: 20, action: 'fault:leak=0.5' },
      { at: 25, action: 'fault:leak=1' },
    ])
  const { recordings } = valueOf(await api.recordings())
  const branch = recordings.find(({ writer }) => writer === 'this run')
  expect(runOf(branch)?.origin).toEqual({ recording: 'a', at: 25 })
  expect(recordings).toHaveLength(3)
})

it('leaves a recording as it was when going on with it is called off', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5, 3000)
  const before = valueOf(readRunFile(join(folder, 'a')))
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  const { aside, run } = valueOf(await api.continueRecording('a'))
  expect(aside).toMatchObject({ kind: 'continue', until: 3000 })
  expect(aside?.now).toBeLessThan(3000)
  expect(valueOf(await api.cancelAside()).aside).toBeUndefined()
  expect(valueOf(await api.status())).toMatchObject({ run, seed: 1 })
  expect(valueOf(readRunFile(join(folder, 'a')))).toEqual(before)
})

it('calls off what is made again when another run is begun, and says so on every page', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5, 60_000)
  const api = host.open(folder)
  valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  const heard: unknown[] = []
  const watching = host.supervisor.watch(({ sequence, replaced }) => {
    if (replaced) heard.push(replaced.calledOff)
    queueMicrotask(() => watching?.acknowledge(sequence))
  })
  const { aside } = valueOf(await api.continueRecording('a'))
  valueOf(await api.start({ scenario: 'synthetic', seed: 2, parameters: {} }))
  expect(heard).toEqual([aside?.title])
  expect(valueOf(await api.status()).aside).toBeUndefined()
})

it('tells from when on a run is another one than was recorded', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 5)
  const before = { ...valueOf(readRunFile(join(folder, 'a'))), seed: 6 }
  writeRunFile(join(folder, 'a'), before)
  const api = host.open(folder)
  const { run } = valueOf(await api.start({ scenario: 'synthetic', seed: 1, parameters: {} }))
  valueOf(await api.continueRecording('a'))
  const failed = async () => valueOf(await api.status()).aside?.failed
  await expect.poll(failed).toContain('another one than was recorded, from 00:01:00')
  expect(valueOf(await api.status()).run).toBe(run)
  expect(valueOf(await api.cancelAside()).aside).toBeUndefined()
  expect(valueOf(readRunFile(join(folder, 'a')))).toEqual(before)
})

it('shows folders and throws them away where there is a desktop', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 1)
  const { desktop, done } = someDesktop()
  const api = host.open(folder, { desktop })
  expect(valueOf(await api.recordings()).hasDesktop).toBe(true)
  valueOf(await api.revealRecording('a'))
  valueOf(await api.trashRecording('a'))
  expect(done).toEqual([`reveal ${join(folder, 'a')}`, `trash ${join(folder, 'a')}`])
  expect(await api.trashRecording('a')).toMatchObject({
    error: { code: 'bad-argument', message: `there is no recording "a" in ${folder}` },
  })
})

it('refuses what would harm a recording that is being written', async () => {
  const folder = someFolder()
  await record(join(folder, 'theirs'), 1)
  const letGo = valueOf(lockRecording(join(folder, 'theirs')))
  const { desktop, done } = someDesktop()
  const api = host.open(folder, { desktop })
  valueOf(await api.start({ scenario: 'synthetic', seed: 2, parameters: {} }))
  const ids = valueOf(await api.recordings()).recordings.map(({ id }) => id)
  expect(ids).toHaveLength(2)
  for (const id of ids) {
    expect(await api.trashRecording(id)).toMatchObject({ error: { code: 'refused' } })
    expect(existsSync(join(folder, id))).toBe(true)
  }
  expect(await api.describeRecording('theirs', { name: 'mine' })).toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('being recorded by process') },
  })
  expect(done).toEqual([])
  letGo()
})

it('says what is not there: a desktop, a recording, recordings at all', async () => {
  const folder = someFolder()
  await record(join(folder, 'a'), 1)
  const api = host.open(folder)
  for (const answer of [await api.revealRecording('a'), await api.trashRecording('a')]) {
    expect(answer).toMatchObject({ error: { message: expect.stringContaining('only the window') } })
  }
  expect(existsSync(join(folder, 'a'))).toBe(true)
  for (const answer of [
    await api.beginRecordingAgain('b'),
    await api.describeRecording('b', { kept: true }),
    await api.beginRecordingAgain('../a'),
  ]) {
    expect(answer).toMatchObject({ error: { message: expect.stringContaining('no recording') } })
  }
  await host.supervisor.close()
  const without = host.open(undefined)
  expect(await without.recordings()).toMatchObject({ value: { folder: undefined } })
  expect(await without.beginRecordingAgain('a')).toMatchObject({ error: { code: 'refused' } })
})
