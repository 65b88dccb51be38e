/**
 * The scheduler of Linux 2.2: one run queue for all CPUs under one spin lock; schedule() walks all of it and
 * takes the task with the highest goodness: what is left of its quantum plus its priority, 15 more if it ran
 * on this CPU last, 1 more for the same address space. When all runnable tasks have used up their quantum,
 * every task in the system gets a new one. New tasks go to the front.
 * Left out: real-time classes, avg_slice. Constants: kernel source of the 2.2 series.
 */
import type { StackNode } from '../observe/call-tree'
import { Mode } from '../observe/call-tree'
import { cost } from './costs'
import type { Cpu, Dispatcher } from './dispatcher'
import type { Task } from './task'
import { defaultPriority, TaskState } from './task'

/** PROC_CHANGE_PENALTY of i386. */
const sameProcessor = 15

export class Scheduler {
  private first: Task | undefined
  private last: Task | undefined
  /** Tasks in state R, running ones included. */
  runnable = 0
  contextSwitches = 0
  scans = 0
  scanCycles = 0
  /** A task that has just called sched_yield: others go first even with less goodness. */
  yielded: Task | undefined
  /** Every task in the system, for the recalculation. */
  readonly tasks = new Set<Task>()
  /** When the run-queue lock is free again, in cycles. */
  private lockFreeAt = 0
  private readonly scheduleProcedure: number
  private readonly spinProcedure: number
  private readonly idleSchedule: StackNode

  constructor(
    private readonly dispatcher: Dispatcher,
    /** Cycles of cache misses when a CPU reads that many task structures. */
    private readonly scanMisses: (cpu: number, tasks: number) => number,
  ) {
    const { tree } = dispatcher
    this.scheduleProcedure = tree.declare('vmlinux', 'schedule', Mode.system)
    this.spinProcedure = tree.declare('vmlinux', 'schedule.text.lock', Mode.spin)
    this.idleSchedule = tree.call(0, this.scheduleProcedure)
  }

  /** add_to_runqueue: at the front. */
  add(task: Task): void {
    task.onRunQueue = true
    task.previous = undefined
    task.next = this.first
    if (this.first) this.first.previous = task
    else this.last = task
    this.first = task
    this.runnable++
  }

  private remove(task: Task): void {
    if (task.previous) task.previous.next = task.next
    else this.first = task.next
    if (task.next) task.next.previous = task.previous
    else this.last = task.previous
    task.previous = undefined
    task.next = undefined
    task.onRunQueue = false
    this.runnable--
  }

  /** move_last_runqueue. */
  moveLast(task: Task): void {
    this.remove(task)
    task.onRunQueue = true
    task.previous = this.last
    task.next = undefined
    if (this.last) this.last.next = task
    else this.first = task
    this.last = task
    this.runnable++
  }

  /** Weight of a task for a CPU whose present address space is `space`. */
  goodness(task: Task, cpu: number, space: object | undefined): number {
    const weight = task.counter
    if (weight === 0) return 0
    return (
      weight +
      task.priority +
      (task.processor === cpu ? sameProcessor : 0) +
      (task.mm !== undefined && task.mm === space ? 1 : 0)
    )
  }

  /** schedule(): charges the scan, and the switch if there is one, to the CPU. Undefined: nothing to run. */
  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { dispatcher } = this
    dispatcher.settleWaiting(cpu)
    const stack = previous
      ? dispatcher.tree.call(previous.node, this.scheduleProcedure)
      : this.idleSchedule
    const began = cpu.clock
    if (this.lockFreeAt > began) {
      const spin = dispatcher.tree.call(stack, this.spinProcedure)
      dispatcher.chargeCpu(cpu, spin, this.lockFreeAt - began)
    }
    if (previous && previous.state !== TaskState.running) this.remove(previous)

    let cycles = cost.schedule + cost.spinLock
    let best = this.scan(cpu, previous)
    let scanned = this.scanned
    if (best !== undefined && this.bestWeight === 0) {
      for (const task of this.tasks) task.counter = (task.counter >> 1) + task.priority
      cycles += this.tasks.size * cost.recalculate
      best = this.scan(cpu, previous)
      scanned += this.scanned
    }
    this.yielded = undefined
    cycles += scanned * cost.goodness + this.scanMisses(cpu.id, scanned)
    this.scans++
    this.scanCycles += cycles
    if (best !== previous) {
      cycles += cost.contextSwitch
      if (best !== undefined || previous !== undefined) this.contextSwitches++
    }
    dispatcher.chargeCpu(cpu, stack, cycles)
    this.lockFreeAt = cpu.clock

    if (previous) {
      previous.hasCpu = false
      previous.processor = cpu.id
    }
    if (best) {
      best.hasCpu = true
      best.processor = cpu.id
    }
    if (previous && best !== previous && previous.state === TaskState.running) {
      this.rescheduleIdle(previous)
    }
    return best
  }

  private bestWeight = 0
  private scanned = 0

  private scan(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const cpuId = cpu.id
    const space = cpu.space
    let best: Task | undefined
    let bestWeight = -1000
    let scanned = 0
    // The previous task is looked at first: it wins ties, so that equal tasks are not switched for nothing.
    if (previous?.state === TaskState.running) {
      best = previous
      bestWeight = previous === this.yielded ? -1 : this.goodness(previous, cpuId, space)
    }
    for (let task = this.first; task !== undefined; task = task.next) {
      scanned++
      if (task.hasCpu) continue
      const weight = task.counter === 0 ? 0 : this.goodness(task, cpuId, space)
      if (weight > bestWeight) {
        best = task
        bestWeight = weight
      }
    }
    this.bestWeight = bestWeight
    this.scanned = scanned
    return best
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
    if (--task.counter <= 0) {
      task.counter = 0
      cpu.needResched = true
    }
  }

  /** At fork the quantum is shared between parent and child. */
  shareQuantum(parent: Task, child: Task): void {
    child.counter = (parent.counter + 1) >> 1
    parent.counter >>= 1
  }

  /** At the end what a child has left goes back to its parent. */
  returnQuantum(parent: Task, child: Task): void {
    parent.counter = Math.min(parent.counter + child.counter, 2 * defaultPriority)
  }

  /** Tasks on the run queue in the order of the scan. */
  queue(): Task[] {
    const tasks: Task[] = []
    for (let task = this.first; task !== undefined; task = task.next) tasks.push(task)
    return tasks
  }
}
