import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type {
  Api,
  Away,
  Catalogue,
  Disturbance,
  OpenedAbout,
  RangeRequest,
  ScenarioInfo,
  TimeWindow,
} from '../../shared/api'
import type { Frame, Mark, Round, RunFacts, RunStatus } from '../../shared/frame'
import type { Result } from '../../shared/result'
import { usable } from '../../sim/actions/disturbance'
import { workloadsIn } from '../../shared/workloads-in'
import type { CounterColumn, CounterSpec } from '../../sim/observe/counters'
import type { StructureKind } from '../../sim/observe/structures'
import { defaultsOf, saysAnything, type Parameter } from '../../sim/parameters/parameters'
import { alarmNews } from './alarm-news'
import { useMessagesStore } from './messages'
import { runCalls } from './run-calls'
import { SampleHistory } from '../../shared/charts/sample-history'
import { ShownRows } from './shown-rows'
import {
  asideWords,
  isAnother,
  isKnown,
  replacedWords,
  runName,
  sameActions,
  sameList,
  sameRecord,
  sameUntil,
} from './status-slices'
import { createThrottle } from './throttle'
import { timeView } from './time-view'

export { chartWindows } from './time-view'

/** A span of simulated seconds. */
export type TimeRange = TimeWindow

/** Rows of the whole run that the page keeps; what is finer it asks for. */
const historyRows = 7200
/** Charts are told of new samples at most every 250 ms. */
const tickEveryMs = 250
/**
 * Bounds of what is kept beside the samples: a soak of months has more rounds than a screen can
 * show.
 */
const marksKept = 2000
const roundsKept = 20_000

/**
 * The run on the screen: what the host says of it, its samples, and everything that can be done to
 * it. Nothing in here is deeply reactive; a frame replaces references and appends to typed arrays.
 */
