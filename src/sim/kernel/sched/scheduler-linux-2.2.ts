/**
 * The scheduler of Linux 2.2: one run queue for all CPUs under one spin lock, and schedule() walks
 * all of it. The lock is held while the queue is walked and dropped before the switch; sched_yield
 * takes it once more to put the caller last. Whom a walk finds the run queue tells without one;
 * each task on it is paid for all the same.
 * Left out: avg_slice; that scheduler_lock and runqueue_lock are two. Constants: kernel source of
 * the 2.2 series.
 */
import type { CacheResidency } from '../../machine/cache'
import type { Costs } from '../../machine/core'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import { RunQueue } from './run-queue-linux-2.2'
import type { MakeScheduler, Scheduler, SchedulerCosts, SchedulerCpus } from './scheduler'
import { StackLines } from './stack-lines'
import type { Task } from './task'
import { defaultPriority, TaskState } from './task'
import { anyCpu, TaskLines } from './task-lines'

/** What the scan reads of a task structure, bytes. */
const taskStructBytes = 64

export class Scheduler22 implements Scheduler {
  private readonly run: RunQueue
  contextSwitches = 0
  scans = 0
  scanCycles: Cycles = 0
  /** A task that has just called sched_yield: others go first even with less goodness. */
  private yielded: Task | undefined
  /** When the run-queue lock is free again, in cycles. */
  private lockFreeAt: Cycles = 0
  private lockHeldLast = -1
  private lines: TaskLines
  private stacks: StackLines | undefined
  /** Cycles to load a line that another CPU wrote, or that the cache had no place for. */
  private lineCycles: Cycles = 0
  private transferCycles: Cycles = 0
  /** What the scan reads of the task structures, as one thing in the caches. */
  private readonly footprint: number
  private readonly scheduleProcedure: number
  private readonly spinProcedure: number
  private readonly idleSchedule: StackNode
  private readonly cost: Costs
  private readonly cache: CacheResidency

  constructor(
    private readonly dispatcher: SchedulerCpus,
    private readonly costs: SchedulerCosts,
  ) {
    const { cpus, tree } = dispatcher
    this.cost = costs.cost
    this.cache = costs.cache
    this.run = new RunQueue(cpus.length)
    this.lines = new TaskLines(cpus.length, Infinity, 1)
    this.footprint = costs.cache.create(taskStructBytes)
    this.scheduleProcedure = tree.declare('vmlinux', 'schedule', Mode.system)
    this.spinProcedure = tree.declare('vmlinux', 'schedule.text.lock', Mode.spin)
    this.idleSchedule = tree.call(0, this.scheduleProcedure)
  }

  placeTasks(places: number, ways: number, lineCycles: Cycles): void {
    const cpus = this.dispatcher.cpus.length
    this.lines = new TaskLines(cpus, places, ways)
    this.stacks = new StackLines(cpus, places, ways)
    this.lineCycles = lineCycles
    this.transferCycles = this.cost.lineTransfer
  }

  get runnable(): number {
    return this.run.length
  }
  get enrolled(): number {
    return this.run.enrolled
  }

