/**
 * The scheduler of Linux 2.2: one run queue for all CPUs under one spin lock, and schedule() walks
 * all of it. The lock is held while the queue is walked and dropped before the switch; sched_yield
 * takes it once more to put the caller last. Whom a walk finds the run queue tells without one;
 * each task on it is paid for all the same, and every line of it. Left out: that a CPU may find
 * nobody new because it walks while another switches. Source: 2.2.1, kernel/sched.c.
 */
import type { Residency } from '../../machine/residency'
import type { Costs } from '../../machine/core'
import { cyclesOf } from '../../machine/core'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import { RecentBlocks, shapeOf } from './cache-sets'
import type { Cpu } from './cpu'
import type { KernelKind } from './kernel-kind'
import { head } from './queue-links'
import { cacheFlushCycles, cpuFor } from './reschedule-idle'
import { RunQueue } from './run-queue-linux-2.2'
import { RunQueueLock } from './run-queue-lock'
import type { MakeScheduler, Scheduler, SchedulerCosts, SchedulerCpus } from './scheduler'
import { linesPerSwitch } from './switch-lines'
import type { Task } from './task'
import { defaultPriority, TaskState } from './task'
import { Line, TaskLines } from './task-lines'

/** What a walk reads of a task structure: five lines. */
const linesRead = 5
/** What wake_up_process() reads of the task that it wakes. */
const linesOfWakeUp = Line.state | Line.cpu | Line.link | Line.policy

export class Scheduler22 implements Scheduler {
  /** Tests give quanta by it. */
  readonly run: RunQueue
  readonly priorities = undefined
  contextSwitches = 0
  scans = 0
  looked = 0
  scanCycles: Cycles = 0
  /** A task that has just called sched_yield: others go first even with less goodness. */
  private yielded: Task | undefined
  private readonly lock: RunQueueLock
  private readonly lines: TaskLines
  private readonly stacks: RecentBlocks
  private readonly stackSets: number
  /** Blocks of task structures that a CPU's cache has room for. */
  private readonly places: number
  private readonly missCycles: Cycles
  private readonly furtherCycles: Cycles
  private readonly flushCycles: Cycles
  /** By CPU: when it called schedule() last. */
  private readonly scheduledAt: Float64Array
  /** What the walks read of the task structures, as one thing in the caches. */
  private readonly footprint: number
  private readonly scheduleProcedure: number
  private readonly idleSchedule: StackNode
  private readonly cost: Costs
  private readonly cache: Residency

  constructor(
    private readonly dispatcher: SchedulerCpus,
    { cost, cache, machine }: SchedulerCosts,
  ) {
    const { cpus, tree } = dispatcher
    const { clockMHz, memoryMissNs, lineBusNs, l2HitNs } = machine
    this.cost = cost
    this.cache = cache
    this.run = new RunQueue(cpus.length)
    this.missCycles = cyclesOf(memoryMissNs, clockMHz)
    this.furtherCycles = cyclesOf(lineBusNs, clockMHz)
    const first = shapeOf(machine.firstLevelKB * 1024, machine.firstLevelWays)
    const last = shapeOf(cache.cacheBytes, machine.cacheWays)
    this.lines = new TaskLines(cpus.length, first, last, {
      hit: cyclesOf(l2HitNs, clockMHz),
      first: this.missCycles,
      further: this.furtherCycles,
    })
    this.stacks = new RecentBlocks(cpus.length, last)
    this.stackSets = last.sets
    this.places = last.sets * last.ways
    this.flushCycles = cacheFlushCycles(clockMHz, cache.cacheBytes)
    this.scheduledAt = new Float64Array(cpus.length)
    this.footprint = cache.create(0)
    this.scheduleProcedure = tree.declareKernel('schedule', Mode.system)
    this.lock = new RunQueueLock(dispatcher, cpus.length, cost)
    this.idleSchedule = tree.call(0, this.scheduleProcedure)
  }

  get runnable(): number {
    return this.run.length
  }
  get enrolled(): number {
    return this.run.enrolled
  }
  /** Slots of the run queue that tasks have. */
  get slotsInUse(): number {
    return this.run.slotsInUse
  }

