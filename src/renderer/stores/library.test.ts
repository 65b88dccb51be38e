import { expect, it } from 'vitest'
import { computed } from 'vue'
import type { RecordedRun, RecordingInfo } from '../../shared/api'
import { failure, success } from '../../shared/result'
import { useLibraryStore } from './library'
import { someOpened, someRecordedRun } from './library.test-support'
import { useLiveStore } from './live'
import { frameOf, freshStores, hostWith } from './live.test-support'
import { useMessagesStore } from './messages'

freshStores()

const named = (id: string, changes: Partial<RecordedRun> = {}): RecordingInfo => ({
  id,
  bytes: 1000,
  writer: undefined,
  traces: 0,
  run: { ...someRecordedRun, ...changes },
})

/** A host that has these recordings, and does to them what it is told. */
function hostOf(first: readonly RecordingInfo[]) {
  let recordings = first
  return hostWith({
    recordings: () =>
      Promise.resolve(success({ folder: '/r', limitBytes: 1e6, hasDesktop: true, recordings })),
    describeRecording: (id, words) => {
      recordings = recordings.map((one) =>
        one.id === id && typeof one.run !== 'string'
          ? { ...one, run: { ...one.run, ...words } }
          : one,
      )
      return Promise.resolve(success(null))
    },
    trashRecording: (id) => {
      recordings = recordings.filter((one) => one.id !== id)
      return Promise.resolve(success(null))
    },
  })
}
async function libraryOf(...recordings: RecordingInfo[]) {
  const host = hostOf(recordings)
  await useLiveStore().connect(host.api)
  const library = useLibraryStore()
  await library.load()
  return { library, host }
}

it('finds by every word of name, notes, scenario and seed', async () => {
  const torn: RecordingInfo = {
    id: 'torn',
    bytes: 10,
    writer: undefined,
    traces: 0,
    run: 'not JSON',
  }
  const web = named('c', { scenario: 'web', seed: 12 })
  const { library } = await libraryOf(named('a', { name: 'Friday' }), named('b'), web, torn)
  const found = (term: string): string[] => {
    library.term = term
    return library.found.map(({ id }) => id)
  }
  expect(found('')).toEqual(['a', 'b', 'c', 'torn'])
  expect(found('friday sdet')).toEqual(['a'])
  expect(found('seed 12')).toEqual(['c'])
  expect(found('TORN')).toEqual(['torn'])
  expect(found('nothing')).toEqual([])
  expect(library.chosen).toBeUndefined()
})

