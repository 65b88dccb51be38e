/**
 * A server that runs: engine, kernel and load put together from a scenario, with its observers and
 * actions. It runs only inside `advance` and `step`.
 */
import type { Action, TimedAction } from '../actions/action'
import { formatAction } from '../actions/action'
import { slowestSeekFactor } from '../actions/slow-disk'
import { Engine } from '../engine/engine'
import { LivelockWatch, maxAtOnce } from '../engine/livelock'
import type { BforgetVariant } from '../kernel/fs/buffer-cache'
import type { Kernel } from '../kernel/kernel'
import { KernelCounters } from '../kernel/kernel-counters'
import { kernelSnapshot } from '../kernel/kernel-snapshot'
import { kernels } from '../kernel/kernels'
import { chosenOf } from './chosen-structure'
import type { MachinePreset } from '../machine/presets'
import type { AlarmState } from '../observe/alarms'
import { CallTree } from '../observe/call-tree'
import { CounterRegistry } from '../observe/counters'
import type { CallStack, ProfileSnapshot, ProfileTotals, ProfileWindow } from '../observe/profile'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import type { WorkSummary } from '../observe/work-log'
import type { Parameters } from '../parameters/parameters'
import { Settings } from '../parameters/settings'
import { scenarios } from '../scenarios'
import { applyDescriptors } from '../scenarios/descriptor-parameters'
import { kernelOf } from '../scenarios/kernel-choice'
import { applyNetwork } from '../scenarios/kernel-parameters'
import { applyPolling, applySignals } from '../scenarios/polling-parameters'
import type { Scenario } from '../scenarios/scenario'
import { presentIn, refuseTogether } from '../scenarios/scenario'
import type { SimTime } from '../units/time'
import { after, inSeconds, seconds } from '../units/time'
import type { Workload, WorkloadRun } from '../workloads/workload'
import { ActiveDisturbances } from './active-disturbances'
import { machineOf } from './machine-of'
import { MainWork } from './main-work'
import { Marks } from './marks'
import { nothingOf } from './nothing-of'
import type { NextEvent, Server, ServerMark, ServerOptions } from './server'
import { Tracer } from './tracer'
import type { Remark } from './watch'
import { insertAction, isRemark, Watch } from './watch'
import { WorkloadCounters } from './workload-counters'

const megabyte = 1024 * 1024

export class SimulatedServer implements Server {
  readonly seed: number
  readonly counters = new CounterRegistry()
  onSample: ((at: SimTime) => void) | undefined
  private readonly engine: Engine
  private readonly livelock: LivelockWatch
  private readonly tree: CallTree
  private readonly machine: MachinePreset
  private readonly kernelCounters: KernelCounters
  private readonly workloadCounters: WorkloadCounters
  private readonly mainWork: MainWork
  private readonly marks = new Marks()
  private readonly watch: Watch
  private readonly disturbances: ActiveDisturbances
  readonly tracer: Tracer
  private kernel: Kernel
  private readonly done: TimedAction[] = []
  private readonly sampleEvery
  private nextSample: SimTime
  private readonly runs: readonly WorkloadRun[]
  private statisticsFrom = 0
  private lastScans = { scans: 0, cycles: 0 }
  private scanMicroseconds = 0

  constructor(
    options: ServerOptions,
    private readonly settings: Settings,
    private readonly plan: Scenario,
    /** Left out: as the settings say. */
    memoryMB?: number,
  ) {
    this.seed = options.seed
    this.engine = new Engine(options.seed)
    this.livelock = new LivelockWatch(this.engine)
    const machine = machineOf(settings)
    this.machine = memoryMB === undefined ? machine : { ...machine, memoryMB }
    this.tree = new CallTree(
      this.machine.cpus,
      (cpu) => this.engine.stream(`profiler of CPU ${cpu}`),
      kernels[kernelOf(settings)].names,
    )
    const listens = (): boolean => presentIn(plan, settings).some(({ port }) => port !== undefined)
    this.tracer = new Tracer(this.tree, this.machine.clockMHz, () => this.kernel, listens)
    this.disturbances = new ActiveDisturbances(plan, settings)
    this.kernelCounters = new KernelCounters(this.counters, this.tree)
    this.mainWork = new MainWork(this.counters, this.marks, plan.main)
    this.workloadCounters = new WorkloadCounters(this.counters)
    this.runs = presentIn(plan, settings).map((workload) => this.start(workload))
    this.sampleEvery = options.sampleEvery ?? seconds(1)
    this.kernel = this.boot()
    this.kernelCounters.declareProcedures()
    this.nextSample = after(this.engine.now, this.sampleEvery)
    this.refreshCounters()
    this.watch = new Watch(this.counters, this.marks)
  }

