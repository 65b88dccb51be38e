/**
 * The scheduler of Linux 2.2: one run queue for all CPUs under one spin lock; schedule() walks all of it and
 * takes the task with the highest goodness: what is left of its quantum plus its priority, 15 more if it ran
 * on this CPU last, 1 more for the same address space. When all runnable tasks have used up their quantum,
 * every task in the system gets a new one. New tasks go to the front. The lock is held while the queue is walked and
 * dropped before the switch; sched_yield takes it once more to put the caller last.
 * Left out: real-time classes, avg_slice; that scheduler_lock and runqueue_lock are two. Constants: kernel source of
 * the 2.2 series.
 */
import type { CacheResidency } from '../../machine/cache'
import type { Costs } from '../../machine/core'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { Dispatcher } from './dispatcher'
import type { Task } from './task'
import { defaultPriority, TaskState } from './task'
import { StackLines } from './stack-lines'
import { anyCpu, TaskLines } from './task-lines'

/** PROC_CHANGE_PENALTY of i386. */
const sameProcessor = 15

/**
 * What schedule() looks at of a task, as a record of four numbers in one table: the scan goes through all of them, and
 * the host's cache should hold them.
 */
const record = 4
const Field = { counter: 0, processor: 1, space: 2, hasCpu: 3 } as const
const none = -1
/** What the scan reads of a task structure, bytes. */
const taskStructBytes = 64

