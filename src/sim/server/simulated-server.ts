/** A server that runs: engine, kernel and load put together from a scenario, with its observers and actions. */
import type { Action, TimedAction } from '../actions/action'
import { formatAction } from '../actions/action'
import { disturbances } from '../actions/catalogue'
import { slowestSeekFactor } from '../actions/slow-disk'
import { Engine } from '../engine/engine'
import { LivelockWatch, mostAtOnce } from '../engine/livelock'
import type { Kernel } from '../kernel/kernel'
import { kernelSnapshot } from '../kernel/kernel-snapshot'
import { linux22 } from '../kernel/linux-2.2'
import { tickInterval } from '../kernel/sched/timer'
import type { MachinePreset } from '../machine/presets'
import { cheetah18GB } from '../machine/cheetah'
import { machinePreset } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { CounterSpec } from '../observe/counters'
import { CounterRegistry } from '../observe/counters'
import { KernelCounters } from '../kernel/kernel-counters'
import type { ProfileSnapshot, ProfileTotals, ProfileWindow } from '../observe/profile'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import type { WorkSummary } from '../observe/work-log'
import { WorkLog } from '../observe/work-log'
import type { WorkObserver } from '../observe/work-observer'
import { scenarios } from '../scenarios'
import { applyDescriptors } from '../scenarios/descriptor-parameters'
import type { Parameters } from '../parameters/parameters'
import type { Scenario } from '../scenarios/scenario'
import { presentIn, refuseTogether } from '../scenarios/scenario'
import type { Workload, WorkloadRun } from '../workloads/workload'
import { Settings } from '../parameters/settings'
import type { NextEvent, Server, ServerMark, ServerOptions } from './server'
import type { SimTime } from '../units/time'
import { after, inSeconds, seconds } from '../units/time'

const megabyte = 1024 * 1024
/** Marks that wait to be taken; of more, the oldest are forgotten. */
const marksKept = 1 << 10

export class SimulatedServer implements Server {
  readonly seed: number
  readonly counters = new CounterRegistry()
  onSample: ((at: SimTime) => void) | undefined
  private readonly engine: Engine
  private readonly livelock: LivelockWatch
  private readonly tree: CallTree
  private readonly machine: MachinePreset
  private readonly kernelCounters: KernelCounters
  private kernel: Kernel
  private log = new WorkLog()
  private marks: ServerMark[] = []
  private readonly done: TimedAction[] = []
  private nextSample: SimTime
  private readonly workColumns
  private readonly runs: readonly WorkloadRun[]
  /** Counters of the workloads: where each is, and how it is read. */
  private readonly workloadCounters: {
    readonly column: number
    readonly read: () => number
    /** Of a total that begins anew with each boot: what earlier boots came to. */
    readonly kept: { total: number } | undefined
  }[] = []
  private round = 0
  private totalCompleted = 0
  private totalFailed = 0
  private roundSeconds = 0
  private perHour = 0
  private statisticsFrom = 0
  private lastScans = { scans: 0, cycles: 0 }
  private scanMicroseconds = 0
  private readonly faults = new Map<string, number>()
  private readonly fixes = new Set<string>()

  constructor(
    options: ServerOptions,
    private readonly settings: Settings,
    private readonly plan: Scenario,
  ) {
    this.seed = options.seed
    this.engine = new Engine(options.seed)
    this.livelock = new LivelockWatch(this.engine)
    this.machine = {
      // Where no source names the disk, it is the PowerEdge's (assumed).
      disk: cheetah18GB,
      ...machinePreset(settings.text('machine')),
      cpus: settings.number('machine.cpus'),
      clockMHz: settings.number('machine.clockMHz'),
      cacheKB: settings.number('machine.cacheKB'),
      memoryMB: settings.number('machine.memoryMB'),
    }
    this.tree = new CallTree(this.machine.cpus, (cpu) =>
      this.engine.stream(`profiler of CPU ${cpu}`),
    )
    this.kernelCounters = new KernelCounters(this.counters, this.tree)
    const { unit, hasRounds } = plan.main
    const work = (id: string, of: string, kind: 'gauge' | 'monotonic', help: string): number =>
      this.counters.declare({ id: `work.${id}`, unit: of, kind, help })
    this.workColumns = {
      completed: work('completed', unit, 'monotonic', `${capital(unit)} that ended well.`),
      failed: work('failed', unit, 'monotonic', `${capital(unit)} that failed.`),
      round: hasRounds
        ? {
            number: work('round', '1', 'gauge', 'Number of the round that is running.'),
            seconds: work('roundSeconds', 's', 'gauge', 'How long the last finished round took.'),
            perHour: work(
              'perHour',
              `${unit}/h`,
              'gauge',
              'Throughput of the last finished round.',
            ),
          }
        : undefined,
    }
    this.runs = presentIn(plan, settings).map((workload) => this.start(workload))
    this.sampleEvery = options.sampleEvery ?? seconds(1)
    this.kernel = this.boot()
    this.kernelCounters.declareProcedures()
    this.nextSample = after(this.engine.now, this.sampleEvery)
    this.refreshCounters()
  }

