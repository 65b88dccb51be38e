/** The library of recordings, as a screen has it. */
import { basename, join } from 'node:path'
import type {
  ApiCalls,
  Catalogue,
  RecordedRun,
  RecordingInfo,
  RecordingLibrary,
  RecordingWords,
} from '../../shared/api'
import { preview } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { reasonOf } from '../formats/place'
import { keptTracesIn } from '../recordings/kept-traces'
import { recordingsIn } from '../recordings/library'
import { writerOf } from '../recordings/lock'
import { Recording } from '../recordings/recording'
import {
  describeRecording,
  isRecording,
  noRunWords,
  requestOf,
  type RunFile,
} from '../recordings/run-file'
import type { RunSupervisor, ScreenKey } from '../runs/supervisor'
import { version } from '../version'
import { branchOf, type Stem } from './branching'
import { checkStart } from './checks'
import { differenceCalls } from './difference-calls'
import { fileOfRecording, openedRecording } from './opened-recordings'
import { partCalls } from './part-calls'
import { pastCalls } from './past-calls'
import type { Desktop } from './desktop'
import { placeCalls } from './place-calls'
import type { Saver } from './saving'
import { traceCalls } from './trace-calls'

export interface RecordingCallsOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  readonly screen: ScreenKey
  readonly save: Saver
  /** Only a window has one. */
  readonly desktop: Desktop | undefined
}

type RecordingCalls = Pick<
  ApiCalls,
  | ('recordings' | 'describeRecording' | 'beginRecordingAgain' | 'continueRecording' | 'branch')
  | ('openRecording' | 'recordingRange' | 'recordingProfile' | 'saveRecording')
  | ('revealRecording' | 'trashRecording' | 'chooseRecordingsFolder' | 'limitRecordings')
  | ('recordingStatistics' | 'trimRecording' | 'importRecording' | 'recordingRequest')
  | ('offerPast' | 'showPast' | 'pastState' | 'pastSnapshot' | 'pastProfile' | 'forgetPast')
  | ('saveDifference' | 'trace' | 'takeTrace' | 'keptTraces' | 'openTrace' | 'saveTrace')
>

