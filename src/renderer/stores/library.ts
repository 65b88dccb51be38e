import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RecordingInfo, RecordingLibrary, RecordingWords } from '../../shared/api'
import { sizeText } from '../../shared/size-text'
import { instantText } from '../format/clock'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'

/** What people call a recording: the name that they gave it, else what it is a recording of. */
export const titleOf = ({ id, run }: RecordingInfo): string =>
  typeof run === 'string' ? id : run.name || run.title

/** Whether every word of the term is in what is said of the recording. */
function isFound({ id, run }: RecordingInfo, term: string): boolean {
  const said =
    typeof run === 'string'
      ? id
      : `${id} ${run.name} ${run.notes} ${run.title} ${run.scenario} seed ${run.seed} ${run.tags.map((tag) => `#${tag}`).join(' ')}`
  const words = term.trim().toLowerCase().split(/\s+/)
  return words.every((word) => said.toLowerCase().includes(word))
}

/** The recordings of the host, as they were when they were read last. */
export const useLibraryStore = defineStore('library', () => {
  const live = useLiveStore()
  const messages = useMessagesStore()
  const library = shallowRef<RecordingLibrary | undefined>()
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading')
  const term = shallowRef('')
  const chosenId = shallowRef<string | undefined>()
  /** A later reading takes the place of one that is waited for. */
  let asked = 0

  const all = computed(() => library.value?.recordings ?? [])
  const found = computed(() => all.value.filter((recording) => isFound(recording, term.value)))
  const chosen = computed(
    () => found.value.find(({ id }) => id === chosenId.value) ?? found.value[0],
  )

  /** Reads the list. What was read before stays in sight meanwhile. */
  async function load(): Promise<void> {
    const own = ++asked
    if (state.value === 'failed') state.value = 'loading'
    const next = await live.recordings()
    if (own !== asked) return
    library.value = next
    state.value = next ? 'ready' : 'failed'
  }

  /** True when it is said so in its folder, too; the list is read again either way. */
  async function describe(id: string, words: Partial<RecordingWords>): Promise<boolean> {
    const done = await live.describeRecording(id, words)
    await load()
    return done
  }

  /** True when it is shown in place of the run. */
  const open = (recording: RecordingInfo): Promise<boolean> => live.openRecording(recording.id)

  /** True when the new run has taken the place of the present one. */
  async function beginAgain(recording: RecordingInfo): Promise<boolean> {
    const begun = await live.beginRecordingAgain(recording.id)
    if (begun) messages.say('done', `Began ${titleOf(recording)} again`)
    return begun
  }

  /** What begins the same run, to be changed before it does. */
  async function duplicate(recording: RecordingInfo) {
    const request = await live.recordingRequest(recording.id)
    return request && { title: titleOf(recording), request }
  }

  /** The recording that is shown, or that is written of the run: it changes only with them. */
  const shownName = computed(() => live.recorded?.id ?? live.status?.recording?.name)

  /** Makes the brushed window of what is shown a recording of its own. */
  async function trimWindow(): Promise<void> {
    const id = shownName.value
    const { brush } = live
    if (id === undefined || !brush) return
    const trimmed = await live.trimRecording(id, brush)
    if (!trimmed) return
    const { from, to } = trimmed.window
    const words = `${instantText(from)} to ${instantText(to)}`
    messages.say('done', `${words} is a recording of its own: ${trimmed.id}`)
    await load()
  }

  /** True when it is being made again up to where it stood, beside the present run. */
  function goOn(recording: RecordingInfo): Promise<boolean> {
    return live.continueRecording(recording.id)
  }

  const reveal = (id: string): Promise<boolean> => live.revealRecording(id)

  async function trash(recording: RecordingInfo): Promise<void> {
    const gone = await live.trashRecording(recording.id)
    if (gone) messages.say('done', `Moved ${titleOf(recording)} to the trash`)
    // There is nothing left to be looked at.
    if (gone && live.recorded?.id === recording.id) await live.closeRecording()
    await load()
  }

  /** What a call that changes where recordings are has answered. */
  function take(next: RecordingLibrary | undefined): void {
    if (!next) return
    asked++
    library.value = next
    state.value = 'ready'
  }
  async function chooseFolder(): Promise<void> {
    const before = library.value?.folder
    const next = await live.chooseRecordingsFolder()
    take(next)
    if (next?.folder === undefined || next.folder === before) return
    messages.say('done', `Runs are recorded into ${next.folder} from the next one on`)
  }
  async function limit(bytes: number): Promise<void> {
    const next = await live.limitRecordings(bytes)
    take(next)
    if (!next) return
    const used = next.recordings.reduce((sum, recording) => sum + recording.bytes, 0)
    const then = used > next.limitBytes ? '; the oldest go when the next run begins' : ''
    messages.say('done', `Recordings are limited to ${sizeText(next.limitBytes)}${then}`)
  }

  return {
    library,
    state,
    term,
    chosenId,
    all,
    found,
    chosen,
    load,
    describe,
    open,
    beginAgain,
    duplicate,
    shownName,
    trimWindow,
    goOn,
    reveal,
    trash,
    chooseFolder,
    limit,
  }
})
