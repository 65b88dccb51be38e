/** A server that runs: engine, kernel and load put together from a scenario, with its observers and actions. */
import type { Action, TimedAction } from './actions/action'
import { formatAction } from './actions/action'
import { disturbances } from './actions/catalogue'
import { slowestSeekFactor } from './actions/slow-disk'
import { Engine } from './engine/engine'
import { Kernel, tickInterval } from './kernel/kernel'
import type { MachinePreset } from './machine/presets'
import { machinePreset } from './machine/presets'
import { CallTree } from './observe/call-tree'
import { CounterRegistry } from './observe/counters'
import { KernelCounters } from './observe/kernel-counters'
import type { ProfileSnapshot } from './observe/profile'
import type { StructureKind, StructureSnapshot } from './observe/structures'
import { WorkLog } from './observe/work-log'
import { Sdet } from './programs/sdet'
import type { SdetPlan } from './programs/sdet-script'
import type { Parameters } from './scenarios/parameters'
import { sdetParameters, sdetScenario } from './scenarios/sdet'
import { Settings } from './scenarios/settings'
import type { Server, ServerMark, ServerOptions, WorkSummary } from './server'
import type { SimTime } from './units/time'
import { after, inSeconds, seconds } from './units/time'

const megabyte = 1024 * 1024

