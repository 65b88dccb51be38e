import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { scenarioTextMax } from '../../shared/api'
import { chromeTraceHead, isChromeTrace } from '../../shared/chrome-trace-kind'
import { broughtFolder, type Brought } from './brought-files'
import { sendRecording } from './import-recording'
import { useLibraryStore } from './library'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'
import { beginningOf, pickFile, pickFolder } from './pick-file'
import { useScreenStore } from './screen'

/**
 * What somebody brings to the page: a recording, as its folder or a zip of it, which goes into the
 * library and is opened; a trace, which is shown; or a scenario file, which begins a run.
 */
export const useBringingStore = defineStore('bringing', () => {
  const live = useLiveStore()
  const library = useLibraryStore()
  const messages = useMessagesStore()
  /** What is on its way into the library, in bytes. */
  const importing = shallowRef<{ called: string; sent: number; bytes: number } | undefined>()
  let cancelled = false

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
    if (!file || !called.toLowerCase().endsWith('.json')) {
      const takes = "a recording's folder, a zip of one, a trace, or a scenario file (.json)"
      return messages.say('error', `${called} is none of what can be opened: ${takes}`)
    }
    const text = await beginningOf(file, scenarioTextMax + 1)
    if (text === undefined) return messages.say('error', `${called} cannot be read`)
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
      if (await live.openRecording(id)) messages.say('done', `${called} is in the library`)
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
  async function openZip(): Promise<void> {
    const file = await pickFile('.zip,application/zip')
    if (file) await take({ called: file.name, isFolder: false, files: [file] })
  }
  const cancel = (): void => void (cancelled = true)

  return { importing, take, openFolder, openZip, cancel }
})

/** By its name, or by what its text begins with. */
async function isTrace(file: File): Promise<boolean> {
  const name = file.name.toLowerCase()
  if (name.endsWith('.trace.gz')) return true
  return name.endsWith('.json') && isChromeTrace((await beginningOf(file, chromeTraceHead)) ?? '')
}
