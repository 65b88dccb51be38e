/**
 * A scheduler of another kind: first come, first served, a queue without goodness. Deciding takes
 * 100 cycles.
 */
import type { Cpu } from './cpu'
import type { MakeScheduler, Scheduler, SchedulerCpus } from './scheduler'
import type { Task } from './task'
import { TaskState } from './task'

const decideCycles = 100
const quantum = 5

class FifoScheduler implements Scheduler {
  private readonly waiting: Task[] = []
  private readonly running = new Map<Cpu, Task>()
  private readonly ticks = new Map<Task, number>()
  private readonly stack: number
  contextSwitches = 0
  scans = 0
  readonly looked = 0
  readonly priorities = undefined
  scanCycles = 0

  constructor(private readonly cpus: SchedulerCpus) {
    this.stack = cpus.tree.call(0, cpus.tree.declare('vmlinux', 'choose', 1))
  }

  get runnable(): number {
    return this.queue().length
  }
  get enrolled(): number {
    return this.ticks.size
  }
  enrol(task: Task): void {
    this.ticks.set(task, quantum)
  }
  dismiss(task: Task): void {
    this.ticks.delete(task)
  }
  setSpace(): void {
    // It ignores address spaces and processors.
  }
  setProcessor(task: Task, cpu: number): void {
    task.processor = cpu
  }
  shareQuantum(): void {
    // Everyone has the same.
  }
  returnQuantum(): void {
    // As above.
  }

  add(task: Task): number {
    task.onRunQueue = true
    this.waiting.push(task)
    return 0
  }

  rescheduleIdle(): void {
    const idle = this.cpus.cpus.find((cpu) => !cpu.current && !cpu.needResched)
    if (idle) this.cpus.requestReschedule(idle)
  }

  endQuantum(task: Task): void {
    this.ticks.set(task, 0)
  }
  yieldCpu(): void {
    // Whoever calls schedule() goes last anyway.
  }

  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    this.cpus.settleWaiting(cpu)
    this.scans++
    this.scanCycles += decideCycles
    this.cpus.chargeCpu(cpu, this.stack, decideCycles)
    this.running.delete(cpu)
    if (previous?.state === TaskState.running) this.waiting.push(previous)
    else if (previous) previous.onRunQueue = false
    const next = this.waiting.shift()
    if (next !== previous) this.contextSwitches++
    if (!next) return undefined
    this.running.set(cpu, next)
    this.ticks.set(next, quantum)
    next.processor = cpu.id
    return next
  }

  tick(cpu: Cpu): void {
    const task = cpu.current
    if (!task) return
    const left = this.counterOf(task) - 1
    this.ticks.set(task, left)
    if (left <= 0) cpu.needResched = true
  }

  counterOf(task: Task): number {
    return this.ticks.get(task) ?? 0
  }
  hasCpu(task: Task): boolean {
    return [...this.running.values()].includes(task)
  }
  goodness(): number {
    return 0
  }
  queue(): Task[] {
    return [...this.running.values(), ...this.waiting]
  }
}

export const fifoScheduler: MakeScheduler = (cpus) => new FifoScheduler(cpus)