  private start(workload: Workload): WorkloadRun {
    const { plan, disturbances, workloadCounters } = this
    const run = workload.start({
      engine: this.engine,
      settings: this.settings,
      switchOf: (path) => disturbances.switchOf(path),
      intensityOf: (fault) => disturbances.intensityOf(fault),
      work: workload === plan.main ? this.mainWork : workloadCounters.declareBeside(workload),
    })
    workloadCounters.declareOf(workload, run)
    return run
  }

  private boot(): Kernel {
    const kernel = kernels[kernelOf(this.settings)].boot(this.engine, this.tree, {
      machine: this.machine,
      swapBytes: this.settings.number('machine.swapMB') * megabyte,
    })
    this.kernel = kernel
    this.applySettings()
    for (const run of this.runs) run.boot(kernel)
    return kernel
  }

  get scenario(): string {
    return this.plan.id
  }
  get title(): string {
    return this.plan.title
  }
  get summary(): string {
    const { name, cpus, clockMHz } = this.machine
    const memoryMB = this.settings.number('machine.memoryMB')
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
  get alarms(): readonly AlarmState[] {
    return this.watch.alarms.states
  }
  get alarmPauses(): boolean {
    return this.watch.alarms.pauses
  }
  takeAlarmPause(): string | undefined {
    return this.watch.takePause()
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
    const { engine, tracer } = this
    const last = engine.executed + maxEvents
    for (;;) {
      const next = this.nextSample < until ? this.nextSample : until
      const stop = Math.min(next, tracer.due ?? next) as SimTime
      while (!engine.advance(stop, this.atMost(last))) {
        this.livelock.look()
        tracer.look()
        if (engine.executed >= last) return false
        if ((tracer.due ?? stop) < stop) break
      }
      tracer.look()
      tracer.reach(engine.now)
      if (engine.now < stop) continue
      if (stop === this.nextSample) this.onSampleTime()
      if (stop === until) return true
    }
  }

  private atMost(last: number): number {
    return Math.min(maxAtOnce, this.tracer.eventsAtOnce, last - this.engine.executed)
  }

  step(kind: 'event' | 'tick' | 'sample'): void {
    if (kind === 'event') {
      const time = this.engine.nextEventTime()
      if (time !== undefined) this.advance(time, 1)
    } else {
      const interval = kind === 'tick' ? this.kernel.timer.interval : this.sampleEvery
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
    this.watch.sample(inSeconds(this.engine.now))
    this.onSample?.(this.engine.now)
  }

  refreshCounters(): void {
    this.kernelCounters.refresh(this.kernel)
    this.mainWork.refresh()
    this.workloadCounters.refresh()
  }

  // Actions.

  act(action: Action): string | undefined {
    const now = inSeconds(this.engine.now)
    const refused = isRemark(action)
      ? this.watch.refuse(action, now)
      : this.disturbances.refuse(action)
    if (refused !== undefined) return refused
    if (isRemark(action)) this.remark(action, now)
    else this.perform(action)
    return undefined
  }

  private remark(action: Remark, now: number): void {
    const { watch, marks } = this
    const { at = now, ...said } = action.kind === 'note' ? action : { ...action, at: now }
    const text = formatAction(said)
    insertAction(this.done, { at, action: text })
    marks.add({
      at,
      kind: action.kind,
      text: action.kind === 'caption' ? watch.filledIn(text) : text,
    })
    watch.perform(action)
  }

  private perform(action: Exclude<Action, Remark>): void {
    const text = formatAction(action)
    this.done.push({ at: inSeconds(this.engine.now), action: text })
    this.marks.add({ at: inSeconds(this.engine.now), kind: action.kind, text })
    switch (action.kind) {
      case 'reboot':
        this.reboot()
        break
      case 'set':
        this.settings.set(action.path, action.value)
        this.applySettings()
        break
      case 'fault':
        this.disturbances.setFault(action.id, action.intensity)
        this.applySettings()
        break
      case 'fix':
        this.disturbances.setFix(action.id, action.on)
        this.applySettings()
        break
    }
  }

  private applySettings(): void {
    const { disturbances } = this
    const { buffers, drive, descriptors } = this.kernel
    buffers.bforget = disturbances.switchOf('kernel.bforget') as BforgetVariant
    const wakeup = disturbances.switchOf('kernel.accept.wakeup')
    applyNetwork(this.kernel.net, this.settings, wakeup)
    applyDescriptors(
      descriptors,
      this.settings,
      disturbances.switchOf('kernel.fd.alloc'),
      disturbances.intensityOf('descriptor-exhaustion'),
    )
    applyPolling(this.kernel, kernelOf(this.settings), this.settings, (path) =>
      disturbances.switchOf(path),
    )
    applySignals(this.kernel, disturbances.intensityOf('rt-signal-overflow'))
    drive.seekFactor = 1 + disturbances.intensityOf('slow-disk') * (slowestSeekFactor - 1)
    this.tree.setSampling(this.settings.text('profiler.sampling') === 'on')
    for (const run of this.runs) run.applySettings?.()
  }

  private reboot(): void {
    for (const run of this.runs) run.halt?.()
    this.workloadCounters.keep()
    this.kernel.halt()
    this.kernelCounters.keep(this.kernel)
    this.lastScans = { scans: 0, cycles: 0 }
    this.kernel = this.boot()
  }

  get actions(): readonly TimedAction[] {
    return this.done
  }
  get activeFaults(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.disturbances.faults)
  }
  get activeFixes(): readonly string[] {
    return [...this.disturbances.fixes]
  }

  takeMarks(): ServerMark[] {
    return this.marks.take()
  }

  // Results.

  work(): WorkSummary {
    return this.mainWork.summary(inSeconds(this.engine.now) - this.statisticsFrom)
  }

  workBeside(): Record<string, WorkSummary> {
    return this.workloadCounters.summaries(inSeconds(this.engine.now) - this.statisticsFrom)
  }

  /** Brings the accounts of CPUs and tasks up to now. */
  private settle(): void {
    const { dispatcher } = this.kernel
    dispatcher.settle()
    dispatcher.times.settle()
  }

  profile(window?: ProfileWindow): ProfileSnapshot {
    this.settle()
    const sofar = { fromSeconds: this.statisticsFrom, toSeconds: inSeconds(this.engine.now) }
    return this.tree.snapshot(
      this.machine.clockMHz,
      window ?? { ...sofar, totals: this.tree.totals },
    )
  }

  profileTotals(): ProfileTotals {
    this.settle()
    return this.tree.totals
  }

  profileStacks(first: number): readonly CallStack[] {
    return this.tree.stacksFrom(first)
  }

  resetStatistics(): void {
    this.settle()
    this.tree.clearStacks()
    this.mainWork.restart()
    this.workloadCounters.restart()
    this.statisticsFrom = inSeconds(this.engine.now)
  }

  snapshot(kind: StructureKind, of?: string): StructureSnapshot {
    const found = this.runs.flatMap((run) => run.snapshot?.(kind) ?? [])
    const chosen = chosenOf(found, of)
    if (chosen) return chosen
    return kernelSnapshot(this.kernel, kind, this.scanMicroseconds) ?? nothingOf(kind)
  }
}

/**
 * Puts a server together. A string is the message for people when the scenario or a parameter is
 * refused.
 * @param memoryMB memory of its machine, whatever the settings say
 */
export function createServer(options: ServerOptions, memoryMB?: number): Server | string {
  const plan = scenarios.find(({ id }) => id === options.scenario)
  if (!plan) {
    const names = scenarios.map(({ id }) => id).join(', ')
    return `unknown scenario ${options.scenario}; there ${scenarios.length === 1 ? 'is' : 'are'} ${names}`
  }
  const settings = Settings.create(plan.parameters, options.parameters)
  if (typeof settings === 'string') return settings
  return refuseTogether(plan, settings) ?? new SimulatedServer(options, settings, plan, memoryMB)
}
