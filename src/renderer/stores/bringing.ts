import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { scenarioTextMax } from '../../shared/api'
import { chromeTraceHead, isChromeTrace } from '../../shared/chrome-trace-kind'
import { broughtFolder, type Brought } from './brought-files'
import { sendRecording } from './import-recording'
import { useLibraryStore } from './library'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'
import { beginningOf, pickFile, pickFolder } from './pick-file'
import { useScreenStore } from './screen'

/** What `openFile` takes, in words. */
export const openedKinds =
  "A zip of a recording's folder, or what a run was saved as: CSV, Parquet, Arrow, OpenMetrics, " +
  'vmstat text, pprof, speedscope, collapsed stacks, dcpiprof text, a report, a trace'

/** What begins a run; other JSON that is known is a file of one. */
const isScenario = (called: string, text: string): boolean =>
  /\.json$/i.test(called) && !/"speedscope|speedscope\.app|"wallSeconds"|^\s*\[/.test(text)

/**
 * What somebody brings to the page: a recording, as its folder, a zip of it, or a file in another
 * format, which goes into the library and is opened; a trace, which is shown; or a scenario file,
 * which begins a run.
 */
export const useBringingStore = defineStore('bringing', () => {
  const live = useLiveStore()
  const library = useLibraryStore()
  const messages = useMessagesStore()
  /** What is on its way into the library, in bytes. */
  const importing = shallowRef<{ called: string; sent: number; bytes: number } | undefined>()
  let cancelled = false
  /** Everything has come, and is read. */
  const isRead = computed(() => {
    const { sent = 0, bytes = 1 } = importing.value ?? {}
    return sent >= bytes
  })

  async function take(brought: Brought | undefined): Promise<void> {
    if (!brought) return messages.say('error', 'bring one folder or one file at a time')
    const { called, isFolder, files } = brought
    if (isFolder || called.toLowerCase().endsWith('.zip')) return takeRecording(brought)
    const [file] = files
    if (file && (await isTrace(file))) {
      // The readers of traces come with their view.
      const { useTraceStore } = await import('./trace')
      if (await useTraceStore().openFile(file)) useScreenStore().view = 'trace'
      return
    }
    const text = file && (await beginningOf(file, scenarioTextMax + 1))
    if (text === undefined) return messages.say('error', `${called} cannot be read`)
    // The host tells what it is, and says where it is nothing that it knows.
    if (!isScenario(called, text)) return takeRecording(brought)
    if (await live.beginScenario(text)) messages.say('done', `Opened ${called}`)
  }

  async function takeRecording(brought: Brought): Promise<void> {
    const { called, files } = brought
    if (importing.value) return messages.say('error', `${importing.value.called} is on its way`)
    if (brought.isFolder && !files.some(({ name }) => name === 'run.json')) {
      return messages.say('error', `${called} is no recording: it has no run.json in it`)
    }
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    importing.value = { called, sent: 0, bytes }
    cancelled = false
    try {
      const id = await sendRecording(
        brought,
        (step) => live.importRecording(step),
        (sent) => (importing.value = { called, sent, bytes }),
        () => !cancelled,
      )
      if (id === undefined) return
      await library.load()
      library.chosenId = id
      if (!(await live.openRecording(id))) return
      messages.say('done', `${called} is in the library`)
      // Of a profile alone there is nothing else to see.
      if (live.recorded?.imported?.hasSamples === false) useScreenStore().view = 'profile'
    } catch {
      await live.importRecording({ step: 'forget' })
      messages.say('error', `${called} cannot be read; is it still there?`)
    } finally {
      importing.value = undefined
    }
  }

  /** Asks for a folder. From a key or a click only. */
  async function openFolder(): Promise<void> {
    const files = await pickFolder()
    if (files.length > 0) await take(broughtFolder(files))
  }
  async function openFile(): Promise<void> {
    const file = await pickFile('')
    if (file) await take({ called: file.name, isFolder: false, files: [file] })
  }
  function cancel(): void {
    cancelled = true
    // What is being read already stops there.
    if (isRead.value) void live.importRecording({ step: 'forget' })
  }

  return { importing, isRead, take, openFolder, openFile, cancel }
})

/** By its name, or by what its text begins with. */
async function isTrace(file: File): Promise<boolean> {
  const name = file.name.toLowerCase()
  if (name.endsWith('.trace.gz')) return true
  return name.endsWith('.json') && isChromeTrace((await beginningOf(file, chromeTraceHead)) ?? '')
}
