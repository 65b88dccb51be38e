/**
 * The accounts of the CPUs. A CPU's clock is the sum of what was charged to it, idle included: that
 * every cycle is charged once is how time passes here, not a later check. It runs ahead of
 * simulated time by the interrupt or the switch that it is in.
 */
import type { Engine } from '../../engine/engine'
import type { Costs } from '../../machine/core'
import { costsOf } from '../../machine/core'
import type { MachinePreset } from '../../machine/presets'
import type { CallTree, StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { SimTime } from '../../units/time'
import { Cpu } from './cpu'
import type { Task } from './task'
import { TaskState } from './task'

export abstract class CpuAccounts {
  readonly cpus: Cpu[]
  private readonly cyclesPerNs: number
  private readonly nsPerCycle: number
  readonly cost: Costs
  private readonly idleStack: StackNode
  private readonly waitStack: StackNode
  private readonly samplerStack: StackNode
  /** Processes in uninterruptible sleep: idle cycles count as waiting while there is one. */
  blocked = 0

  constructor(
    readonly engine: Engine,
    readonly tree: CallTree,
    machine: MachinePreset,
  ) {
    this.cost = costsOf(machine)
    this.cpus = Array.from({ length: machine.cpus }, (_, id) => new Cpu(id))
    for (const cpu of this.cpus) cpu.clock = tree.charged[cpu.id]
    this.cyclesPerNs = machine.clockMHz / 1000
    this.nsPerCycle = 1000 / machine.clockMHz
    this.idleStack = tree.call(0, tree.declare('idle', 'idle', Mode.idle))
    this.waitStack = tree.call(0, tree.declare('idle', 'wait for disk', Mode.wait))
    this.samplerStack = tree.call(0, tree.declareKernel('perf_interrupt', Mode.interrupt))
  }

  /** Stack of a CPU that spins for the kernel lock. */
  protected abstract spinStack(cpu: Cpu): StackNode

  /** Cycles in a length of time. */
  protected cyclesIn(ns: number): Cycles {
    return Math.round(ns * this.cyclesPerNs)
  }

  /** What an idle CPU does now: it waits for the disk while a process does. */
  protected get idling(): StackNode {
    return this.blocked > 0 ? this.waitStack : this.idleStack
  }

  /** The present instant in cycles since the start. */
  get nowCycles(): Cycles {
    return Math.floor(this.engine.now * this.cyclesPerNs)
  }

  /** The instant at which a CPU's clock stands, never before now. */
  protected timeOf(cycles: Cycles): SimTime {
    const time = Math.ceil(cycles * this.nsPerCycle)
    const now = this.engine.now
    return (time > now ? time : now) as SimTime
  }

  /** When the CPU has worked off what its task has noted. */
  endOf(cpu: Cpu, task: Task): SimTime {
    return this.timeOf(cpu.clock + task.pending)
  }

  /** When a CPU has worked off what was charged to it so far. */
  timeAt(cpu: Cpu): SimTime {
    return this.timeOf(cpu.clock)
  }

  /** Charges cycles to a CPU outside any task's own list. Time passes for that CPU. */
  chargeCpu(cpu: Cpu, node: StackNode, work: Cycles): void {
    const cycles = Math.round(work)
    cpu.clock += cycles
    cpu.samplerCycles += this.tree.charge(cpu.id, node, cycles) * this.cost.profilerSample
  }

  /**
   * Charges what the sampler's interrupts have cost. Only where an event is executed: an account
   * that is brought up to now because somebody looks must not move anything.
   */
  chargeSampler(cpu: Cpu): void {
    const cycles = cpu.samplerCycles
    if (cycles === 0) return
    cpu.samplerCycles = 0
    cpu.clock += cycles
    this.tree.chargeUnseen(cpu.id, this.samplerStack, cycles)
  }

  /** Charges what an idle or spinning CPU has spent up to now. */
  settleWaiting(cpu: Cpu): void {
    const elapsed = this.nowCycles - cpu.clock
    if (elapsed <= 0) return
    if (cpu.spinning) this.chargeCpu(cpu, this.spinStack(cpu), elapsed)
    else if (!cpu.current) {
      this.chargeCpu(cpu, this.idling, elapsed)
    }
  }

  /** Charges what the running task has spent up to now, in order, and keeps the rest. */
  settleRunning(cpu: Cpu, task: Task): void {
    let elapsed = this.nowCycles - cpu.clock
    if (elapsed > task.pending) elapsed = task.pending
    if (elapsed <= 0) return
    const nodes = task.chargedNodes
    const cycles = task.chargedCycles
    let first = 0
    task.pending -= elapsed
    while (elapsed > 0) {
      const spent = cycles[first] <= elapsed ? cycles[first] : elapsed
      this.chargeCpu(cpu, nodes[first], spent)
      elapsed -= spent
      cycles[first] -= spent
      if (cycles[first] === 0) first++
    }
    const left = task.charges - first
    for (let index = 0; index < left; index++) {
      nodes[index] = nodes[index + first]
      cycles[index] = cycles[index + first]
    }
    task.charges = left
  }

  /** Charges all that the running task has noted: its segment has ended. */
  workOff(cpu: Cpu, task: Task): void {
    const { charges, chargedNodes, chargedCycles } = task
    for (let index = 0; index < charges; index++) {
      this.chargeCpu(cpu, chargedNodes[index], chargedCycles[index])
    }
    task.charges = 0
    task.pending = 0
    this.chargeSampler(cpu)
  }

  /** Brings every CPU's account up to now. */
  settle(): void {
    for (const cpu of this.cpus) {
      if (cpu.current && !cpu.spinning) this.settleRunning(cpu, cpu.current)
      else this.settleWaiting(cpu)
    }
  }

  /** Mode in which a CPU executes at this instant, as a timer interrupt finds it. */
  modeNow(cpu: Cpu): number {
    const task = cpu.current
    if (!task) return Mode.idle
    if (cpu.spinning) return Mode.spin
    let elapsed = this.nowCycles - cpu.clock
    for (let index = 0; index < task.charges; index++) {
      elapsed -= task.chargedCycles[index]
      if (elapsed < 0) return this.tree.modeOf(task.chargedNodes[index])
    }
    return task.user ? Mode.user : Mode.system
  }

  /** The task's state becomes a sleeping one; it goes to sleep at its next `Op.sleep`. */
  prepareToSleep(task: Task, state: 1 | 2): void {
    if (state === TaskState.uninterruptible) this.blockedChanges(1)
    task.state = state
  }

  /** The task decides not to sleep after all. */
  stayAwake(task: Task): void {
    if (task.state === TaskState.uninterruptible) this.blockedChanges(-1)
    task.state = TaskState.running
  }

  /** A process begins (+1) or ends (-1) an uninterruptible sleep. */
  protected blockedChanges(by: 1 | -1): void {
    const idleCountsDifferently = by === 1 ? this.blocked === 0 : this.blocked === 1
    if (idleCountsDifferently) {
      for (const cpu of this.cpus) if (!cpu.current) this.settleWaiting(cpu)
    }
    this.blocked += by
  }
}
