import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { TraceRequest, TraceState } from '../../shared/api'
import { decodeTrace } from '../../shared/trace-file'
import { traceBytesMax, type Trace } from '../../sim/observe/trace'
import { useLiveStore } from './live'
import { useMessagesStore } from './messages'
import { pickFile } from './pick-file'
import { readPacked } from './read-packed'

/** Wall milliseconds between two looks at how far a trace has come. */
const lookMs = 250
/** What the first line of a file may take beside its records. */
const headBytes = 16 * 1024 * 1024

/** The trace on the screen: armed, taken, kept while other views are looked at. */
export const useTraceStore = defineStore('trace', () => {
  const live = useLiveStore()
  const messages = useMessagesStore()
  const trace = shallowRef<Trace | undefined>()
  /** Where it comes from, in words. */
  const source = shallowRef('')
  const state = shallowRef<TraceState | undefined>()
  const isUnderWay = computed(() => ['waits', 'records'].includes(state.value?.phase ?? 'off'))
  /** A later one takes the place of one that is waited for. */
  let asked = 0

  async function arm(request: TraceRequest): Promise<void> {
    const own = ++asked
    state.value = await live.armTrace(request)
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
    const { scenario = '', seed = 0 } = live.status ?? {}
    show(taken, `${scenario}, seed ${seed}`)
  }

  async function disarm(): Promise<void> {
    asked++
    state.value = await live.forgetTrace()
  }

  async function open(): Promise<void> {
    const file = await pickFile('.gz,application/gzip')
    if (!file) return
    const bytes = await readPacked(file, traceBytesMax + headBytes)
    if (typeof bytes === 'string') return messages.say('error', `${file.name} ${bytes}`)
    const read = decodeTrace(bytes)
    if (!read.ok) return messages.say('error', `${file.name}: ${read.error.message}`)
    const { origin } = read.value
    show(read.value.trace, `${file.name}: ${origin.scenario}, seed ${origin.seed}`)
  }

  function show(next: Trace, from: string): void {
    trace.value = markRaw(next)
    source.value = from
  }

  return { trace, source, state, isUnderWay, arm, disarm, open, show }
})