it('shows what was said, and stays with what was chosen while it is there', async () => {
  const { library } = await libraryOf(named('a'), named('b'), named('c'))
  expect(library.chosen?.id).toBe('a')
  library.chosenId = 'b'
  expect(await library.describe('b', { name: 'mine', kept: true })).toBe(true)
  expect(library.chosen).toMatchObject({ id: 'b', run: { name: 'mine', kept: true, notes: '' } })
  if (library.chosen) await library.trash(library.chosen)
  expect(library.all.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(library.chosen?.id).toBe('a')
  expect(useMessagesStore().messages[0]?.text).toBe('Moved mine to the trash')
})

it('says that the list cannot be read, and reads it when it can', async () => {
  const { library, host } = await libraryOf(named('a'))
  const { recordings } = host.api
  const refused = () => Promise.resolve(failure('refused', 'cannot read the recordings'))
  Object.assign(host.api, { recordings: refused })
  await library.load()
  expect([library.state, library.all]).toEqual(['failed', []])
  expect(useMessagesStore().messages[0]?.text).toBe('cannot read the recordings')
  Object.assign(host.api, { recordings })
  const reading = library.load()
  expect(library.state).toBe('loading')
  await reading
  expect([library.state, library.all.length]).toEqual(['ready', 1])
})

it('tells when what was asked is refused', async () => {
  const { library, host } = await libraryOf(named('a'))
  const refused = () => Promise.resolve(failure('refused', 'a is being recorded'))
  Object.assign(host.api, { trashRecording: refused, beginRecordingAgain: refused })
  await library.trash(named('a'))
  expect(await library.beginAgain(named('a'))).toBe(false)
  expect(library.all).toHaveLength(1)
  expect(useMessagesStore().messages.map(({ text, times }) => [text, times])).toEqual([
    ['a is being recorded', 2],
  ])
})

it('duplicates a run for the dialog of a new one, and finds by tag', async () => {
  const { library, host } = await libraryOf(named('a', { tags: ['leak'] }), named('b'))
  const request = { scenario: 'sdet', seed: 7, parameters: {}, timeline: [] }
  Object.assign(host.api, { recordingRequest: () => Promise.resolve(success(request)) })
  expect(await library.duplicate(named('a'))).toEqual({ title: 'SDET', request })
  library.term = '#leak'
  expect(library.found.map(({ id }) => id)).toEqual(['a'])
})

it('makes the brushed window of what is shown a recording of its own', async () => {
  const { library, host } = await libraryOf(named('a'))
  const asked: unknown[] = []
  const trimRecording = (...of: unknown[]) => {
    asked.push(of)
    return Promise.resolve(success({ id: 'a-part', window: { from: 60, to: 120 } }))
  }
  Object.assign(host.api, { trimRecording })
  await library.trimWindow()
  expect(asked, 'nothing is brushed').toEqual([])
  const live = useLiveStore()
  live.brush = { from: 60.2, to: 120.7 }
  await library.trimWindow()
  expect(asked, 'nothing is recorded').toEqual([])
  live.recorded = { ...someOpened, id: 'a' }
  await library.trimWindow()
  expect(asked).toEqual([['a', { from: 60, to: 121 }]])
  expect(useMessagesStore().messages.at(-1)?.text).toBe(
    '00:01:00 to 00:02:00 is a recording of its own: a-part',
  )
})

it('says where recordings go from now on, how much room they have, and what was refused', async () => {
  const { library, host } = await libraryOf(named('a'), named('b'))
  const said = () => useMessagesStore().messages.at(-1)?.text
  let folder = '/r'
  let limitBytes = 1e6
  const answer = () =>
    Promise.resolve(success({ folder, limitBytes, hasDesktop: true, recordings: library.all }))
  host.api.chooseRecordingsFolder = answer
  host.api.limitRecordings = (bytes) => ((limitBytes = bytes), answer())
  await library.chooseFolder()
  expect(said(), 'called off').toBeUndefined()
  folder = '/elsewhere'
  await library.chooseFolder()
  expect(said()).toBe('Runs are recorded into /elsewhere from the next one on')
  await library.limit(500e6)
  expect(library.library?.limitBytes).toBe(500e6)
  expect(said()).toBe('Recordings are limited to 500 MB')
  await library.limit(1500)
  expect(said()).toContain('the oldest go when the next run begins')
  host.api.limitRecordings = () => Promise.resolve(failure('cannot-write', 'it is read-only'))
  await library.limit(7e9)
  expect(said()).toBe('it is read-only')
  expect(library.library?.limitBytes, 'it stays as it was').toBe(1500)
})

it('the recording that is shown is news when it is another one, not with each frame', async () => {
  const host = hostOf([])
  await useLiveStore().connect(host.api)
  const library = useLibraryStore()
  const room = { bytesPerHour: 1, freeBytes: 1, wholeAfter: 0, stopped: undefined }
  let told = 0
  const shown = computed(() => {
    told++
    return library.shownName
  })
  for (let second = 1; second < 9; second++) {
    host.send(frameOf([second], { recording: { name: 'r-1', bytes: second, ...room } }))
    expect(shown.value).toBe('r-1')
  }
  expect(told).toBe(1)
  host.send(frameOf([9], { recording: { name: 'r-2', bytes: 1, ...room } }))
  expect([shown.value, told]).toEqual(['r-2', 2])
})