  private readonly sampleEvery

  private start(workload: Workload): WorkloadRun {
    const isMain = workload === this.plan.main
    const run = workload.start({
      engine: this.engine,
      settings: this.settings,
      switchOf: (path) => this.switchOf(path),
      intensityOf: (fault) => this.faults.get(fault) ?? 0,
      work: isMain ? this.mainWork() : this.workBeside(workload),
    })
    for (const { id, unit, kind, help, read } of workload.counters) {
      const kept = kind === 'monotonic' ? { total: 0 } : undefined
      this.declareRead({ id, unit, kind, help }, () => read(run), kept)
    }
    return run
  }

  private declareRead(spec: CounterSpec, read: () => number, kept?: { total: number }): void {
    this.workloadCounters.push({ column: this.counters.declare(spec), read, kept })
  }

  private mainWork(): WorkObserver {
    return {
      offered: (count) => void (this.log.offered += count),
      ended: (took, failed) => {
        this.log.ended(took, failed)
        if (failed) this.totalFailed++
        else this.totalCompleted++
      },
      roundBegan: () => void this.round++,
      roundEnded: (start, took, count) => this.onRound(start, took, count),
    }
  }

  /** Of a workload beside the main one, only what got done is counted. */
  private workBeside({ id, unit }: Workload): WorkObserver {
    const done = { completed: 0, failed: 0 }
    for (const of of ['completed', 'failed'] as const) {
      const help = `${capital(unit)} of ${id}, which runs beside the main workload: ${of}.`
      this.declareRead({ id: `${id}.${of}`, unit, kind: 'monotonic', help }, () => done[of])
    }
    return {
      offered: () => undefined,
      ended: (_, failed) => void done[failed ? 'failed' : 'completed']++,
      roundBegan: () => undefined,
      roundEnded: () => undefined,
    }
  }

  private boot(): Kernel {
    const kernel = linux22(this.engine, this.tree, {
      machine: this.machine,
      swapBytes: this.settings.number('machine.swapMB') * megabyte,
    })
    this.kernel = kernel
    this.applySettings()
    for (const run of this.runs) run.boot(kernel)
    return kernel
  }

  /** Where nobody takes marks, as on the command line, they must not pile up. */
  private mark(mark: ServerMark): void {
    if (this.marks.length === marksKept) this.marks.shift()
    this.marks.push(mark)
  }

  private onRound(start: number, took: number, count: number): void {
    this.log.round(this.round, start, took, count)
    this.roundSeconds = took
    this.perHour = (count / took) * 3600
    this.mark({
      at: start + took,
      kind: 'round',
      text: `round ${this.round}: ${Math.round(this.perHour)} ${this.plan.main.unit}/h`,
    })
  }

  get scenario(): string {
    return this.plan.id
  }
  get title(): string {
    return this.plan.title
  }
  get summary(): string {
    const { name, cpus, clockMHz, memoryMB } = this.machine
    const amounts = presentIn(this.plan, this.settings).map(({ amount }) => amount(this.settings))
    return [name, `${cpus} × ${clockMHz} MHz`, `${memoryMB} MB`, this.kernel.name, ...amounts].join(
      ' · ',
    )
  }
  get structures(): readonly StructureKind[] {
    const kinds = presentIn(this.plan, this.settings).flatMap(({ structures }) => structures)
    return [...new Set(kinds)]
  }
  get parameters(): Parameters {
    return this.settings.all()
  }
  get now(): SimTime {
    return this.engine.now
  }
  get events(): number {
    return this.engine.executed
  }
  nextEvent(): NextEvent | undefined {
    const next = this.engine.nextEvent()
    if (next === undefined) return undefined
    const { handler, argument } = next
    const procedure = this.kernel.dispatcher.procedureEnding(handler, argument)
    return { kind: this.engine.handlerName(handler), procedure }
  }
  digest(): string {
    return this.engine.digest()
  }

