/**
 * The scheduler as a part of a kernel: what the dispatcher, fork, exit, exec and the timer ask of
 * it, whatever its run queue looks like. It decides, and charges what deciding takes; the
 * dispatcher executes.
 */
import type { Residency } from '../../machine/residency'
import type { Costs } from '../../machine/core'
import type { MachinePreset } from '../../machine/presets'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { CpuAccounts } from './cpu-accounts'
import type { Task } from './task'

export interface Scheduler {
  /** Tasks in state R, running ones included. */
  readonly runnable: number
  /** Tasks in the system. */
  readonly enrolled: number
  readonly contextSwitches: number
  /** Calls of schedule(), and the cycles of them without waiting for the lock and switching. */
  readonly scans: number
  readonly scanCycles: Cycles
  /** Tasks on the run queue that those walks looked at. */
  readonly looked: number
  /** How many priorities it has queues for, 0 the best; undefined where a list is scanned. */
  readonly priorities: number | undefined

  /** A new task, with a full quantum. It is not on the run queue. */
  enrol(task: Task): void
  /** A task that has ended. */
  dismiss(task: Task): void
  /** The task's address space has changed. */
  setSpace(task: Task): void
  /** The CPU on which the task counts as having run last. */
  setProcessor(task: Task, cpu: number): void
  /** At fork the quantum is shared between parent and child. */
  shareQuantum(parent: Task, child: Task): void
  /** At the end what a child has left goes back to its parent. */
  returnQuantum(parent: Task, child: Task): void

  /**
   * A task that is not on the run queue has become runnable. Returns the cycles that the CPU which
   * executes waits for its lines.
   */
  add(task: Task): Cycles
  /**
   * Finds a CPU for a task that has become runnable. @param by the CPU that made it so; undefined
   * at boot
   */
  rescheduleIdle(task: Task, by: Cpu | undefined): void
  /** sched_yield() of a running task: at its CPU's next `pick` others go first. */
  yieldCpu(task: Task): void
  /** A task gives up what is left of its quantum: it runs again when the others have had theirs. */
  endQuantum(task: Task): void
  /** schedule(): the task that a CPU runs next, charged to it. Undefined: nothing to run. */
  pick(cpu: Cpu, previous: Task | undefined): Task | undefined
  /** A timer tick for the task that runs on a CPU. */
  tick(cpu: Cpu): void

  /** Ticks left of the task's quantum. */
  counterOf(task: Task): number
  /** Whether a task is running on a CPU. */
  hasCpu(task: Task): boolean
  /** Weight of a task for a CPU that holds the translations of the address space `space`. */
  goodness(task: Task, cpu: number, space: number): number
  /** Tasks on the run queue, in its order. */
  queue(): Task[]
}

/** What a scheduler sees of the dispatcher. */
export interface SchedulerCpus extends CpuAccounts {
  /** The CPU whose task or interrupt handler is being executed. */
  readonly executing: Cpu
  /** Asks a CPU to call schedule() soon. */
  requestReschedule(cpu: Cpu): void
}

/** What a scheduler asks about a machine. */
export type MachineCaches = Pick<
  MachinePreset,
  | 'clockMHz'
  | 'firstLevelKB'
  | 'firstLevelWays'
  | 'cacheWays'
  | 'l2HitNs'
  | 'memoryMissNs'
  | 'lineBusNs'
>

/** What a scheduler's work costs. */
export interface SchedulerCosts {
  readonly cost: Costs
  readonly cache: Residency
  /** Its caches, and what a line takes from each of them. */
  readonly machine: MachineCaches
}

export type MakeScheduler = (cpus: SchedulerCpus, costs: SchedulerCosts) => Scheduler