export class SimulatedServer implements Server {
  readonly scenario = sdetScenario.id
  readonly title = sdetScenario.title
  readonly seed: number
  readonly counters = new CounterRegistry()
  onSample: ((at: SimTime) => void) | undefined
  private readonly engine: Engine
  private readonly tree: CallTree
  private readonly machine: MachinePreset
  private readonly kernelCounters: KernelCounters
  private kernel: Kernel
  private log = new WorkLog()
  private marks: ServerMark[] = []
  private readonly done: TimedAction[] = []
  private readonly planned: (Action | undefined)[] = []
  private readonly planHandler
  private nextSample: SimTime
  private readonly workColumns
  private readonly plans: SdetPlan[] = []
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
  ) {
    this.seed = options.seed
    this.engine = new Engine(options.seed)
    const base = machinePreset(sdetScenario.machine)
    this.machine = {
      ...base,
      cpus: settings.number('machine.cpus'),
      clockMHz: settings.number('machine.clockMHz'),
      cacheKB: settings.number('machine.cacheKB'),
      memoryMB: settings.number('machine.memoryMB'),
    }
    this.tree = new CallTree(this.machine.cpus, (cpu) =>
      this.engine.stream(`profiler of CPU ${cpu}`),
    )
    this.kernelCounters = new KernelCounters(this.counters, this.tree)
    const work = (id: string, unit: string, kind: 'gauge' | 'monotonic', help: string): number =>
      this.counters.declare({ id: `work.${id}`, unit, kind, help })
    this.workColumns = {
      completed: work('completed', 'scripts', 'monotonic', 'Scripts that ended well.'),
      failed: work('failed', 'scripts', 'monotonic', 'Scripts whose own check failed.'),
      round: work('round', '1', 'gauge', 'Number of the round that is running.'),
      roundSeconds: work('roundSeconds', 's', 'gauge', 'How long the last finished round took.'),
      perHour: work('perHour', 'scripts/h', 'gauge', 'Throughput of the last finished round.'),
    }
    this.planHandler = this.engine.handler('action', (index) => this.onPlanned(index))
    this.sampleEvery = options.sampleEvery ?? seconds(1)
    this.kernel = this.boot()
    this.kernelCounters.declareProcedures()
    this.nextSample = after(this.engine.now, this.sampleEvery)
    this.refreshCounters()
  }

  private readonly sampleEvery

  private boot(): Kernel {
    const kernel = new Kernel(this.engine, this.tree, {
      machine: this.machine,
      swapBytes: this.settings.number('machine.swapMB') * megabyte,
    })
    this.kernel = kernel
    this.applySettings()
    const sdet = new Sdet(
      this.engine,
      kernel,
      () => this.settings.number('sdet.scripts'),
      () => this.settings.number('sdet.demand'),
      {
        roundBegan: (scripts) => {
          this.round++
          this.log.offered += scripts
        },
        scriptEnded: (took, failed) => {
          this.log.ended(took, failed)
          if (failed) this.totalFailed++
          else this.totalCompleted++
        },
        roundEnded: (start, took, scripts) => this.onRound(start, took, scripts),
      },
      this.plans,
    )
    sdet.boot()
    return kernel
  }

  private onRound(start: number, took: number, scripts: number): void {
    this.log.round(this.round, start, took, scripts)
    this.roundSeconds = took
    this.perHour = (scripts / took) * 3600
    this.marks.push({
      at: start + took,
      kind: 'round',
      text: `round ${this.round}: ${Math.round(this.perHour)} scripts/h`,
    })
  }

  get summary(): string {
    const { cpus, clockMHz, memoryMB } = this.machine
    const scripts = this.settings.number('sdet.scripts')
    return `PowerEdge 6300 · ${cpus} × ${clockMHz} MHz · ${memoryMB} MB · Linux 2.2 · ${scripts} scripts`
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
  digest(): string {
    return this.engine.digest()
  }

  // Sampling is no event: how often somebody looks is not part of the run.
  advance(until: SimTime, maxEvents = Infinity): boolean {
    const last = this.engine.executed + maxEvents
    for (;;) {
      const stop = this.nextSample < until ? this.nextSample : until
      if (!this.engine.advance(stop, last - this.engine.executed)) return false
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
    values[this.workColumns.round] = this.round
    values[this.workColumns.roundSeconds] = this.roundSeconds
    values[this.workColumns.perHour] = this.perHour
  }

  // Actions.

  act(action: Action): string | undefined {
    const refused = this.refuse(action)
    if (refused !== undefined) return refused
    this.perform(action)
    return undefined
  }

  schedule(at: SimTime, action: Action): string | undefined {
    if (at < this.engine.now) {
      return `an action at ${inSeconds(at)} s lies before the present, ${inSeconds(this.engine.now)} s`
    }
    const refused = this.refuse(action)
    if (refused !== undefined) return refused
    this.planned.push(action)
    this.engine.at(at, this.planHandler, this.planned.length - 1, -1)
    return undefined
  }

  private onPlanned(index: number): void {
    const action = this.planned[index]
    this.planned[index] = undefined
    if (action) this.perform(action)
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
        const trial = Settings.create(sdetParameters, { [action.path]: action.value })
        return typeof trial === 'string' ? trial : undefined
      }
      default: {
        const known = disturbances.filter((candidate) => candidate.kind === action.kind)
        if (known.some((candidate) => candidate.id === action.id)) return undefined
        const names = known.map((candidate) => candidate.id).join(', ')
        return `unknown ${action.kind} ${action.id}; there ${known.length === 1 ? 'is' : 'are'} ${names}`
      }
    }
  }

  private perform(action: Action): void {
    const text = formatAction(action)
    this.done.push({ at: inSeconds(this.engine.now), action: text })
    this.marks.push({ at: inSeconds(this.engine.now), kind: action.kind, text })
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

  /** Puts switches where settings, faults and fixes want them: a fix wins over a fault, a fault over the setting. */
  private applySettings(): void {
    let bforget = this.settings.text('kernel.bforget')
    for (const kind of ['fault', 'fix'] as const) {
      for (const { id, sets, kind: of } of disturbances) {
        const active = of === 'fault' ? this.faults.has(id) : this.fixes.has(id)
        if (of === kind && active && sets?.path === 'kernel.bforget') bforget = sets.value
      }
    }
    this.kernel.buffers.bforget = bforget === 'orphan' ? 'orphan' : 'recycle'
    const slow = this.faults.get('slow-disk') ?? 0
    this.kernel.drive.seekFactor = 1 + slow * (slowestSeekFactor - 1)
    this.tree.setSampling(this.settings.text('profiler.sampling') === 'on')
  }

  private reboot(): void {
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
    return this.log.summary('scripts', inSeconds(this.engine.now) - this.statisticsFrom)
  }

  profile(): ProfileSnapshot {
    this.kernel.dispatcher.settle()
    return this.tree.snapshot(
      this.machine.clockMHz,
      this.statisticsFrom,
      inSeconds(this.engine.now),
    )
  }

  resetStatistics(): void {
    this.kernel.dispatcher.settle()
    this.tree.clearStacks()
    this.log = new WorkLog()
    this.statisticsFrom = inSeconds(this.engine.now)
  }

  snapshot(kind: StructureKind): StructureSnapshot {
    switch (kind) {
      case 'buffer-cache':
        return this.kernel.buffers.snapshot()
      case 'run-queue':
        return this.kernel.runQueueSnapshot(this.scanMicroseconds)
      case 'disk-queue':
        return this.kernel.disk.snapshot()
      case 'hash-chains': {
        const lengths = this.kernel.buffers.chainLengths()
        let longestBucket = 0
        lengths.forEach((length, bucket) => {
          if (length > lengths[longestBucket]) longestBucket = bucket
        })
        return {
          kind: 'hash-chains',
          table: 'buffer',
          lengths,
          longestBucket,
          longest: this.kernel.buffers
            .chain(longestBucket)
            .slice(0, 40)
            .map((block) => `block ${block}`),
        }
      }
    }
  }
}

/** Puts a server together. A string is the message for people when the scenario or a parameter is refused. */
export function createServer(options: ServerOptions): Server | string {
  if (options.scenario !== sdetScenario.id) {
    return `unknown scenario ${options.scenario}; there is ${sdetScenario.id}`
  }
  const settings = Settings.create(sdetParameters, options.parameters)
  return typeof settings === 'string' ? settings : new SimulatedServer(options, settings)
}
