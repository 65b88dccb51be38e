/**
 * The timer of a kernel at its HZ: the board's interrupt on one CPU, which counts jiffies, and
 * the local one on every CPU, which charges a jiffy to the mode that it finds and takes a tick from
 * the quantum of who runs. Beside them timers of sleeping tasks, which go off at their instant.
 * Left out: that timers go off at ticks.
 */
import type { HandlerId, TimerId } from '../../engine/engine'
import { noTimer } from '../../engine/engine'
import { NumberTable } from '../../engine/number-table'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { Duration } from '../../units/time'
import { nanoseconds } from '../../units/time'
import type { KernelBase } from './base'
import type { Path, Task } from './task'
import { TaskState } from './task'
import type { WaitQueue } from './wait-queue'

export class Timer {
  /** Between two ticks, in whole nanoseconds. */
  readonly interval: Duration
  jiffies = 0
  /** Jiffies by mode as the timer interrupt counts them, all CPUs. */
  userJiffies = 0
  systemJiffies = 0
  private readonly sleepers = new NumberTable<Task>()
  private readonly boardStack: StackNode
  private readonly localStack: StackNode
  private readonly wakeHandler: HandlerId
  private readonly tickHandler: HandlerId
  private halted = false

  constructor(private readonly base: KernelBase) {
    const { engine, tree } = base
    const interruptStack = (name: string): StackNode =>
      tree.call(0, tree.declareKernel(name, Mode.interrupt))
    this.interval = nanoseconds(Math.round(1e9 / base.kind.hz))
    this.boardStack = interruptStack('timer_interrupt')
    this.localStack = interruptStack('smp_apic_timer_interrupt')
    this.wakeHandler = engine.handler('timer wake-up', (pid) => this.onTimer(pid))
    this.tickHandler = engine.handler('tick', () => this.onTick())
    engine.at(engine.now, this.tickHandler, 0)
  }

  private onTick(): void {
    if (this.halted) return
    const { engine, dispatcher, cost } = this.base
    engine.after(this.interval, this.tickHandler, 0)
    this.jiffies++
    this.base.interrupts++
    dispatcher.interrupt(this.boardStack, cost.timerInterrupt)
    for (const cpu of dispatcher.cpus) {
      const mode = dispatcher.modeNow(cpu)
      if (mode === Mode.user) this.userJiffies++
      else if (mode !== Mode.idle) this.systemJiffies++
      dispatcher.interruptCpu(cpu, this.localStack, cost.localTimer)
      dispatcher.scheduler.tick(cpu)
      if (cpu.needResched && cpu.current) dispatcher.preemptNow(cpu)
    }
  }

  /** Sleeps until woken or until the time is over (interruptible_sleep_on_timeout). */
  *sleepUntilWoken(task: Task, queue: WaitQueue, ns: number): Path {
    const timer = this.setAlarm(task, ns)
    yield* this.base.dispatcher.sleepOn(task, queue, TaskState.interruptible)
    this.endAlarm(task, timer)
  }

  /**
   * The timer of schedule_timeout(), for a path that sleeps by `Op.sleep` between this and
   * `endAlarm`: it wakes the task when the time is over. Never when that is without end.
   */
  setAlarm(task: Task, ns: number): TimerId {
    if (ns === Infinity) return noTimer
    this.sleepers.set(task.pid, task)
    return this.base.engine.after(nanoseconds(ns), this.wakeHandler, task.pid)
  }

  /** The task is awake. */
  endAlarm(task: Task, timer: TimerId): void {
    if (timer === noTimer) return
    this.base.engine.cancel(timer)
    this.sleepers.delete(task.pid)
  }

  /** time(): whole seconds, without any lock. */
  time(task: Task): number {
    const { base } = this
    base.callNow(task, base.procedures.sys_time, 0)
    return Math.floor(base.now / 1e9)
  }

  /** gettimeofday(), without the big kernel lock: nanoseconds since the clock began. */
  timeOfDay(task: Task): number {
    this.base.callNow(task, this.base.procedures.sys_gettimeofday, 0)
    return this.base.now
  }

  private onTimer(pid: number): void {
    const task = this.sleepers.get(pid)
    if (this.halted || !task) return
    const { dispatcher } = this.base
    const cpu = dispatcher.interrupt(this.boardStack, 0)
    if (dispatcher.wake(task)) dispatcher.interruptCpu(cpu, this.boardStack, dispatcher.wakeCycles)
  }

  /**
   * Wakes the sleepers of a queue in an interrupt, when no task can be charged for it: `times`
   * wake-ups at one instant, of which the later ones find awake whom the first has woken.
   */
  wakeFromAnywhere(queue: WaitQueue, times = 1): void {
    if (queue.length === 0) return
    const { dispatcher, cost } = this.base
    const cpu = dispatcher.interrupt(this.boardStack, 0)
    dispatcher.interruptCpu(cpu, this.boardStack, dispatcher.wakeUp(queue))
    if (times === 1) return
    this.interruptAgain(queue.length * cost.waitQueueStep, times - 1)
  }

  /** A number of the board's interrupts at this instant. */
  private interruptAgain(cycles: Cycles, times: number): void {
    const { base, boardStack } = this
    const { dispatcher } = base
    const { cpus } = dispatcher
    // The first round brings every CPU's account up to now. After it nothing but sums counts,
    // unless samples are taken.
    const rounds = base.tree.isSampling ? 0 : Math.max(0, Math.floor(times / cpus.length) - 1)
    for (let left = times - rounds * cpus.length; left > 0; left--) {
      dispatcher.interrupt(boardStack, cycles)
    }
    if (rounds > 0) for (const cpu of cpus) dispatcher.chargeCpu(cpu, boardStack, rounds * cycles)
  }

  /** The machine is powered off. */
  halt(): void {
    this.halted = true
  }
}