  // Sampling is no event: how often somebody looks is not part of the run.
  advance(until: SimTime, maxEvents = Infinity): boolean {
    const { engine } = this
    const last = engine.executed + maxEvents
    for (;;) {
      const stop = this.nextSample < until ? this.nextSample : until
      while (!engine.advance(stop, Math.min(mostAtOnce, last - engine.executed))) {
        this.livelock.look()
        if (engine.executed >= last) return false
      }
      if (stop === this.nextSample) this.onSampleTime()
      if (stop === until) return true
    }
  }

  step(kind: 'event' | 'tick' | 'sample'): void {
    if (kind === 'event') {
      const time = this.engine.nextEventTime()
      if (time !== undefined) this.advance(time, 1)
    } else {
      const interval = kind === 'tick' ? tickInterval : this.sampleEvery
      this.advance(((Math.floor(this.engine.now / interval) + 1) * interval) as SimTime)
    }
  }

  private onSampleTime(): void {
    this.nextSample = after(this.nextSample, this.sampleEvery)
    this.refreshCounters()
    const { scans, scanCycles } = this.kernel.dispatcher.scheduler
    const counted = scans - this.lastScans.scans
    if (counted > 0) {
      this.scanMicroseconds = (scanCycles - this.lastScans.cycles) / counted / this.machine.clockMHz
    }
    this.lastScans = { scans, cycles: scanCycles }
    this.onSample?.(this.engine.now)
  }

  refreshCounters(): void {
    this.kernelCounters.refresh(this.kernel)
    const { values } = this.counters
    values[this.workColumns.completed] = this.totalCompleted
    values[this.workColumns.failed] = this.totalFailed
    const { round } = this.workColumns
    if (round) {
      values[round.number] = this.round
      values[round.seconds] = this.roundSeconds
      values[round.perHour] = this.perHour
    }
    for (const { column, read, kept } of this.workloadCounters) {
      values[column] = read() + (kept?.total ?? 0)
    }
  }

  // Actions.

  act(action: Action): string | undefined {
    const refused = this.refuse(action)
    if (refused !== undefined) return refused
    this.perform(action)
    return undefined
  }

  private refuse(action: Action): string | undefined {
    switch (action.kind) {
      case 'reboot':
        return undefined
      case 'set': {
        const spec = this.settings.spec(action.path)
        if (spec && !spec.live) {
          return `${action.path} cannot be changed while the machine runs; start a new run with it`
        }
        const trial = Settings.create(this.plan.parameters, { [action.path]: action.value })
        return typeof trial === 'string' ? trial : undefined
      }
      default: {
        const present = presentIn(this.plan, this.settings).map(({ id }) => id)
        const known = disturbances.filter(
          ({ kind, workloads }) =>
            kind === action.kind && workloads.some((workload) => present.includes(workload)),
        )
        if (known.some((candidate) => candidate.id === action.id)) return undefined
        const names = known.map((candidate) => candidate.id).join(', ') || 'none in this run'
        return `unknown ${action.kind} ${action.id}; there ${known.length > 1 ? 'are' : 'is'} ${names}`
      }
    }
  }

  private perform(action: Action): void {
    const text = formatAction(action)
    this.done.push({ at: inSeconds(this.engine.now), action: text })
    this.mark({ at: inSeconds(this.engine.now), kind: action.kind, text })
    switch (action.kind) {
      case 'reboot':
        this.reboot()
        break
      case 'set':
        this.settings.set(action.path, action.value)
        this.applySettings()
        break
      case 'fault':
        if (action.intensity > 0) this.faults.set(action.id, action.intensity)
        else this.faults.delete(action.id)
        this.applySettings()
        break
      case 'fix':
        if (action.on) this.fixes.add(action.id)
        else this.fixes.delete(action.id)
        this.applySettings()
        break
    }
  }

