import { expect, it } from 'vitest'
import { failure, success } from '../../shared/result'
import { useBringingStore } from './bringing'
import { someOpened } from './library.test-support'
import { useLiveStore } from './live'
import { facts, freshStores, frameOf, hostWith } from './live.test-support'
import { useMessagesStore } from './messages'

freshStores()

const about = { ...someOpened, name: 'Friday', part: { recording: 'whole', from: 1, to: 2 } }
async function pageOn(answers: Parameters<typeof hostWith>[0] = {}) {
  const host = hostWith({
    importRecording: (step) =>
      Promise.resolve(success({ id: step.step === 'end' ? 'F' : undefined })),
    openRecording: (id) =>
      Promise.resolve(success({ id, about, frame: frameOf([1, 2, 3], {}, { facts }) })),
    ...answers,
  })
  await useLiveStore().connect(host.api)
  return { host, bringing: useBringingStore(), messages: useMessagesStore() }
}
const folder = (...names: string[]) => ({
  called: 'Friday',
  isFolder: true,
  files: names.map((name) => new File(['x'], name)),
})
const said = (): string[] => useMessagesStore().messages.map(({ text }) => text)

it('takes a folder into the library and shows it; a part with its range in sight', async () => {
  const { bringing } = await pageOn()
  await bringing.take(folder('run.json', 'samples.tail.arrows'))
  const live = useLiveStore()
  expect(live.recorded).toMatchObject({ id: 'F', name: 'Friday' })
  expect(live.visibleRange()).toMatchObject({ from: 1, to: 2 })
  expect(bringing.importing).toBeUndefined()
  expect(said()).toEqual(['Friday is in the library'])
})

it('says what it cannot take', async () => {
  const { bringing } = await pageOn()
  await bringing.take(folder('notes.txt'))
  await bringing.take(undefined)
  expect(said()).toEqual([
    'Friday is no recording: it has no run.json in it',
    'bring one folder or one file at a time',
  ])
  expect(useLiveStore().recorded).toBeUndefined()
})

it('tells what the host refuses, and begins the run of a scenario file', async () => {
  const refused = failure('bad-argument', 'Friday.zip: it cannot be unpacked')
  const { bringing, host } = await pageOn({
    importRecording: ({ step }) =>
      Promise.resolve(step === 'end' ? refused : success({ id: undefined })),
  })
  const file = (called: string) => ({ called, isFolder: false, files: [new File(['{}'], called)] })
  await bringing.take(file('Friday.zip'))
  expect(said()).toEqual(['Friday.zip: it cannot be unpacked'])
  await bringing.take(file('mine.scenario.json'))
  expect(host.calls).toContain('openScenario "{}"')
})

it('any other file goes to the host, which tells what it is', async () => {
  const sent: unknown[] = []
  const { bringing, host } = await pageOn({
    importRecording(step) {
      sent.push(step)
      return Promise.resolve(success({ id: step.step === 'end' ? 'F' : undefined }))
    },
  })
  await bringing.take({ called: 'a.csv', isFolder: false, files: [new File(['x,y'], 'a.csv')] })
  expect(sent).toEqual([
    { step: 'begin' },
    { step: 'piece', file: 'brought.file', base64: 'eCx5' },
    { step: 'end', called: 'a.csv' },
  ])
  expect(useLiveStore().recorded).toMatchObject({ id: 'F' })
  const trace = new File(['{"traceEvents":[]}'], 'a.json')
  await bringing.take({ called: 'a.json', isFolder: false, files: [trace] })
  expect(host.calls.some((call) => call.startsWith('openScenario'))).toBe(false)
})