  enrol(task: Task): void {
    const { run, cache } = this
    run.enrol(task)
    this.lines.enrol(task.slot, blockOf(task), this.dispatcher.executing.id)
    cache.resize(this.footprint, run.enrolled * linesRead * cache.lineBytes)
  }

  dismiss(task: Task): void {
    this.run.dismiss(task)
  }

  setSpace(task: Task): void {
    this.run.setSpace(task)
  }

  setProcessor(task: Task, cpu: number): void {
    this.run.setProcessor(task, cpu)
  }

  counterOf(task: Task): number {
    return this.run.counterOf(task)
  }

  hasCpu(task: Task): boolean {
    return this.run.hasCpu(task)
  }

  goodness(task: Task, cpu: number, space: number): number {
    return this.run.goodness(task, cpu, space)
  }

  queue(): Task[] {
    return this.run.tasks()
  }

  add(task: Task): Cycles {
    const { id } = this.dispatcher.executing
    const { slot } = task
    const cycles = this.lock.touch(id) + this.lines.read(id, slot, linesOfWakeUp)
    this.run.add(task)
    this.lines.add(slot)
    this.lines.wrote(slot, id, Line.state | Line.link)
    return cycles + this.writeNeighbours(slot, id)
  }

  /** A CPU has changed the links of who stands beside a slot. Cycles to fetch them first. */
  private writeNeighbours(slot: number, cpu: number): Cycles {
    const { links } = this.run
    return this.writeLink(links.next(slot), cpu) + this.writeLink(links.previous(slot), cpu)
  }

  private writeLink(slot: number, cpu: number): Cycles {
    if (slot === head) {
      this.lines.wroteHead(cpu)
      return 0
    }
    const cycles = this.lines.read(cpu, slot, Line.link)
    this.lines.wrote(slot, cpu, Line.link)
    return cycles
  }

  yieldCpu(task: Task): void {
    this.yielded = task
  }

  endQuantum(task: Task): void {
    this.run.setCounter(task, 0)
  }

  /** sys_sched_yield(), with the lock: the caller stands last. Cycles for the lines of others. */
  private moveLast(task: Task, cpu: number): Cycles {
    const { slot } = task
    const { lines } = this
    const cycles = this.writeNeighbours(slot, cpu)
    this.run.moveLast(task)
    lines.wrote(slot, cpu, Line.state | Line.link | Line.policy)
    return cycles + this.writeNeighbours(slot, cpu)
  }

  /** Charges the walk, and the switch if there is one. */
  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { dispatcher, cost, run, lines } = this
    dispatcher.settleWaiting(cpu)
    const stack = previous
      ? dispatcher.tree.call(previous.node, this.scheduleProcedure)
      : this.idleSchedule
    const stays = previous?.state === TaskState.running ? previous : undefined
    const hasYielded = stays !== undefined && stays === this.yielded
    const locking = this.lock.take(cpu, stack)
    let cycles = locking + cost.schedule
    // sched_yield had the lock before, for a moment, and as many waited for it.
    if (hasYielded) cycles += locking + this.moveLast(stays, cpu.id)
    this.yielded = undefined
    if (previous && !stays) {
      cycles += this.writeNeighbours(previous.slot, cpu.id)
      run.remove(previous)
      lines.remove(previous.slot)
      lines.wrote(previous.slot, cpu.id, Line.link)
    }
    cycles += this.walk(cpu, stays)
    let best = run.best(cpu.id, cpu.space, stays, hasYielded)
    if (best !== undefined && run.bestGoodness === 0) {
      run.recalculate()
      cycles += this.recalculation(cpu.id)
      cycles += this.walk(cpu, stays)
      best = run.best(cpu.id, cpu.space, stays, hasYielded)
    }
    this.scans++
    this.scanCycles += cycles
    dispatcher.chargeCpu(cpu, stack, cycles)
    this.lock.drop(cpu)
    if (previous) this.noteSlice(cpu, previous)
    this.scheduledAt[cpu.id] = cpu.clock
    if (best !== previous) {
      const loaded = best ? this.linesOfSwitch(cpu.id, best) : 0
      dispatcher.chargeCpu(cpu, stack, cost.contextSwitch + loaded * this.missCycles)
      if (best !== undefined || previous !== undefined) this.contextSwitches++
    }
    dispatcher.chargeSampler(cpu)