  /** What a kernel switch stands at: a fix wins over a fault, a fault over the setting. */
  private switchOf(path: string): string {
    let value = this.settings.text(path)
    for (const kind of ['fault', 'fix'] as const) {
      for (const { id, sets, kind: of } of disturbances) {
        const active = of === 'fault' ? this.faults.has(id) : this.fixes.has(id)
        if (of === kind && active && sets?.path === path) value = sets.value
      }
    }
    return value
  }

  private applySettings(): void {
    const { buffers, drive } = this.kernel
    buffers.bforget = this.switchOf('kernel.bforget') === 'orphan' ? 'orphan' : 'recycle'
    applyDescriptors(
      this.kernel.descriptors,
      this.settings,
      this.switchOf('kernel.fd.alloc'),
      this.faults.get('descriptor-exhaustion') ?? 0,
    )
    const slow = this.faults.get('slow-disk') ?? 0
    drive.seekFactor = 1 + slow * (slowestSeekFactor - 1)
    this.tree.setSampling(this.settings.text('profiler.sampling') === 'on')
    for (const run of this.runs) run.applySettings?.()
  }

  private reboot(): void {
    for (const run of this.runs) run.halt?.()
    for (const { read, kept } of this.workloadCounters) if (kept) kept.total += read()
    this.kernel.halt()
    this.kernelCounters.keep(this.kernel)
    this.lastScans = { scans: 0, cycles: 0 }
    this.kernel = this.boot()
  }

  get actions(): readonly TimedAction[] {
    return this.done
  }
  get activeFaults(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.faults)
  }
  get activeFixes(): readonly string[] {
    return [...this.fixes]
  }

  takeMarks(): ServerMark[] {
    const taken = this.marks
    this.marks = []
    return taken
  }

  // Results.

  work(): WorkSummary {
    return this.log.summary(this.plan.main.unit, inSeconds(this.engine.now) - this.statisticsFrom)
  }

  profile(window?: ProfileWindow): ProfileSnapshot {
    this.kernel.dispatcher.settle()
    const sofar = { fromSeconds: this.statisticsFrom, toSeconds: inSeconds(this.engine.now) }
    return this.tree.snapshot(
      this.machine.clockMHz,
      window ?? { ...sofar, totals: this.tree.totals },
    )
  }

  profileTotals(): ProfileTotals {
    this.kernel.dispatcher.settle()
    return this.tree.totals
  }

  resetStatistics(): void {
    this.kernel.dispatcher.settle()
    this.tree.clearStacks()
    this.log = new WorkLog()
    this.statisticsFrom = inSeconds(this.engine.now)
  }

  snapshot(kind: StructureKind): StructureSnapshot {
    for (const run of this.runs) {
      const snapshot = run.snapshot?.(kind)
      if (snapshot) return snapshot
    }
    return kernelSnapshot(this.kernel, kind, this.scanMicroseconds) ?? nothingOf(kind)
  }
}

/** A structure that belongs to a workload, in a run that has none with it. */
function nothingOf(kind: StructureKind): StructureSnapshot {
  switch (kind) {
    case 'wait-queue':
      return { ...{ kind, of: 'nothing', wakeup: 'all', entries: [] }, ...noWakeUps }
    case 'listen-backlog':
      return { ...{ kind, backlog: 0, halfOpen: 0, open: 0 }, ...noConnections }
    default:
      throw new Error(`the kernel shows no ${kind}`)
  }
}

/** Puts a server together. A string is the message for people when the scenario or a parameter is refused. */
export function createServer(options: ServerOptions): Server | string {
  const plan = scenarios.find(({ id }) => id === options.scenario)
  if (!plan) {
    const names = scenarios.map(({ id }) => id).join(', ')
    return `unknown scenario ${options.scenario}; there ${scenarios.length === 1 ? 'is' : 'are'} ${names}`
  }
  const settings = Settings.create(plan.parameters, options.parameters)
  if (typeof settings === 'string') return settings
  return refuseTogether(plan, settings) ?? new SimulatedServer(options, settings, plan)
}

const noConnections = { synQueue: [], acceptQueue: [], overflows: 0 }
const noWakeUps = { wakeUps: 0, madeRunnable: 0, foundConnection: 0, backToSleep: 0 }

const capital = (word: string): string => word[0].toUpperCase() + word.slice(1)