export function recordingCalls(options: RecordingCallsOptions): RecordingCalls {
  const { supervisor, catalogue, screen, desktop, save } = options
  const placeNow = () => supervisor.recordings

  /** The recording of the run on the screen, while it is written. */
  const recordedNow = async () => {
    const run = supervisor.current()
    return run.ok ? run.value.recordingNow() : undefined
  }
  const folderOf = (id: string): Result<string> => {
    const place = placeNow()
    if (!place) return failure('refused', notRecorded)
    const folder = join(place.folder, id)
    if (basename(folder) === id && isRecording(folder)) return success(folder)
    return failure('bad-argument', `there is no recording ${preview(id)} in ${place.folder}`)
  }

  /** The one that this screen looks at, as it was when it was opened. */
  let opened: { readonly id: string; readonly recording: Recording } | undefined
  const lookedAt = async (id: string): Promise<Result<Recording>> => {
    if (opened?.id === id) return success(opened.recording)
    const folder = folderOf(id)
    return folder.ok ? Recording.open(folder.value) : folder
  }
  /** What is recorded of the run on the screen is on disk; where that is. */
  const flushOwn = async (): Promise<string | undefined> => {
    const own = await recordedNow()
    own?.flush()
    return own?.folder
  }

  type NamedStem = Stem & { readonly title: string; readonly name: string | undefined }
  const presentStem = (): Result<NamedStem> => {
    const run = supervisor.current()
    if (!run.ok) return run
    const { title, actions, toCome, now, recording } = run.value.status
    const { request } = run.value
    return success({ title, name: recording?.name, request, actions, toCome, seconds: now })
  }
  const recordedStem = async (id: string): Promise<Result<NamedStem>> => {
    const recording = await lookedAt(id)
    if (!recording.ok) return recording
    const { run, actions, toCome, seconds } = recording.value
    const noRun = noRunWords(run)
    if (noRun !== undefined) return failure('refused', `nothing branches off it: ${noRun}`)
    const title = run.name || run.title
    return success({ title, name: id, request: requestOf(run), actions, toCome, seconds })
  }

  /** The recording, and the run that it is of with its actions as the timeline. */
  const reopened = async (id: string, asNewRun = false) => {
    const folder = folderOf(id)
    if (!folder.ok) return folder
    const opened = await Recording.open(folder.value)
    if (!opened.ok) return opened
    const { run, actions, toCome, lostActions } = opened.value
    if (lostActions !== undefined) return failure('refused', `${run.name || id}: ${lostActions}`)
    const noRun = asNewRun && run.imported?.begins === true ? undefined : noRunWords(run)
    if (noRun !== undefined) {
      return failure('refused', `${run.name || id} cannot be executed again: ${noRun}`)
    }
    const timeline = [...actions, ...toCome]
    const checked = checkStart(catalogue, { ...requestOf(run), timeline })
    if (checked.ok) return success({ recording: opened.value, request: checked.value })
    const { code, message } = checked.error
    const by = `recorded by Soakscope ${run.model}`
    return failure(code, `${run.name || id} cannot be run again (${by}): ${message}`)
  }

  /** As it is now: what is recorded of the run on the screen included. */
  const look = async (id: string): Promise<Result<Recording>> => {
    await flushOwn()
    return lookedAt(id)
  }

  const library = async (): Promise<Result<RecordingLibrary>> => {
    const place = placeNow()
    if (!place) {
      const none = { folder: undefined, limitBytes: 0, recordings: [] }
      return success({ ...none, hasDesktop: desktop !== undefined })
    }
    const own = (await recordedNow())?.folder
    const { folder, limitBytes } = place
    try {
      const recordings = recordingsIn(folder).map((listed): RecordingInfo => {
        const traces = keptTracesIn(listed.folder).length
        const there = { id: basename(listed.folder), bytes: listed.bytes, traces }
        if (!('run' in listed)) return { ...there, writer: undefined, run: listed.problem }
        const writer = listed.folder === own ? 'this run' : listed.writer
        return { ...there, writer, run: recordedRun(listed.run) }
      })
      return success({ folder, limitBytes, hasDesktop: desktop !== undefined, recordings })
    } catch (error) {
      return failure('refused', `cannot read the recordings in ${folder}: ${reasonOf(error)}`)
    }
  }

  return {
    ...partCalls({
      placeNow,
      look,
      reopened: (id) => reopened(id, true),
      catalogue,
      notRecorded,
    }),
    ...differenceCalls({ supervisor, catalogue, look, save }),
    ...pastCalls({ supervisor, catalogue, look, reopened }),
    ...traceCalls({ supervisor, catalogue, save, recordedNow, folderOf, look, reopened }),

    ...placeCalls({ supervisor, desktop, library }),

    recordings: library,

    async describeRecording(id, words: Partial<RecordingWords>) {
      const folder = folderOf(id)
      if (!folder.ok) return folder
      const own = await recordedNow()
      // Whoever records it writes run.json again, with what it knows.
      if (own?.folder === folder.value) return own.describe(words)
      const writer = writerOf(folder.value)
      if (writer !== undefined) return beingRecorded(id, writer)
      const described = describeRecording(folder.value, words)
      return described.ok ? success(null) : described
    },

    async branch({ of, at, changes }) {
      const stem = of === undefined ? presentStem() : await recordedStem(of)
      if (!stem.ok) return stem
      const request = branchOf(catalogue, stem.value, at, changes)
      if (!request.ok) return request
      const { title, name } = stem.value
      const origin = name === undefined ? undefined : { recording: name, at }
      const order = { kind: 'branch', title, request: request.value, until: at, origin } as const
      return supervisor.beginAside(order, screen)
    },

    async openRecording(id) {
      const folder = folderOf(id)
      if (!folder.ok) return folder
      const isOwn = (await flushOwn()) === folder.value
      const recording = await Recording.open(folder.value)
      if (!recording.ok) return recording
      opened = { id, recording: recording.value }
      const writer = isOwn ? 'this run' : writerOf(folder.value)
      return success(openedRecording(id, recording.value, writer, catalogue))
    },

    async recordingRange(id, request) {
      const recording = await lookedAt(id)
      return recording.ok ? recording.value.range(request) : recording
    },

    async recordingProfile(id, window) {
      const recording = await lookedAt(id)
      return recording.ok ? recording.value.profileBetween(window) : recording
    },

    async saveRecording(id, kind, window) {
      const recording = await lookedAt(id)
      if (!recording.ok) return recording
      const whole = { from: 0, to: recording.value.seconds }
      const exactly = await supervisor.past.profileOf(id, window ?? whole)
      const file = fileOfRecording(recording.value, kind, catalogue, window, exactly)
      return file.ok ? save(file.value) : file
    },

    async beginRecordingAgain(id) {
      const opened = await reopened(id, true)
      return opened.ok ? supervisor.start(opened.value.request, undefined, screen) : opened
    },

    async continueRecording(id) {
      const opened = await reopened(id)
      if (!opened.ok) return opened
      const { recording, request } = opened.value
      const { folder, seconds, run } = recording
      if ((await recordedNow())?.folder === folder) return beingRecorded(id, 'this run')
      const writer = writerOf(folder)
      if (writer !== undefined) return beingRecorded(id, writer)
      if (run.model !== version) {
        const other = `it was recorded by Soakscope ${run.model}, and this one is ${version}`
        return failure('refused', `${run.name || id} cannot go on: ${other}; begin it again`)
      }
      const title = run.name || run.title
      return supervisor.beginAside(
        { kind: 'continue', title, request, until: seconds, recordedIn: folder },
        screen,
      )
    },

    revealRecording(id) {
      const folder = desktop ? folderOf(id) : failure('refused', noDesktop)
      if (!folder.ok) return Promise.resolve(folder)
      desktop?.reveal(folder.value)
      return Promise.resolve(success(null))
    },

    async trashRecording(id) {
      const folder = desktop ? folderOf(id) : failure('refused', noDesktop)
      if (!folder.ok) return folder
      if ((await recordedNow())?.folder === folder.value) return beingRecorded(id, 'this run')
      const writer = writerOf(folder.value)
      if (writer !== undefined) return beingRecorded(id, writer)
      try {
        await desktop?.trash(folder.value)
        return success(null)
      } catch (error) {
        const cannot = `${id} cannot be moved to the trash: ${reasonOf(error)}`
        return failure('cannot-write', `${cannot}; Show in folder leads to it`)
      }
    },
  }
}

const notRecorded = 'runs are not recorded here; start Soakscope with --record and a folder'
const noDesktop = 'only the window of Soakscope can show folders and move them to the trash'

const beingRecorded = (id: string, writer: string): Result<never> =>
  failure('refused', `${id} is being recorded by ${writer}; end that one first`)

const recordedRun = (run: RunFile): RecordedRun => ({
  scenario: run.scenario,
  title: run.title,
  seed: run.seed,
  model: run.model,
  seconds: run.seconds,
  actions: run.actions,
  begun: run.begun,
  state: run.state,
  reason: run.reason,
  origin: run.origin,
  name: run.name,
  notes: run.notes,
  kept: run.kept,
  tags: run.tags,
  part: run.part,
  imported: run.imported,
})
