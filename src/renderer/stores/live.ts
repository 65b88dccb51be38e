import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { Api, Away, Catalogue, Disturbance, ScenarioInfo, TimeWindow } from '../../shared/api'
import type { Frame, Mark, Replaced, Round, RunFacts, RunStatus } from '../../shared/frame'
import type { Result } from '../../shared/result'
import { workloadsIn } from '../../shared/workloads-in'
import type { CounterColumn, CounterSpec } from '../../sim/observe/counters'
import type { StructureKind } from '../../sim/observe/structures'
import { defaultsOf, saysAnything, type Parameter } from '../../sim/parameters/parameters'
import { useMessagesStore } from './messages'
import { runCalls } from './run-calls'
import { SampleHistory } from '../../shared/charts/sample-history'
import { createThrottle } from './throttle'

/** Simulated seconds that the charts show: 1 min, 10 min, 1 h, the whole run. */
export const chartWindows: readonly number[] = [60, 600, 3600, Infinity]

/** A span of simulated seconds. */
export type TimeRange = TimeWindow

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
  const history = markRaw(new SampleHistory())
  /**
   * Goes up at most 4 times a second when there are new samples, marks or rounds: what charts
   * watch.
   */
  const tick = shallowRef(0)
  /** Everything that was done or happened, in order of time; finished rounds are in `rounds`. */
  const marks = shallowRef<readonly Mark[]>([])
  const rounds = shallowRef<readonly Round[]>([])

  /** The instant under the pointer, shared by every chart and the timeline. */
  const crosshair = shallowRef<number | undefined>()
  /** The window that was brushed on the timeline. */
  const brush = shallowRef<TimeRange | undefined>()
  const chartWindow = shallowRef(600)

  const throttle = createThrottle(tickEveryMs, () => tick.value++)

  // Slices of the status that keep their identity while they mean the same, so that what depends on
  // them rests.
  const run = computed(() => status.value?.run)
  const phase = computed(() => status.value?.phase)
  const currentPace = computed(() => status.value?.pace)
  /**
   * Why it paused, ended or died, or what it is repeating, in words; empty when there is nothing to
   * say.
   */
  const reason = computed(() => status.value?.reason ?? '')
  /** What is made again beside it, if anything. */
  const aside = computed(() => status.value?.aside)
  const faults = shallowRef<Readonly<Record<string, number>>>({})
  const fixes = shallowRef<readonly string[]>([])
  const parameters = shallowRef<RunStatus['parameters']>({})
  const actions = shallowRef<RunStatus['actions']>([])
  /** What it goes on until, if anything. */
  const until = shallowRef<RunStatus['until']>()
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
  /** Parameters that can be changed while the run goes on, and that say something in it. */
  const knobs = computed<readonly Parameter[]>(() =>
    (scenario.value?.parameters ?? []).filter(
      (parameter) => parameter.live && saysAnything(parameter, parameters.value),
    ),
  )
  const columns = computed(() => new Map(counters.value.map((spec, index) => [spec.id, index])))
  /** Faults and fixes that apply to what the run has. */
  const disturbances = computed<readonly Disturbance[]>(() => {
    const present = scenario.value ? workloadsIn(scenario.value, parameters.value) : []
    return (catalogue.value?.disturbances ?? []).filter(({ workloads }) =>
      workloads.some((workload) => present.includes(workload)),
    )
  })

  /** Whether the host has answered: until then there is nothing to say about runs. */
  const loaded = shallowRef(false)

  /** The column of a counter in the history, or undefined when the scenario has no such counter. */
  const column = (id: string): CounterColumn | undefined => columns.value.get(id)

  /**
   * What the charts show now: the brushed window, or the last `chartWindow` seconds up to the
   * newest sample.
   */
  function visibleRange(): TimeRange {
    if (brush.value) return brush.value
    const to = history.rows > 0 ? history.time(history.rows - 1) : 0
    return { from: chartWindow.value === Infinity ? 0 : Math.max(0, to - chartWindow.value), to }
  }

  /** Shows the next longer (1) or shorter (-1) of the usual windows. */
  function widenWindow(by: 1 | -1): void {
    const index = chartWindows.indexOf(chartWindow.value) + by
    brush.value = undefined
    chartWindow.value = chartWindows[index] ?? chartWindow.value
  }

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
    if (pending) pending.push(frame)
    else accept(frame)
  }

  function forget(): void {
    history.reset()
    marks.value = []
    rounds.value = []
  }

  function accept(frame: Frame): void {
    if (frame.replaced) tellOf(frame.replaced, frame.status)
    else if (frame.facts && wasAway && status.value && isAnother(status.value, frame.status)) {
      messages.say('news', `${runName(frame.status)} was begun while this page had no connection`)
    }
    const { aside: arrived } = status.value ?? {}
    if (arrived && !frame.status.aside && frame.status.run !== status.value?.run) {
      const words = arrived.kind === 'continue' ? 'goes on where it stood' : 'has branched off'
      messages.say('done', `${arrived.title} ${words}`)
    }
    if (frame.facts) wasAway = false
    if (status.value && frame.status.run !== status.value.run) {
      forget()
      brush.value = undefined
      crosshair.value = undefined
    }
    if (frame.facts) facts.value = frame.facts
    takeStatus(frame.status)
    history.append(frame.samples)
    const newMarks = frame.marks.filter((mark) => mark.kind !== 'round' && !isKnown(mark))
    if (newMarks.length > 0) marks.value = [...marks.value, ...newMarks].slice(-marksKept)
    const after = rounds.value.at(-1)?.startSeconds ?? -1
    const newRounds = frame.rounds.filter((round) => round.startSeconds > after)
    if (newRounds.length > 0) rounds.value = [...rounds.value, ...newRounds].slice(-roundsKept)
    if (frame.samples.rows > 0 || newMarks.length > 0 || newRounds.length > 0) {
      if (!hidden) throttle.call()
    }
  }

  /** A run is one for every page: who took whose place is said on all of them. */
  function tellOf({ title, seed, by, others }: Replaced, now: RunStatus): void {
    const old = runName({ title, seed })
    if (by === 'another page') {
      messages.say('news', `Another page began ${runName(now)}; it took the place of ${old}`)
    } else if (others > 0) {
      const whose = others === 1 ? 'another page' : `${others} other pages`
      messages.say('news', `${runName(now)} took the place of ${old}, which ${whose} watched too`)
    }
  }

  function isKnown(mark: Mark): boolean {
    const newest = marks.value.at(-1)
    if (!newest || mark.at > newest.at) return false
    return marks.value.some(
      (known) => known.at === mark.at && known.kind === mark.kind && known.text === mark.text,
    )
  }

  function takeStatus(next: RunStatus): void {
    status.value = next
    if (!sameRecord(faults.value, next.faults)) faults.value = next.faults
    if (!sameList(fixes.value, next.fixes)) fixes.value = next.fixes
    if (!sameRecord(parameters.value, next.parameters)) parameters.value = next.parameters
    if (!sameActions(actions.value, next.actions)) actions.value = next.actions
    if (!sameActions(toCome.value, next.toCome)) toCome.value = next.toCome
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
    const next = await call(ask)
    if (next === undefined) return false
    if (status.value === undefined || next.run === status.value.run) takeStatus(next)
    return true
  }

  const asked = runCalls({ call, command, phase: () => phase.value, brush: () => brush.value })

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
    crosshair,
    brush,
    chartWindow,
    run,
    phase,
    currentPace,
    reason,
    aside,
    faults,
    fixes,
    parameters,
    actions,
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
    visibleRange,
    widenWindow,
    connect,
    disconnect,
    setHidden,
    ...asked,
  }
})

const runName = ({ title, seed }: Pick<RunStatus, 'title' | 'seed'>): string =>
  `${title} with seed ${seed}`

/**
 * Whether a page that was away finds another run; one of the same number may be that of a host
 * begun anew.
 */
const isAnother = (before: RunStatus, now: RunStatus): boolean =>
  now.run !== before.run ||
  now.scenario !== before.scenario ||
  now.seed !== before.seed ||
  now.now < before.now

function sameRecord(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

const sameActions = (a: RunStatus['toCome'], b: RunStatus['toCome']): boolean =>
  a.length === b.length &&
  a.every(({ at, action }, index) => at === b[index]?.at && action === b[index].action)

const sameUntil = (a: RunStatus['until'], b: RunStatus['until']): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index])
