/**
 * A small deterministic Server for tests of what surrounds the model: an event every millisecond, a
 * sample every second, a round every ten seconds. It models nothing, and no product code can reach
 * it.
 */
import {
  CounterRegistry,
  formatAction,
  inSeconds,
  instant,
  type AlarmState,
  type Action,
  type CallStack,
  type NextEvent,
  type Parameters,
  type ProfileSnapshot,
  type ProfileTotals,
  type ProfileWindow,
  type Server,
  type ServerOptions,
  type ServerMark,
  type ServerTracer,
  type SimTime,
  type StructureKind,
  type StructureSnapshot,
  type TimedAction,
  type WorkRound,
  type WorkSummary,
} from '../../sim/index'

const eventNs = 1_000_000
const sampleNs = 1_000_000_000
const roundSeconds = 10

const gauges = [
  ['processes.runnable', 'processes'],
  ['processes.blocked', 'processes'],
  ['processes.swapped', 'processes'],
  ['memory.swapUsed', 'kB'],
  ['memory.free', 'kB'],
  ['memory.buffers', 'kB'],
  ['memory.cached', 'kB'],
  ['work.round', '1'],
] as const
const totals = [
  ['swap.in', 'kB'],
  ['swap.out', 'kB'],
  ['blocks.read', 'blocks'],
  ['blocks.written', 'blocks'],
  ['interrupts', '1'],
  ['contextSwitches', '1'],
  ['cpu.user', 'jiffies'],
  ['cpu.system', 'jiffies'],
  ['cpu.idle', 'jiffies'],
  ['cycles.idle', 'cycles'],
  ['cycles.wait', 'cycles'],
] as const

/**
 * Parameters `throw.at`, `hog.at` and `exit.at`: simulated seconds at which it throws, uses up all
 * memory, or its thread is gone without a word.
 */
function exhaustMemory(): never {
  const kept: string[][] = []
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => `${index}${kept.length}`))
}

export const syntheticScenario = 'synthetic'

export class SyntheticServer implements Server {
  readonly scenario = syntheticScenario
  readonly title = 'Synthetic'
  readonly summary = 'for tests only'
  readonly structures = ['run-queue'] as const
  readonly counters = new CounterRegistry()
  readonly actions: TimedAction[] = []
  readonly alarms: readonly AlarmState[] = []
  readonly alarmPauses = false
  takeAlarmPause(): undefined {
    return undefined
  }
  readonly activeFixes: string[] = []
  onSample: ((at: SimTime) => void) | undefined
  /** There is nothing in it to trace. */
  readonly tracer: ServerTracer = {
    ask: () => 'nothing here can be traced',
    forget: () => undefined,
    progress: { phase: 'off', reason: 'time', records: 0, bytes: 0, maxBytes: 0 },
    trace: undefined,
  }
  events = 0
  private nowNs = 0
  private state: number
  private marks: ServerMark[] = []
  private rounds: WorkRound[] = []
  private faults: Record<string, number> = {}
  private current: Record<string, number | string>

  constructor(
    readonly seed: number,
    parameters: Parameters = {},
  ) {
    this.state = seed || 1
    this.current = { 'load.size': 4, ...parameters }
    for (const [id, unit] of gauges) {
      this.counters.declare({ id, unit, kind: 'gauge', help: `${id} of nothing` })
    }
    for (const [id, unit] of totals) {
      this.counters.declare({ id, unit, kind: 'monotonic', help: `${id} of nothing` })
    }
  }

  get now(): SimTime {
    return instant(this.nowNs)
  }
  get parameters(): Parameters {
    return this.current
  }
  get activeFaults(): Readonly<Record<string, number>> {
    return this.faults
  }

  digest(): string {
    return (this.state >>> 0).toString(16).padStart(16, '0')
  }

  nextEvent(): NextEvent {
    const kind = this.events % 4 === 0 ? 'tick' : 'segment end'
    return { kind, procedure: kind === 'tick' ? undefined : 'main' }
  }

  advance(until: SimTime, maxEvents = Number.POSITIVE_INFINITY): boolean {
    for (let left = maxEvents; this.nextNs() <= until; left--) {
      if (left <= 0) return false
      this.event()
    }
    this.nowNs = Math.max(this.nowNs, until)
    return true
  }

  step(kind: 'event' | 'tick' | 'sample'): void {
    if (kind === 'event') this.event()
    else {
      const length = kind === 'tick' ? 10_000_000 : sampleNs
      this.advance(instant((Math.floor(this.nowNs / length) + 1) * length))
    }
  }

  refreshCounters(): void {
    const { values } = this.counters
    const put = (id: string, value: number): void => {
      values[this.counters.column(id) ?? -1] = value
    }
    const seconds = this.nowNs / 1e9
    put('processes.runnable', (this.state >>> 3) % 9)
    put('processes.blocked', Math.floor((this.faults['leak'] ?? 0) * 100))
    put('memory.free', 100_000 - Math.floor(seconds))
    put('memory.buffers', 5000 + Math.floor(seconds))
    put('work.round', this.rounds.length + 1)
    put('blocks.read', this.events * 2)
    put('interrupts', this.events)
    put('contextSwitches', this.events * 3)
    put('cpu.user', Math.floor(seconds * 300))
    put('cpu.system', Math.floor(seconds * 60))
    put('cpu.idle', Math.floor(seconds * 40))
    put('cycles.idle', seconds * 1e6)
    put('cycles.wait', seconds * 1e6)
  }

