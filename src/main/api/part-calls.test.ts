import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { success } from '../../shared/result'
import { Recording } from '../recordings/recording'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { partCalls } from './part-calls'

async function library() {
  const folder = join(someFolder(), 'library')
  mkdirSync(folder)
  const run = await RecordedRun.begin(join(folder, 'a'), { seed: 3 })
  run.to(100)
  run.recorder.close()
  const calls = partCalls({
    placeNow: () => ({ folder, limitBytes: 1e8 }),
    look: (id) => Recording.open(join(folder, id)),
    reopened: () =>
      Promise.resolve(success({ request: { scenario: 's', seed: 3, parameters: {} } })),
    catalogue: { version: '', scenarios: [], demonstrations: [], disturbances: [] },
    notRecorded: 'not recorded',
  })
  return { folder, calls }
}

it('a part stands in the library beside what it is of, under a name that is free', async () => {
  const { folder, calls } = await library()
  const window = { from: 20, to: 40 }
  for (const id of ['a-20s-to-40s', 'a-20s-to-40s-2']) {
    expect(await calls.trimRecording('a', window)).toEqual(success({ id, window }))
  }
  expect(readdirSync(folder).sort()).toEqual(['a', 'a-20s-to-40s', 'a-20s-to-40s-2'])
  const [whole, part] = [
    await calls.recordingStatistics('a', window),
    await calls.recordingStatistics('a-20s-to-40s', window),
  ]
  expect(part).toEqual(whole)
  expect(part).toMatchObject({ value: { from: 20, to: 40, samples: 20 } })
})

it('a recording comes by its pieces, or is taken back, and pieces alone are refused', async () => {
  const { folder, calls } = await library()
  const piece = (file: string) =>
    calls.importRecording({
      step: 'piece',
      file,
      base64: readFileSync(join(folder, 'a', file)).toString('base64'),
    })
  const none = success({ id: undefined })
  expect(await piece('run.json')).toMatchObject({ error: { message: /begun first/ } })
  expect(await calls.importRecording({ step: 'begin' })).toEqual(none)
  for (const file of readdirSync(join(folder, 'a'))) expect(await piece(file)).toEqual(none)
  const end = () => calls.importRecording({ step: 'end', called: 'b/../mine' })
  expect(await end()).toEqual(success({ id: 'mine' }))
  expect(await end()).toMatchObject({ ok: false })
  await calls.importRecording({ step: 'begin' })
  await piece('run.json')
  expect(await calls.importRecording({ step: 'forget' })).toEqual(none)
  expect(readdirSync(folder).sort()).toEqual(['a', 'mine'])
})

it('where nothing is recorded, nothing is made or brought', async () => {
  const { calls: there } = await library()
  expect(await there.recordingRequest('a')).toMatchObject({ value: { seed: 3 } })
  const notRecorded = 'runs are not recorded here'
  const refused = { ok: false, error: { code: 'refused', message: notRecorded } }
  const look = (id: string) => Recording.open(id)
  const reopened = () =>
    Promise.resolve(success({ request: { scenario: '', seed: 1, parameters: {} } }))
  const catalogue = { version: '', scenarios: [], demonstrations: [], disturbances: [] }
  const calls = partCalls({ placeNow: () => undefined, look, reopened, catalogue, notRecorded })
  expect(await calls.importRecording({ step: 'begin' })).toEqual(refused)
})