export class Scheduler {
  private table = new Int32Array(64 * record)
  private readonly taskOfSlot: (Task | undefined)[] = []
  private readonly freeSlots: number[] = []
  private slots = 0
  /** Slots on the run queue, the front one last: a scan goes down, and a new task is put at the end. */
  private line = new Int32Array(64)
  /** Tasks in state R, running ones included. */
  runnable = 0
  /** Tasks in the system. */
  enrolled = 0
  contextSwitches = 0
  scans = 0
  scanCycles = 0
  /** A task that has just called sched_yield: others go first even with less goodness. */
  yielded: Task | undefined
  /** When the run-queue lock is free again, in cycles. */
  private lockFreeAt = 0
  private lockHeldLast = none
  /** Tasks of each address space: threads share one. */
  private readonly members = new Map<number, Task[]>()
  private lines: TaskLines
  private stacks: StackLines | undefined
  /** Cycles to load a line that another CPU wrote, or that the cache had no place for. */
  private lineCycles = 0
  private transferCycles = 0
  /** What the scan reads of the task structures, as one thing in the caches. */
  private readonly footprint: number
  private readonly scheduleProcedure: number
  private readonly spinProcedure: number
  private readonly idleSchedule: StackNode

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly cost: Costs,
    private readonly cache: CacheResidency,
    private readonly missCycles: Cycles,
  ) {
    const { cpus, tree } = dispatcher
    this.lines = new TaskLines(cpus.length, Infinity, 1)
    this.footprint = cache.create(taskStructBytes)
    this.scheduleProcedure = tree.declare('vmlinux', 'schedule', Mode.system)
    this.spinProcedure = tree.declare('vmlinux', 'schedule.text.lock', Mode.spin)
    this.idleSchedule = tree.call(0, this.scheduleProcedure)
  }

  /**
   * Tells how task structures lie in the caches. Until then reading them costs no misses of this kind.
   * @param places task structures whose same line a CPU's cache holds at the same time
   * @param ways associativity of the caches
   * @param lineCycles cycles to load a line from memory
   */
  placeTasks(places: number, ways: number, lineCycles: number): void {
    const cpus = this.dispatcher.cpus.length
    this.lines = new TaskLines(cpus, places, ways)
    this.stacks = new StackLines(cpus, places, ways)
    this.lineCycles = lineCycles
    this.transferCycles = this.cost.lineTransfer
  }

  /** A new task, with a full quantum. */
  enrol(task: Task): void {
    const slot = this.freeSlots.pop() ?? this.slots++
    if ((slot + 1) * record > this.table.length) {
      const larger = new Int32Array(this.table.length * 2)
      larger.set(this.table)
      this.table = larger
    }
    task.slot = slot
    this.taskOfSlot[slot] = task
    const at = slot * record
    this.table[at + Field.counter] = defaultPriority
    this.table[at + Field.processor] = task.processor
    this.table[at + Field.space] = none
    this.table[at + Field.hasCpu] = 0
    this.enrolled++
  }

  /** A task that has ended. */
  dismiss(task: Task): void {
    this.leaveSpace(task, this.table[task.slot * record + Field.space])
    this.taskOfSlot[task.slot] = undefined
    this.freeSlots.push(task.slot)
    this.enrolled--
  }

  /** The task's address space has changed. */
  setSpace(task: Task): void {
    const at = task.slot * record + Field.space
    this.leaveSpace(task, this.table[at])
    const space = task.mm?.id ?? none
    this.table[at] = space
    if (space === none) return
    const members = this.members.get(space)
    if (members) members.push(task)
    else this.members.set(space, [task])
  }

  private leaveSpace(task: Task, space: number): void {
    const members = this.members.get(space)
    if (members === undefined) return
    if (members.length === 1) this.members.delete(space)
    else members.splice(members.indexOf(task), 1)
  }

  setProcessor(task: Task, cpu: number): void {
    task.processor = cpu
    this.table[task.slot * record + Field.processor] = cpu
  }

  /** Ticks left of the task's quantum. */
  counterOf(task: Task): number {
    return this.table[task.slot * record + Field.counter]
  }

  private setCounter(task: Task, ticks: number): void {
    this.table[task.slot * record + Field.counter] = ticks
  }

  /** add_to_runqueue: at the front. */
  add(task: Task): void {
    if (this.runnable === this.line.length) {
      const larger = new Int32Array(this.line.length * 2)
      larger.set(this.line)
      this.line = larger
    }
    task.onRunQueue = true
    this.lines.wrote(task.slot, anyCpu)
    this.line[this.runnable++] = task.slot
  }

  private remove(task: Task): void {
    const { line, runnable } = this
    const at = line.lastIndexOf(task.slot, runnable - 1)
    line.copyWithin(at, at + 1, runnable)
    task.onRunQueue = false
    this.runnable--
  }

  /** move_last_runqueue. */
  moveLast(task: Task): void {
    const { line } = this
    const at = line.lastIndexOf(task.slot, this.runnable - 1)
    line.copyWithin(1, 0, at)
    line[0] = task.slot
  }

  /** Weight of a task for a CPU that holds the translations of the address space `space`. */
  goodness(task: Task, cpu: number, space: number): number {
    return this.weigh(task.slot, cpu, space)
  }

  private weigh(slot: number, cpu: number, space: number): number {
    const { table } = this
    const at = slot * record
    const ticks = table[at + Field.counter]
    if (ticks === 0) return 0
    return (
      ticks +
      defaultPriority +
      (table[at + Field.processor] === cpu ? sameProcessor : 0) +
      (space !== none && table[at + Field.space] === space ? 1 : 0)
    )
  }

  /** schedule(): charges the scan, and the switch if there is one, to the CPU. Undefined: nothing to run. */
  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { dispatcher, cost } = this
    dispatcher.settleWaiting(cpu)
    const stack = previous
      ? dispatcher.tree.call(previous.node, this.scheduleProcedure)
      : this.idleSchedule
    const handOver = this.takeLock(cpu, stack)
    if (previous && previous.state !== TaskState.running) this.remove(previous)

    let cycles = cost.schedule + cost.spinLock + handOver
    // sched_yield had the lock before, for a moment.
    if (this.yielded) cycles += cost.spinLock + handOver
    cycles += this.lines.walk(cpu.id, this.runnable, this.isRunnable) * this.transferCycles
    cycles += this.lines.crowded(this.runnable) * this.lineCycles
    let best = this.scan(cpu, previous)
    let scanned = this.scanned
    if (best !== undefined && this.bestWeight === 0) {
      this.recalculate()
      this.lines.wroteAll(cpu.id)
      cycles += this.enrolled * cost.recalculate
      best = this.scan(cpu, previous)
      scanned += this.scanned
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
      this.table[previous.slot * record + Field.hasCpu] = 0
      this.lines.wrote(previous.slot, cpu.id)
    }
    if (best) {
      this.table[best.slot * record + Field.hasCpu] = 1
      this.setProcessor(best, cpu.id)
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
    return cache.touch(cpu, footprint, lines) * this.missCycles
  }

  /** Spins for the run-queue lock. Returns the cycles for fetching its line from the CPU that had it last. */
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

  private readonly isRunnable = (slot: number): boolean =>
    this.taskOfSlot[slot]?.onRunQueue === true

  private bestWeight = 0
  private scanned = 0

  private scan(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { table } = this
    const cpuId = cpu.id
    const { space } = cpu
    let best = none
    let bestWeight = -1000
    // The previous task is looked at first: it wins ties, so that equal tasks are not switched for nothing.
    if (previous?.state === TaskState.running) {
      best = previous.slot
      bestWeight = previous === this.yielded ? -1 : this.weigh(best, cpuId, space)
    }
    const { line } = this
    const mostBonus =
      defaultPriority + sameProcessor + (this.spaceIsWaiting(space, previous) ? 1 : 0)
    for (let index = this.runnable - 1; index >= 0; index--) {
      const slot = line[index]
      const at = slot * record
      const ticks = table[at]
      // What cannot be better need not be looked at: most of a long queue.
      if (ticks + mostBonus <= bestWeight || table[at + Field.hasCpu] === 1) continue
      let weight = 0
      if (ticks > 0) {
        weight = ticks + defaultPriority
        if (table[at + Field.processor] === cpuId) weight += sameProcessor
        if (table[at + Field.space] === space && space !== none) weight++
      }
      if (weight > bestWeight) {
        best = slot
        bestWeight = weight
      }
    }
    this.bestWeight = bestWeight
    this.scanned = this.runnable
    return best === none ? undefined : this.taskOfSlot[best]
  }

  /** Whether a task of this address space may be on the run queue, other than `previous` and not running. */
  private spaceIsWaiting(space: number, previous: Task | undefined): boolean {
    const members = this.members.get(space)
    if (members === undefined) return false
    if (members.length > 1) return true
    const [only] = members
    return only !== previous && only.onRunQueue && !this.hasCpu(only)
  }

  /** All runnable tasks have used up their quantum: everyone gets a new one, and keeps half of what is left. */
  private recalculate(): void {
    const { table, taskOfSlot } = this
    for (let slot = 0; slot < this.slots; slot++) {
      if (taskOfSlot[slot] === undefined) continue
      const at = slot * record + Field.counter
      table[at] = (table[at] >> 1) + defaultPriority
    }
  }

  /** reschedule_idle(): finds a CPU for a task that has become runnable. */
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

  /** A timer tick for the task that runs on a CPU. */
  tick(cpu: Cpu): void {
    const task = cpu.current
    if (!task) return
    const at = task.slot * record + Field.counter
    if (this.table[at] > 0) this.table[at]--
    this.lines.wrote(task.slot, cpu.id)
    if (this.table[at] === 0) cpu.needResched = true
  }

  /** At fork the quantum is shared between parent and child. */
  shareQuantum(parent: Task, child: Task): void {
    const ticks = this.counterOf(parent)
    this.setCounter(child, (ticks + 1) >> 1)
    this.setCounter(parent, ticks >> 1)
  }

  /** At the end what a child has left goes back to its parent. */
  returnQuantum(parent: Task, child: Task): void {
    const ticks = this.counterOf(parent) + this.counterOf(child)
    this.setCounter(parent, Math.min(ticks, 2 * defaultPriority))
  }

  /** Whether a task is running on a CPU. */
  hasCpu(task: Task): boolean {
    return this.table[task.slot * record + Field.hasCpu] === 1
  }

  /** Tasks on the run queue in the order of the scan. */
  queue(): Task[] {
    const tasks: Task[] = []
    for (let index = this.runnable - 1; index >= 0; index--) {
      const task = this.taskOfSlot[this.line[index]]
      if (task) tasks.push(task)
    }
    return tasks
  }
}