  act(action: Action): string | undefined {
    if (action.kind === 'fault' && action.id !== 'leak') return `there is no fault ${action.id}`
    if (action.kind === 'fault') {
      if (action.intensity > 0) this.faults[action.id] = action.intensity
      else delete this.faults[action.id]
    }
    if (action.kind === 'set') this.current[action.path] = action.value
    const at = inSeconds(this.now)
    const text = formatAction(action)
    this.actions.push({ at, action: text })
    this.marks.push({ at, kind: action.kind, text })
    this.state = (Math.imul(this.state, 31) + text.length) | 0
    return undefined
  }

  takeMarks(): ServerMark[] {
    const { marks } = this
    this.marks = []
    return marks
  }

  workBeside(): Record<string, WorkSummary> {
    return {}
  }

  work(): WorkSummary {
    const latencyMs = { p50: 1, p90: 2, p99: 3, max: 4, mean: 1.5 }
    return {
      unit: 'scripts',
      offered: this.rounds.length,
      completed: this.rounds.length,
      failed: 0,
      perSecond: 1 / roundSeconds,
      latencyMs,
      roundsDone: this.rounds.length,
      rounds: this.rounds,
    }
  }

  /** Stacks: main, main that calls schedule, idle. */
  profileTotals(): ProfileTotals {
    const cycles = this.events * 1000
    return {
      nodes: 4,
      cycles: [Float64Array.of(0, cycles, cycles / 2, 0), Float64Array.of(0, 0, cycles, cycles)],
      samples: [Float64Array.of(0, 3, 2, 0), Float64Array.of(0, 0, 1, 0)],
      whileSampling: new Float64Array(4),
    }
  }

  profileStacks(first: number): readonly CallStack[] {
    return [
      { parent: 0, image: '', procedure: '' },
      { parent: 0, image: '/bin/sh', procedure: 'main' },
      { parent: 1, image: 'vmlinux', procedure: 'schedule' },
      { parent: 0, image: 'idle', procedure: 'idle' },
    ].slice(first)
  }

  profile(window?: ProfileWindow): ProfileSnapshot {
    const { fromSeconds, toSeconds, totals } = window ?? {
      fromSeconds: 0,
      toSeconds: inSeconds(this.now),
      totals: this.profileTotals(),
    }
    const of = (columns: readonly Float64Array[], node: number): number[] =>
      columns.map((column) => column[node] ?? 0)
    return {
      clockMHz: 450,
      cpus: 2,
      fromSeconds,
      toSeconds,
      meanPeriod: 63_488,
      frames: [
        { procedure: 'main', image: '/bin/sh' },
        { procedure: 'schedule', image: 'vmlinux' },
        { procedure: 'idle', image: 'idle' },
      ],
      stacks: [[0], [0, 1], [2]].map((frames, node) => ({
        frames,
        cycles: of(totals.cycles, node + 1),
        samples: of(totals.samples, node + 1),
      })),
    }
  }

  snapshot(kind: StructureKind): StructureSnapshot {
    if (kind !== 'run-queue') throw new Error(`the synthetic server has no ${kind}`)
    return { kind, entries: [], scanMicroseconds: 0, cpus: 2, priorities: undefined }
  }

  resetStatistics(): void {
    this.rounds = []
  }

  private nextNs(): number {
    return (Math.floor(this.nowNs / eventNs) + 1) * eventNs
  }

  private event(): void {
    const ns = this.nextNs()
    this.nowNs = ns
    this.events++
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) | 0
    if (ns === Number(this.current['throw.at']) * 1e9) throw new Error('the model broke')
    if (ns === Number(this.current['exit.at']) * 1e9) process.exit(7)
    if (ns === Number(this.current['hog.at']) * 1e9) exhaustMemory()
    if (ns % (roundSeconds * 1e9) === 0) this.finishRound(ns / 1e9)
    if (ns % sampleNs === 0) {
      this.refreshCounters()
      this.onSample?.(this.now)
    }
  }

  private finishRound(seconds: number): void {
    const number = this.rounds.length + 1
    const round = {
      number,
      startSeconds: seconds - roundSeconds,
      seconds: roundSeconds,
      perHour: 360,
    }
    this.rounds.push(round)
    this.marks.push({ at: seconds, kind: 'round', text: `round ${number}` })
  }
}

/** As the real createServer: makes a server, or says why not. */
export function createSynthetic({ scenario, seed, parameters }: ServerOptions): Server | string {
  if (scenario !== syntheticScenario) return `there is no scenario ${scenario}`
  if (parameters['refuse'] !== undefined) return 'these parameters do not go together'
  return new SyntheticServer(seed, parameters)
}