    if (previous) {
      if (best !== previous) {
        run.leave(previous)
        lines.setRunning(previous.slot, false)
      }
      lines.wrote(previous.slot, cpu.id, Line.state | Line.cpu | (hasYielded ? Line.policy : 0))
    }
    if (best) {
      run.takeUp(best, cpu.id)
      lines.setRunning(best.slot, true)
      lines.wrote(best.slot, cpu.id, Line.cpu)
    }
    return best
  }

  /** avg_slice: half of what it was, and half of how long the task had the CPU now. */
  private noteSlice(cpu: Cpu, task: Task): void {
    task.averageSlice = (cpu.clock - this.scheduledAt[cpu.id] + task.averageSlice) / 2
  }

  /** A walk over the queue: instructions, and what it waits for. */
  private walk(cpu: Cpu, stays: Task | undefined): Cycles {
    const { cost, run, lines } = this
    const running = lines.running - (stays ? 1 : 0)
    this.looked += run.length
    const read = run.length * 2 + (run.length - running) * 3
    return (
      running * cost.hasCpu +
      (run.length - running) * cost.goodness +
      lines.walk(cpu.id, stays ? stays.slot : -1) +
      this.evicted(cpu.id, read)
    )
  }

  /** Cycles for lines that other data has evicted from the cache since. */
  private evicted(cpu: number, lines: number): Cycles {
    const missed = this.cache.touch(cpu, this.footprint, lines)
    return (missed / linesRead) * (this.missCycles + (linesRead - 1) * this.furtherCycles)
  }

  /**
   * Every task in the system gets a new quantum: two lines of each, the link to the next and the
   * counter. They come from memory when the tasks have not all a place in the cache (all or none:
   * assumed).
   */
  private recalculation(cpu: number): Cycles {
    const { cost, run, lines } = this
    run.forEachSlot((slot) => lines.wrote(slot, cpu, Line.state))
    const each = run.enrolled > this.places ? this.missCycles + this.furtherCycles : 0
    return run.enrolled * (cost.recalculate + each)
  }

  /** Lines that a switch to a task loads: none when it ran here last and its block is here. */
  private linesOfSwitch(cpu: number, task: Task): number {
    const isHere = this.stacks.use(cpu, task.slot, blockOf(task) % this.stackSets)
    return isHere && task.processor === cpu ? 0 : linesPerSwitch
  }

  rescheduleIdle(task: Task, by: Cpu | undefined): void {
    const target = cpuFor(task, by, this.dispatcher.cpus, this.run, this.flushCycles)
    if (target) this.dispatcher.requestReschedule(target)
  }

  tick(cpu: Cpu): void {
    const task = cpu.current
    if (!task) return
    const ticks = this.run.counterOf(task)
    if (ticks > 0) this.run.setCounter(task, ticks - 1)
    this.lines.wrote(task.slot, cpu.id, Line.state)
    if (ticks <= 1) cpu.needResched = true
  }

  shareQuantum(parent: Task, child: Task): void {
    const ticks = this.run.counterOf(parent)
    this.run.setCounter(child, (ticks + 1) >> 1)
    this.run.setCounter(parent, ticks >> 1)
    child.averageSlice = parent.averageSlice
  }

  returnQuantum(parent: Task, child: Task): void {
    const ticks = this.run.counterOf(parent) + this.run.counterOf(child)
    this.run.setCounter(parent, Math.min(ticks, 2 * defaultPriority))
  }
}

/** Which 8 KB of memory hold a task: those of its frames. One without has a place of its own. */
function blockOf({ frames, slot }: Task): number {
  return frames.length > 0 ? frames[0] >> 1 : slot
}

export const scheduler22: MakeScheduler = (cpus, costs) => new Scheduler22(cpus, costs)

/** The lowest room of Linux 2.2. */
export const linuxKind: KernelKind = {
  makeScheduler: scheduler22,
  hasBigLock: true,
  hz: 100,
}
