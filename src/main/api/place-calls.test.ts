import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Result } from '../../shared/result'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import { RunSupervisor } from '../runs/supervisor'
import { syntheticCatalogue } from '../runs/synthetic-catalogue.test-support'
import { hostApi } from './host-api'
import type { Desktop } from './desktop'

const workerPath = bundledWorker('synthetic-worker.test-support.ts')
let supervisor: RunSupervisor | undefined
afterEach(async () => {
  await supervisor?.close()
  supervisor = undefined
})

function apiOn(folder: string | undefined, desktop?: Desktop) {
  supervisor = new RunSupervisor({
    workerPath: workerPath(),
    recordings: folder === undefined ? undefined : { folder, limitBytes: 1e9 },
  })
  const save = () => Promise.reject(new Error('nothing is saved here'))
  return hostApi(supervisor, syntheticCatalogue, save, Symbol('test'), desktop)
}

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
const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const request = { scenario: 'synthetic', seed: 1, parameters: {} }

it('records from the next run on in the folder that was chosen, and remembers it', async () => {
  const folder = someFolder()
  const other = join(someFolder(), 'new')
  const { desktop, done } = desktopThatChooses(other)
  const api = apiOn(folder, desktop)
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
  const api = apiOn(undefined, desktop)
  expect(valueOf(await api.recordings()).folder).toBeUndefined()
  const library = valueOf(await api.chooseRecordingsFolder())
  expect(library).toMatchObject({ folder: other, limitBytes: 4e9 })
})

it('stays as it was when the dialog is called off', async () => {
  const folder = someFolder()
  const { desktop, done } = desktopThatChooses(undefined)
  const library = valueOf(await apiOn(folder, desktop).chooseRecordingsFolder())
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
    const answer = await apiOn(folder, desktop).chooseRecordingsFolder()
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
  const api = apiOn(folder, desktop)
  valueOf(await api.start(request))
  expect(valueOf(await api.limitRecordings(5e6)).limitBytes).toBe(5e6)
  expect(done).toEqual([`${folder} 5000000`])
  const run = valueOf(
    supervisor?.current() ?? { ok: false, error: { code: 'no-run', message: '' } },
  )
  expect((await run.recordingNow())?.limitBytes).toBe(5e6)
})

it('is the window that does it', async () => {
  const api = apiOn(someFolder())
  for (const answer of [await api.chooseRecordingsFolder(), await api.limitRecordings(1e9)]) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } })
    expect(answer.ok ? '' : answer.error.message).toContain('--record-limit')
  }
})
