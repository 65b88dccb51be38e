import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import type { Desktop } from './desktop'
import { testedHost, valueOf } from './tested-host.test-support'

const host = testedHost(bundledWorker('synthetic-worker.test-support.ts'))

/** Whose dialog is answered with `chosen`. */
function desktopThatChooses(chosen: string | undefined) {
  const done: string[] = []
  const desktop: Desktop = {
    reveal: () => undefined,
    trash: () => Promise.resolve(),
    chooseFolder: () => Promise.resolve(chosen),
    remember: ({ folder, limitBytes }) => void done.push(`${folder} ${limitBytes}`),
  }
  return { desktop, done }
}
const request = { scenario: 'synthetic', seed: 1, parameters: {} }

it('records from the next run on in the folder that was chosen, and remembers it', async () => {
  const folder = someFolder()
  const other = join(someFolder(), 'new')
  const { desktop, done } = desktopThatChooses(other)
  const api = host.open(folder, { desktop })
  valueOf(await api.start(request))
  const library = valueOf(await api.chooseRecordingsFolder())
  expect(library).toMatchObject({ folder: other, limitBytes: 1e9, recordings: [] })
  expect(done).toEqual([`${other} 1000000000`])
  valueOf(await api.start(request))
  const { recordings } = valueOf(await api.recordings())
  expect(recordings.map(({ writer }) => writer)).toEqual(['this run'])
})

it('begins to record where nothing was recorded', async () => {
  const other = someFolder()
  const { desktop } = desktopThatChooses(other)
  const api = host.open(undefined, { desktop })
  expect(valueOf(await api.recordings()).folder).toBeUndefined()
  const library = valueOf(await api.chooseRecordingsFolder())
  expect(library).toMatchObject({ folder: other, limitBytes: 4e9 })
})

it('stays as it was when the dialog is called off', async () => {
  const folder = someFolder()
  const { desktop, done } = desktopThatChooses(undefined)
  const library = valueOf(await host.open(folder, { desktop }).chooseRecordingsFolder())
  expect(library.folder).toBe(folder)
  expect(done).toEqual([])
})

it('refuses a recording, and a place that cannot be written into', async () => {
  const folder = someFolder()
  const recording = join(someFolder(), 'one')
  const run = await RecordedRun.begin(recording, { seed: 1 })
  run.to(5)
  run.recorder.close()
  const problemWith = async (chosen: string) => {
    const { desktop, done } = desktopThatChooses(chosen)
    const answer = await host.open(folder, { desktop }).chooseRecordingsFolder()
    expect(done).toEqual([])
    return answer.ok ? '' : answer.error.message
  }
  expect(await problemWith(recording)).toContain('is a recording itself')
  const inFile = join(recording, 'run.json', 'below')
  expect(await problemWith(inFile)).toContain(`recordings cannot be written into ${inFile}`)
})

it('limits what is recorded now at once, and remembers it', async () => {
  const folder = someFolder()
  mkdirSync(folder, { recursive: true })
  const { desktop, done } = desktopThatChooses(undefined)
  const api = host.open(folder, { desktop })
  valueOf(await api.start(request))
  expect(valueOf(await api.limitRecordings(5e6)).limitBytes).toBe(5e6)
  expect(done).toEqual([`${folder} 5000000`])
  const run = valueOf(host.supervisor.current())
  expect((await run.recordingNow())?.limitBytes).toBe(5e6)
})

it('is the window that does it', async () => {
  const api = host.open(someFolder())
  for (const answer of [await api.chooseRecordingsFolder(), await api.limitRecordings(1e9)]) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(answer.ok ? '' : answer.error.message).toContain('--record-limit')
  }
})
