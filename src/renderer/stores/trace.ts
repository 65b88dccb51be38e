import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { KeptTrace, TraceRequest, TraceState } from '../../shared/api'
import {
  chromeTraceHead,
  foreignChromeTrace,
  isChromeTrace,
  isOurChromeTrace,
} from '../../shared/chrome-trace-kind'
import { decodeTrace, traceFileMax, type TraceFile } from '../../shared/trace-file'
import type { Trace } from '../../sim/observe/trace'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'
import { beginningOf, pickFile } from './pick-file'
import { readChromeTrace } from './read-chrome-trace'
import { readPacked } from './read-packed'

/** Wall milliseconds between two looks at how far a trace has come. */
const lookMs = 250

/** The trace on the screen: armed, taken, kept while other views are looked at. */
export const useTraceStore = defineStore('trace', () => {
  const live = useLiveStore()
  const messages = useMessagesStore()
  const trace = shallowRef<Trace | undefined>()
  /** Where it comes from, in words. */
  const source = shallowRef('')
  const state = shallowRef<TraceState | undefined>()
  /** The recording that traces are kept with: the one that is looked at, or the run's own. */
  const recording = computed(() => live.recorded?.id ?? live.status?.recording?.name)
  const kept = shallowRef<readonly KeptTrace[]>([])
  const isUnderWay = computed(() => ['waits', 'records'].includes(state.value?.phase ?? 'off'))
  /** A later one takes the place of one that is waited for. */
  let asked = 0

  async function arm(request: TraceRequest): Promise<void> {
    const own = ++asked
    const of = live.recorded?.id
    state.value = await live.armTrace(of === undefined ? request : { ...request, of })
    while (own === asked && isUnderWay.value) {
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      if (own !== asked) return
      const next = await live.traceState()
      if (own !== asked) return
      state.value = next
      const { again } = next ?? {}
      if (next?.phase === 'waits' && again && again.now >= again.until) {
        state.value = await live.forgetTrace()
        const what = request.reason === 'connection' ? 'no connection came' : 'it has not begun'
        messages.say(
          'error',
          `no trace: ${what} in the ${request.milliseconds} ms after that instant`,
        )
        return
      }
    }
    if (own !== asked || state.value?.phase !== 'done') return
    const taken = await live.takeTrace()
    if (own !== asked || !taken) return
    show(taken)
    if (taken.problem !== undefined) messages.say('error', taken.problem)
    const { kept: name } = taken
    const id = recording.value
    live.shownTrace = name === undefined || id === undefined ? undefined : { recording: id, name }
    await lookForKept()
  }

  /** What there is of traces in the recording. */
  async function lookForKept(): Promise<void> {
    const id = recording.value
    const found = id === undefined ? [] : await live.keptTraces(id)
    if (id === recording.value) kept.value = found ?? []
  }

  async function openKept(name: string): Promise<void> {
    const id = recording.value
    if (id === undefined) return
    const own = ++asked
    const opened = await live.openTrace(id, name)
    if (!opened || own !== asked) return
    show(opened)
    live.shownTrace = { recording: id, name }
  }

  async function disarm(): Promise<void> {
    asked++
    state.value = await live.forgetTrace()
  }

  async function open(): Promise<void> {
    const file = await pickFile('.gz,.json,application/gzip,application/json')
    if (file) await openFile(file)
  }

  /** Shows the trace in a file, packed as we keep it or as a Chrome trace that we wrote. */
  async function openFile(file: File): Promise<boolean> {
    const read = file.name.toLowerCase().endsWith('.json')
      ? await chromeTrace(file)
      : await packedTrace(file)
    if (typeof read === 'string') {
      messages.say('error', `${file.name} ${read}`)
      return false
    }
    // One that was waited for would take its place.
    asked++
    show(read, file.name)
    live.shownTrace = { file: file.name }
    return true
  }

  /** @param from the file that it was read from */
  function show({ trace: next, origin }: TraceFile, from?: string): void {
    trace.value = markRaw(next)
    const whose = `${origin.scenario}, seed ${origin.seed}`
    source.value = from === undefined ? whose : `${from}: ${whose}`
  }

  return {
    trace,
    source,
    state,
    isUnderWay,
    recording,
    kept,
    arm,
    disarm,
    open,
    openFile,
    lookForKept,
    openKept,
  }
})

/** The trace, or why not, in words that follow the file's name. */
async function packedTrace(file: File): Promise<TraceFile | string> {
  const bytes = await readPacked(file, traceFileMax)
  if (typeof bytes === 'string') return bytes
  const read = decodeTrace(bytes)
  return read.ok ? read.value : `is refused: ${read.error.message}`
}

async function chromeTrace(file: File): Promise<TraceFile | string> {
  const beginning = (await beginningOf(file, chromeTraceHead)) ?? ''
  if (!isOurChromeTrace(beginning)) {
    return isChromeTrace(beginning) ? `is ${foreignChromeTrace}` : 'is no trace'
  }
  const read = await readChromeTrace(file)
  return read.ok ? read.value : `is refused: ${read.error.message}`
}
