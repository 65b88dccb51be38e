/**
 * What every room of a kernel is built on: the clock, the profile, the costs of its cores, their
 * caches, the dispatcher and the timer; and how a task enters the kernel. 2.2 holds the big kernel
 * lock through most system calls; what a call waits for it waits for without the lock, which the
 * dispatcher sees to.
 */
import type { Engine } from '../../engine/engine'
import { CacheResidency } from '../../machine/cache'
import { DirectMappedCache } from '../../machine/direct-mapped-cache'
import type { Residency } from '../../machine/residency'
import type { Costs } from '../../machine/core'
import { cyclesOf } from '../../machine/core'
import type { MachinePreset } from '../../machine/presets'
import type { CallTree, ProcedureId, StackNode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import { Dispatcher } from './dispatcher'
import type { Procedures } from './procedures'
import { declareProcedures } from './procedures'
import type { KernelKind } from './kernel-kind'
import { DrivenPath, SystemCall } from './system-call'
import type { MayWait, Path, Task } from './task'

export class KernelBase {
  readonly cost: Costs
  readonly cache: Residency
  /** What one line from memory takes. */
  readonly missCycles: Cycles
  /** What one line from the last level of a CPU's cache takes. */
  readonly hitCycles: Cycles
  readonly dispatcher: Dispatcher
  readonly procedures: Procedures
  /** Interrupts of devices, the timer included. */
  interrupts = 0
  /** System calls that were made. */
  systemCalls = 0

  constructor(
    readonly engine: Engine,
    readonly tree: CallTree,
    readonly machine: MachinePreset,
    readonly kind: KernelKind,
  ) {
    this.missCycles = cyclesOf(machine.memoryMissNs, machine.clockMHz)
    this.hitCycles = cyclesOf(machine.l2HitNs, machine.clockMHz)
    const { cpus, cacheKB, cacheWays, lineBytes, memoryMissNs } = machine
    this.cache =
      cacheWays === 1
        ? new DirectMappedCache(cpus, cacheKB * 1024, lineBytes)
        : new CacheResidency(cpus, cacheKB * 1024, lineBytes, memoryMissNs)
    const { cache, missCycles } = this
    this.dispatcher = new Dispatcher(engine, tree, machine, cache, missCycles, kind)
    this.cost = this.dispatcher.cost
    this.procedures = declareProcedures(tree)
  }

  get now(): number {
    return this.engine.now
  }

  /** Charges a task cycles, and what it waits for so many lines of a footprint. */
  chargeWithLines(task: Task, cycles: Cycles, footprint: number, lines: number): void {
    const { cache } = this
    cache.read(task.processor, footprint, lines)
    task.charge(cycles + cache.missed * this.missCycles)
  }

  /** The stack in which the task calls a procedure. */
  call(task: Task, procedure: ProcedureId): StackNode {
    return this.tree.call(task.node, procedure)
  }

  /**
   * A system call: the task is in the procedure, with the big kernel lock, until `body` has ended.
   * A body that has to wait, or may have to, answers with the path that does.
   */
  systemCall<Result>(
    task: Task,
    procedure: ProcedureId,
    body: () => MayWait<Result>,
  ): Path<Result> {
    this.systemCalls++
    return new SystemCall(this.tree, task, procedure, body)
  }

  /**
   * A system call that waits for nothing, and of which nothing is modelled but its time. Whoever
   * makes it has the kernel lock, if it needs that. @param cycles beside its entry
   */
  callNow(task: Task, procedure: ProcedureId, cycles: Cycles, calls = 1): void {
    const { node } = task
    this.systemCalls += calls
    task.node = this.tree.call(node, procedure)
    task.charge(calls * (this.cost.systemCall + cycles))
    task.node = node
  }

  /** With the big kernel lock, which `callNow` leaves to who calls. */
  locked<Result>(task: Task, calls: () => MayWait<Result>): Path<Result> {
    return new SystemCall(this.tree, task, undefined, calls)
  }

  /** A path that goes on often, so that what is around it need not be gone through each time. */
  driven<Result>(task: Task, path: Path<Result>): Path<Result> {
    return new DrivenPath(task, path)
  }
}