export const useLiveStore = defineStore('live', () => {
  const messages = useMessagesStore()
  let api: Api | undefined
  let unsubscribe: (() => void)[] = []

  /** Which shell this is; undefined until it is connected. */
  const shell = shallowRef<Api['shell'] | undefined>()
  /** Whether the host can be reached. A web page may lose it and get it back. */
  const connected = shallowRef(true)
  /** Why it cannot, once that is known. */
  const away = shallowRef<Away | undefined>()
  /** Nobody can see the page: charts and tables rest. */
  let hidden = false
  const catalogue = shallowRef<Catalogue | undefined>()
  /** Changes with every frame, at most 20 times a second: read it in small components only. */
  const status = shallowRef<RunStatus | undefined>()
  const history = markRaw(new SampleHistory({ capacity: historyRows }))
  /** The rows that are drawn: those of the history, or a part of the run that was asked for. */
  const shown = new ShownRows({ own: history, ask: askRange, onNews: () => tick.value++ })
  /**
   * Goes up at most 4 times a second when there are new samples, marks or rounds: what charts
   * watch.
   */
  const tick = shallowRef(0)
  /** Everything that was done or happened, in order of time; finished rounds are in `rounds`. */
  const marks = shallowRef<readonly Mark[]>([])
  const rounds = shallowRef<readonly Round[]>([])

  /** The recording that is looked at in place of the run, which goes on meanwhile. */
  const recorded = shallowRef<(OpenedAbout & { readonly id: string }) | undefined>()
  /** How the run stands that goes on behind it. */
  const behind = shallowRef<RunStatus | undefined>()

  const throttle = createThrottle(tickEveryMs, () => tick.value++)

  // Slices of the status that keep their identity while they mean the same, so that what depends on
  // them rests.
  const run = computed(() => status.value?.run)
  const phase = computed(() => status.value?.phase)
  const currentPace = computed(() => status.value?.pace)
  /** Slow motion is waited for, or goes on. */
  const isSlowed = computed(() => status.value?.slow !== undefined)
  /** Why it paused, ended or died, or what it is repeating, in words; else empty. */
  const reason = computed(() => status.value?.reason ?? '')
  /** What is made again beside it, if anything. */
  const aside = computed(() => (behind.value ?? status.value)?.aside)
  const faults = shallowRef<Readonly<Record<string, number>>>({})
  const fixes = shallowRef<readonly string[]>([])
  const parameters = shallowRef<RunStatus['parameters']>({})
  const actions = shallowRef<RunStatus['actions']>([])
  /** What it goes on until, if anything. */
  const until = shallowRef<RunStatus['until']>()
  const alarms = shallowRef<RunStatus['alarms']>([])
  /** What the timeline of the run will still do. */
  const toCome = shallowRef<RunStatus['toCome']>([])

  const scenario = computed<ScenarioInfo | undefined>(() => {
    const id = status.value?.scenario
    return catalogue.value?.scenarios.find((s) => s.id === id)
  })
  const facts = shallowRef<RunFacts | undefined>()
  const counters = computed<readonly CounterSpec[]>(() => facts.value?.counters ?? [])
  /** The machine and what runs on it, in one line. */
  const summary = computed(() => facts.value?.summary ?? '')
  const structures = computed<readonly StructureKind[]>(() => facts.value?.structures ?? [])
  /** What the run's parameters are when nobody says otherwise. */
  const defaults = computed(() => defaultsOf(scenario.value?.parameters ?? [], parameters.value))
  /** What each stands at. */
  const values = computed(() => ({ ...defaults.value, ...parameters.value }))
  /** Parameters that can be changed while the run goes on, and that say something in it. */
  const knobs = computed<readonly Parameter[]>(() =>
    (scenario.value?.parameters ?? []).filter(
      (parameter) => parameter.live && saysAnything(parameter, values.value),
    ),
  )
  const columns = computed(() => new Map(counters.value.map((spec, index) => [spec.id, index])))
  /** Faults and fixes that apply to what the run has. */
  const disturbances = computed<readonly Disturbance[]>(() => {
    const present = scenario.value ? workloadsIn(scenario.value, parameters.value) : []
    return usable(catalogue.value?.disturbances ?? [], present, values.value)
  })

  /** Whether the host has answered: until then there is nothing to say about runs. */
  const loaded = shallowRef(false)

  /** The column of a counter in the history, or undefined when the scenario has no such counter. */
  const column = (id: string): CounterColumn | undefined => columns.value.get(id)

  /** Simulated seconds of the newest sample. */
  const newest = (): number => (history.rows > 0 ? history.time(history.rows - 1) : 0)

  const sight = timeView(newest)
  const { brush, at, chartWindow } = sight.shared

  /** Subscribes to a host and fetches what it has. Called once by main.ts, and by tests. */
  async function connect(host: Api): Promise<void> {
    disconnect()
    api = host
    shell.value = host.shell
    unsubscribe = [
      host.onFrame(receive),
      host.onConnection((now, why) => {
        const cameBack = now && !connected.value
        connected.value = now
        away.value = why
        if (!now) wasAway = true
        if (cameBack) void fetchAll(host)
      }),
    ]
    if (hidden) host.setHidden(true)
    await fetchAll(host)
  }

  /**
   * Tells the host whether anybody can see the page; what was not drawn meanwhile is drawn when
   * somebody can.
   */
  function setHidden(now: boolean): void {
    if (now === hidden) return
    hidden = now
    api?.setHidden(now)
    if (!now) throttle.call()
  }

  function disconnect(): void {
    for (const end of unsubscribe) end()
    unsubscribe = []
    throttle.cancel()
    api = undefined
  }

  /** The line was lost, and nothing has been heard of a run since. */
  let wasAway = false
  let fetching: Promise<void> | undefined
  /** Once at a time: the line may come back while the first fetch still waits for it. */
  function fetchAll(host: Api): Promise<void> {
    fetching ??= fetchWhole(host).finally(() => (fetching = undefined))
    return fetching
  }
  async function fetchWhole(host: Api): Promise<void> {
    const found = take(await host.catalogue())
    if (found) catalogue.value = found
    await fetchHistory(host)
    loaded.value = connected.value
  }

  /** Frames that arrive while the history is on its way wait for it, so that rows stay in order. */
  let pending: Frame[] | undefined
  async function fetchHistory(host: Api): Promise<void> {
    if (recorded.value) return
    pending = []
    const answer = await host.history()
    const waiting = pending
    pending = undefined
    if (answer.ok) {
      forget()
      accept(answer.value)
    } else if (answer.error.code !== 'no-run') {
      take(answer)
    }
    for (const frame of waiting) accept(frame)
  }

  function receive(frame: Frame): void {
    const before = behind.value
    behind.value = recorded.value ? frame.status : undefined
    if (recorded.value) {
      // What was asked for here is there, and is what is to be seen.
      if (before?.aside && frame.status.run !== before.run) void closeRecording()
      return
    }
    if (pending) pending.push(frame)
    else accept(frame)
  }

  function askRange(request: RangeRequest) {
    const { id } = recorded.value ?? {}
    return call((host) => (id ? host.recordingRange(id, request) : host.range(request)))
  }

  let openings = 0
  /** Shows a recording in place of the run. True when it is shown. */
  async function openRecording(id: string): Promise<boolean> {
    const opened = await call((host) => host.openRecording(id))
    if (!opened) return false
    behind.value ??= status.value
    recorded.value = { ...opened.about, id }
    const { frame } = opened
    accept({ ...frame, status: { ...frame.status, run: -++openings } })
    at.value = newest()
    chartWindow.value = Infinity
    brush.value = opened.about.part
    return true
  }

  /** Back to the run. */
  async function closeRecording(): Promise<void> {
    recorded.value = behind.value = undefined
    if (api) await fetchHistory(api)
  }

  function forget(): void {
    history.reset()
    shown.forget()
    marks.value = []
    rounds.value = []
  }

  function accept(frame: Frame): void {
    if (frame.replaced) {
      const words = replacedWords(frame.replaced, frame.status)
      if (words) messages.say('news', words)
    }
    if (
      !frame.replaced &&
      frame.facts &&
      wasAway &&
      status.value &&
      isAnother(status.value, frame.status)
    ) {
      messages.say('news', `${runName(frame.status)} was begun while this page had no connection`)
    }
    const ofAside = status.value && asideWords(status.value, frame.status, frame.replaced)
    if (ofAside) messages.say(frame.replaced?.calledOff === undefined ? 'done' : 'news', ofAside)
    if (frame.facts) wasAway = false
    if (status.value && frame.status.run !== status.value.run) {
      forget()
      sight.forget()
    }
    if (frame.facts) facts.value = frame.facts
    takeStatus(frame.status)
    const before = newest()
    history.append(frame.samples)
    shown.append(frame.samples, before)
    const newMarks = frame.marks.filter(
      (mark) => mark.kind !== 'round' && !isKnown(marks.value, mark),
    )
    if (!frame.facts) for (const news of alarmNews(newMarks)) messages.say('news', news)
    if (newMarks.length > 0) marks.value = [...marks.value, ...newMarks].slice(-marksKept)
    const after = rounds.value.at(-1)?.startSeconds ?? -1
    const newRounds = frame.rounds.filter((round) => round.startSeconds > after)
    if (newRounds.length > 0) rounds.value = [...rounds.value, ...newRounds].slice(-roundsKept)
    if (frame.samples.rows > 0 || newMarks.length > 0 || newRounds.length > 0) {
      if (!hidden) throttle.call()
    }
  }

  function takeStatus(next: RunStatus): void {
    status.value = next
    if (!sameRecord(faults.value, next.faults)) faults.value = next.faults
    if (!sameList(fixes.value, next.fixes)) fixes.value = next.fixes
    if (!sameRecord(parameters.value, next.parameters)) parameters.value = next.parameters
    if (!sameActions(actions.value, next.actions)) actions.value = next.actions
    if (!sameActions(toCome.value, next.toCome)) toCome.value = next.toCome
    if (JSON.stringify(alarms.value) !== JSON.stringify(next.alarms)) alarms.value = next.alarms
    if (!sameUntil(until.value, next.until)) until.value = next.until
  }

  /**
   * The value of an answer; a failure becomes a message, a lost connection a state of the screen.
   */
  function take<T>(answer: Result<T>): T | undefined {
    if (answer.ok) return answer.value
    if (answer.error.code === 'connection-lost') connected.value = false
    else messages.say('error', answer.error.message)
    return undefined
  }

  async function call<T>(ask: (host: Api) => Promise<Result<T>>): Promise<T | undefined> {
    if (!api) return undefined
    try {
      return take(await ask(api))
    } catch (reason) {
      messages.say('error', `the run did not answer: ${String(reason)}`)
      return undefined
    }
  }

  async function command(ask: (host: Api) => Promise<Result<RunStatus>>): Promise<boolean> {
    const before = behind.value?.run // its first frame may come before the answer
    const next = await call(ask)
    if (next === undefined) return false
    // Another run was begun: it is what is to be seen.
    if (recorded.value && next.run !== before) await closeRecording()
    if (status.value === undefined || next.run === status.value.run) takeStatus(next)
    return true
  }

  const asked = runCalls({
    call,
    command,
    phase: () => phase.value,
    brush: () => brush.value,
    recorded: () => recorded.value,
  })

  return {
    shell,
    connected,
    away,
    loaded,
    catalogue,
    status,
    history,
    tick,
    marks,
    rounds,
    shown: shown.history,
    recorded,
    behind,
    run,
    phase,
    currentPace,
    isSlowed,
    reason,
    aside,
    faults,
    fixes,
    parameters,
    actions,
    alarms,
    toCome,
    until,
    scenario,
    counters,
    summary,
    structures,
    defaults,
    knobs,
    disturbances,
    column,
    newest,
    look: (range: TimeRange) => shown.look(range),
    openRecording,
    closeRecording,
    ...sight.shared,
    connect,
    disconnect,
    setHidden,
    ...asked,
  }
})