  enrol(task: Task): void {
    this.run.enrol(task)
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

  add(task: Task): void {
    this.lines.wrote(task.slot, anyCpu)
    this.run.add(task)
  }

  yieldCpu(task: Task): void {
    this.run.moveLast(task)
    this.yielded = task
  }

  endQuantum(task: Task): void {
    this.run.setCounter(task, 0)
  }

  /** Charges the scan, and the switch if there is one. */
  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { dispatcher, cost, run } = this
    dispatcher.settleWaiting(cpu)
    const stack = previous
      ? dispatcher.tree.call(previous.node, this.scheduleProcedure)
      : this.idleSchedule
    const handOver = this.takeLock(cpu, stack)
    if (previous && previous.state !== TaskState.running) run.remove(previous)

    let cycles = cost.schedule + cost.spinLock + handOver
    // sched_yield had the lock before, for a moment.
    if (this.yielded) cycles += cost.spinLock + handOver
    const { length } = run
    cycles += this.lines.walk(cpu.id, length, run.onQueue) * this.transferCycles
    cycles += this.lines.crowded(length) * this.lineCycles
    const stays = previous?.state === TaskState.running ? previous : undefined
    const hasYielded = stays !== undefined && stays === this.yielded
    let best = run.best(cpu.id, cpu.space, stays, hasYielded)
    let scanned = length
    if (best !== undefined && run.bestGoodness === 0) {
      run.recalculate()
      this.lines.wroteAll(cpu.id)
      cycles += run.enrolled * cost.recalculate
      best = run.best(cpu.id, cpu.space, stays, hasYielded)
      scanned += length
    }
    this.yielded = undefined
    cycles += scanned * cost.goodness + this.scanMisses(cpu.id, scanned)
    this.scans++
    this.scanCycles += cycles
    dispatcher.chargeCpu(cpu, stack, cycles)
    this.lockFreeAt = cpu.clock
    if (best !== previous) {
      const loaded = best ? (this.stacks?.switchTo(cpu.id, best.slot, best.processor) ?? 0) : 0
      dispatcher.chargeCpu(cpu, stack, cost.contextSwitch + loaded * this.lineCycles)
      if (best !== undefined || previous !== undefined) this.contextSwitches++
    }
    dispatcher.chargeSampler(cpu)

    if (previous) {
      if (best !== previous) run.leave(previous)
      this.lines.wrote(previous.slot, cpu.id)
    }
    if (best) {
      run.takeUp(best, cpu.id)
      this.lines.wrote(best.slot, cpu.id)
    }
    if (previous && best !== previous && previous.state === TaskState.running) {
      this.rescheduleIdle(previous)
    }
    return best
  }

  /** Cycles of cache misses when a CPU reads that many task structures. */
  private scanMisses(cpu: number, tasks: number): Cycles {
    const { cache, footprint } = this
    cache.resize(footprint, Math.max(1, tasks) * taskStructBytes)
    const lines = (tasks * taskStructBytes) / cache.lineBytes
    return cache.touch(cpu, footprint, lines) * this.costs.missCycles
  }

  /**
   * Spins for the run-queue lock. Returns the cycles for fetching its line from the CPU that had it
   * last.
   */
  private takeLock(cpu: Cpu, stack: StackNode): number {
    const { dispatcher } = this
    const began = cpu.clock
    if (this.lockFreeAt > began) {
      const spin = dispatcher.tree.call(stack, this.spinProcedure)
      dispatcher.chargeCpu(cpu, spin, this.lockFreeAt - began)
    }
    const isElsewhere = this.lockHeldLast !== cpu.id
    this.lockHeldLast = cpu.id
    return isElsewhere ? this.transferCycles : 0
  }

  /** reschedule_idle(). */
  rescheduleIdle(task: Task): void {
    const { cpus } = this.dispatcher
    const own = cpus[task.processor]
    if (!own.current && !own.needResched) {
      this.dispatcher.requestReschedule(own)
      return
    }
    let target: Cpu | undefined
    let most = 0
    for (const cpu of cpus) {
      const current = cpu.current
      if (!current) {
        if (cpu.needResched) continue
        target = cpu
        break
      }
      const gain =
        this.goodness(task, cpu.id, cpu.space) - this.goodness(current, cpu.id, cpu.space)
      if (gain > most && !cpu.needResched) {
        most = gain
        target = cpu
      }
    }
    if (target) this.dispatcher.requestReschedule(target)
  }

  tick(cpu: Cpu): void {
    const task = cpu.current
    if (!task) return
    const ticks = this.run.counterOf(task)
    if (ticks > 0) this.run.setCounter(task, ticks - 1)
    this.lines.wrote(task.slot, cpu.id)
    if (ticks <= 1) cpu.needResched = true
  }

  shareQuantum(parent: Task, child: Task): void {
    const ticks = this.run.counterOf(parent)
    this.run.setCounter(child, (ticks + 1) >> 1)
    this.run.setCounter(parent, ticks >> 1)
  }

  returnQuantum(parent: Task, child: Task): void {
    const ticks = this.run.counterOf(parent) + this.run.counterOf(child)
    this.run.setCounter(parent, Math.min(ticks, 2 * defaultPriority))
  }
}

export const scheduler22: MakeScheduler = (cpus, costs) => new Scheduler22(cpus, costs)
