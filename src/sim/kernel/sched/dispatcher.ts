/**
 * Executes tasks on CPUs: works off their charges in simulated time, lets interrupts take cycles from
 * whatever is running, and asks the scheduler when a task gives up its CPU or is preempted.
 * A CPU's clock is the sum of what was charged to it, idle included: that every cycle is charged once is how time
 * passes here, not a later check. It runs ahead of simulated time by the interrupt or the switch that it is in, and
 * nothing else on that CPU happens before it is caught up with.
 * Left out: instructions overlapping with memory, hyper-fine interrupt latency, nested interrupts.
 */
import type { Engine, HandlerId, TimerId } from '../../engine/engine'
import { noTimer } from '../../engine/engine'
import { Livelock, mostAtOnce } from '../../engine/livelock'
import type { CallTree, StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { SimTime } from '../../units/time'
import { microseconds } from '../../units/time'
import { cost } from '../costs'
import { KernelLock } from './kernel-lock'
import { Scheduler } from './scheduler'
import type { Task } from './task'
import { Op, TaskState } from './task'
import type { WaitQueue } from './wait-queue'

export class Cpu {
  current: Task | undefined
  /** Cycles charged so far: its own time. May run ahead of the simulation by the interrupt in progress. */
  clock = 0
  timer: TimerId = noTimer
  spinning = false
  needResched = false
  reschedulePending = false
  /** Address space whose translations it holds; −1: none yet. */
  space = -1
  /** Cost of samples taken that is not charged yet. */
  samplerCycles = 0

  constructor(readonly id: number) {}
}

const rescheduleLatency = microseconds(1)

export class Dispatcher {
  readonly cpus: Cpu[]
  readonly scheduler: Scheduler
  readonly lock: KernelLock
  private readonly cyclesPerNs: number
  private readonly nsPerCycle: number
  /** Cycles before another CPU hears of a task that was woken. */
  readonly latencyCycles: number
  private readonly segmentEnd: HandlerId
  private readonly reschedule: HandlerId
  private readonly idleStack: StackNode
  private readonly waitStack: StackNode
  private readonly samplerStack: StackNode
  private readonly rescheduleStack: StackNode
  private nextInterruptCpu = 0
  /**
   * When an interrupt handler wakes, in cycles: it is executed at the instant at which it begins, and wakes when it has
   * come that far. 0: whoever wakes does so now.
   */
  wakesAt = 0
  /** Processes in uninterruptible sleep: idle cycles count as waiting while there is one. */
  blocked = 0
  private halted = false
  /** Called when a task's code has ended. */
  onEnd: (task: Task) => void = () => undefined

  constructor(
    readonly engine: Engine,
    readonly tree: CallTree,
    cpus: number,
    clockMHz: number,
    /** Called when `task` uses its working set on `cpu`: returns the cycles for refilling the cache. */
    readonly refill: (task: Task, cpu: number) => number,
    scanMisses: (cpu: number, tasks: number) => number,
  ) {
    this.cpus = Array.from({ length: cpus }, (_, id) => new Cpu(id))
    for (const cpu of this.cpus) cpu.clock = tree.charged[cpu.id]
    this.cyclesPerNs = clockMHz / 1000
    this.nsPerCycle = 1000 / clockMHz
    this.latencyCycles = Math.round(rescheduleLatency * this.cyclesPerNs)
    this.scheduler = new Scheduler(this, scanMisses)
    this.lock = new KernelLock(this)
    this.segmentEnd = engine.handler('segment end', (cpu) => this.onSegmentEnd(this.cpus[cpu]))
    this.reschedule = engine.handler('reschedule', (cpu) => this.onReschedule(this.cpus[cpu]))
    const vmlinux = (procedure: string, mode: 1 | 2 | 3): StackNode =>
      tree.call(0, tree.declare('vmlinux', procedure, mode))
    this.idleStack = tree.call(0, tree.declare('idle', 'idle', Mode.idle))
    this.waitStack = tree.call(0, tree.declare('idle', 'wait for disk', Mode.wait))
    this.samplerStack = vmlinux('perf_interrupt', Mode.interrupt)
    this.rescheduleStack = vmlinux('reschedule_interrupt', Mode.interrupt)
  }

  /** The present instant in cycles since the start. */
  get nowCycles(): number {
    return Math.floor(this.engine.now * this.cyclesPerNs)
  }

  /** The instant at which a CPU's clock stands, never before now. */
  private timeOf(cycles: number): SimTime {
    const time = Math.ceil(cycles * this.nsPerCycle)
    const now = this.engine.now
    return (time > now ? time : now) as SimTime
  }

  /** When a CPU has worked off what was charged to it so far. */
  timeAt(cpu: Cpu): SimTime {
    return this.timeOf(cpu.clock)
  }

  /** Charges cycles to a CPU outside any task's own list. Time passes for that CPU. */
  chargeCpu(cpu: Cpu, node: StackNode, work: number): void {
    const cycles = Math.round(work)
    cpu.clock += cycles
    cpu.samplerCycles += this.tree.charge(cpu.id, node, cycles) * cost.profilerSample
  }

  /**
   * Charges what the sampler's interrupts have cost. Only where an event is executed: an account that is brought up
   * to now because somebody looks must not move anything.
   */
  chargeSampler(cpu: Cpu): void {
    const cycles = cpu.samplerCycles
    if (cycles === 0) return
    cpu.samplerCycles = 0
    cpu.clock += cycles
    this.tree.charge(cpu.id, this.samplerStack, cycles)
  }

  /** Charges what an idle or spinning CPU has spent up to now. */
  settleWaiting(cpu: Cpu): void {
    const elapsed = this.nowCycles - cpu.clock
    if (elapsed <= 0) return
    if (cpu.spinning) this.chargeCpu(cpu, this.lock.spinStack(cpu), elapsed)
    else if (!cpu.current) {
      this.chargeCpu(cpu, this.blocked > 0 ? this.waitStack : this.idleStack, elapsed)
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

  /** Brings every CPU's account up to now. */
  settle(): void {
    for (const cpu of this.cpus) {
      if (cpu.current && !cpu.spinning) this.settleRunning(cpu, cpu.current)
      else this.settleWaiting(cpu)
    }
  }

  /** The procedure whose work on a CPU ends with this event; undefined when the event is another one. */
  procedureEnding(handler: HandlerId, argument: number): string | undefined {
    const task = handler === this.segmentEnd ? this.cpus[argument]?.current : undefined
    return task && this.tree.procedureOf(task.node)
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

  /** An interrupt of a device: the CPUs take turns. Returns the CPU. */
  interrupt(node: StackNode, cycles: number): Cpu {
    const cpu = this.cpus[this.nextInterruptCpu]
    this.nextInterruptCpu = (this.nextInterruptCpu + 1) % this.cpus.length
    this.interruptCpu(cpu, node, cycles)
    return cpu
  }

  /** So many interrupts of one kind at this instant. */
  interrupts(node: StackNode, cycles: number, times: number): void {
    const { cpus } = this
    // The first round brings every CPU's account up to now. After it nothing but sums counts, unless samples are taken.
    const rounds = this.tree.isSampling ? 0 : Math.max(0, Math.floor(times / cpus.length) - 1)
    for (let left = times - rounds * cpus.length; left > 0; left--) this.interrupt(node, cycles)
    if (rounds > 0) for (const cpu of cpus) this.chargeCpu(cpu, node, rounds * cycles)
  }

  interruptCpu(cpu: Cpu, node: StackNode, cycles: number): void {
    if (!cpu.current || cpu.spinning) this.settleWaiting(cpu)
    // First what was done before: how far a task has come must not depend on whether somebody has looked.
    else this.settleRunning(cpu, cpu.current)
    this.chargeCpu(cpu, node, cycles)
    this.chargeSampler(cpu)
  }

  /** Starts, or restarts, working off the current task's charges. */
  private begin(cpu: Cpu, task: Task): void {
    cpu.timer = this.engine.at(this.timeOf(cpu.clock + task.pending), this.segmentEnd, cpu.id)
  }

  private onSegmentEnd(cpu: Cpu): void {
    if (this.halted) return
    const task = cpu.current as Task
    const end = this.timeOf(cpu.clock + task.pending)
    if (end > this.engine.now) {
      // Interrupts have taken cycles in the meantime.
      cpu.timer = this.engine.at(end, this.segmentEnd, cpu.id)
      return
    }
    cpu.timer = noTimer
    const { charges, chargedNodes, chargedCycles } = task
    for (let index = 0; index < charges; index++) {
      this.chargeCpu(cpu, chargedNodes[index], chargedCycles[index])
    }
    task.charges = 0
    task.pending = 0
    this.chargeSampler(cpu)
    this.perform(cpu, task)
  }

  /** Does what the task asked for, its charges being worked off, and goes on until time must pass. */
  private perform(cpu: Cpu, task: Task): void {
    for (let steps = 0; ; steps++) {
      if (steps > mostAtOnce) {
        throw new Livelock(this.engine.now, `${task.command} (process ${task.pid}) took a step`)
      }
      switch (task.op) {
        case Op.lock:
          if (!this.lock.acquire(cpu, task)) return
          break
        case Op.unlock:
          this.lock.release(cpu)
          break
        case Op.sleep:
          if (task.state !== TaskState.running) {
            this.switchFrom(cpu, task)
            return
          }
          break
        case Op.yield:
          task.op = Op.run
          this.scheduler.moveLast(task)
          this.scheduler.yielded = task
          this.switchFrom(cpu, task)
          return
        case Op.run:
          break
      }
      if (!this.advanceCode(task)) {
        this.onEnd(task)
        this.switchFrom(cpu, task)
        return
      }
      if (task.user && cpu.needResched) {
        this.switchFrom(cpu, task)
        return
      }
      if (task.pending > 0) {
        this.begin(cpu, task)
        return
      }
    }
  }

  /**
   * lock_kernel() where the lock is free and the running task has nothing to work off first: true when it has it.
   * Otherwise the task has to ask by `Op.lock`, which does the same and waits.
   */
  lockNow(task: Task): boolean {
    if (task.pending > 0 || this.lock.holder !== undefined) return false
    return this.lock.acquire(this.cpus[task.processor], task)
  }

  /** Runs the task's code to its next yield. False when it has ended. */
  private advanceCode(task: Task): boolean {
    const code = task.code
    if (!code) throw new Error(`task ${task.pid} has no code`)
    const result = code.next()
    if (result.done === true) return false
    task.op = result.value
    return true
  }

  /** schedule(): leaves `task`, which may stay runnable, and takes up the best one. */
  private switchFrom(cpu: Cpu, task: Task | undefined): void {
    cpu.needResched = false
    if (task && task.lockDepth > 0 && this.lock.holder === cpu) this.lock.release(cpu)
    const next = this.scheduler.pick(cpu, task)
    if (next === undefined) {
      cpu.current = undefined
      return
    }
    cpu.current = next
    if (next !== task) {
      if (next.mm !== undefined && cpu.space !== next.mm.id) {
        cpu.space = next.mm.id
        this.chargeCpu(cpu, next.node, cost.switchAddressSpace)
      }
      // In the kernel it does not go to its working set: that waits until it is back in user mode.
      if (next.user) {
        const refill = this.refill(next, cpu.id)
        if (refill > 0) this.chargeCpu(cpu, next.node, refill)
      }
    }
    if (next.lockDepth > 0 && next.op !== Op.lock) next.op = Op.lock
    // An empty list also takes the time that switching took.
    this.begin(cpu, next)
  }

  /** Asks a CPU to call schedule() soon. */
  requestReschedule(cpu: Cpu): void {
    cpu.needResched = true
    if (cpu.reschedulePending) return
    if (!cpu.current) {
      this.takeUp(cpu)
      return
    }
    cpu.reschedulePending = true
    const asked = this.wakesAt > 0 ? this.timeOf(this.wakesAt) : this.engine.now
    this.engine.at((asked + rescheduleLatency) as SimTime, this.reschedule, cpu.id)
  }

  /**
   * An idle CPU hears of a task that has become runnable, and takes up what it finds on the run queue. Nobody could
   * tell it from a CPU that decides a microsecond later; so it decides at once, and its clock runs ahead until then.
   */
  private takeUp(cpu: Cpu): void {
    this.settleWaiting(cpu)
    const asked = Math.max(this.nowCycles, this.wakesAt)
    // The CPU that wakes is in an interrupt itself: it looks at need_resched on its way out.
    if (cpu.clock <= asked) {
      const until = asked + this.latencyCycles
      this.chargeCpu(cpu, this.blocked > 0 ? this.waitStack : this.idleStack, until - cpu.clock)
      this.chargeCpu(cpu, this.rescheduleStack, cost.rescheduleInterrupt)
    }
    this.switchFrom(cpu, undefined)
  }

  /** Work of a waker in an interrupt: what it wakes after that, it wakes so much later. */
  wakerWorks(cycles: number): void {
    if (this.wakesAt > 0) this.wakesAt += cycles
  }

  private onReschedule(cpu: Cpu): void {
    cpu.reschedulePending = false
    if (this.halted || !cpu.needResched) return
    this.interruptCpu(cpu, this.rescheduleStack, cost.rescheduleInterrupt)
    this.preemptNow(cpu)
  }

  /** Preempts the CPU if it is idle or in user mode; else the flag waits for the return to user mode. */
  preemptNow(cpu: Cpu): void {
    const task = cpu.current
    if (!task) {
      this.switchFrom(cpu, undefined)
      return
    }
    if (!task.user || cpu.spinning || cpu.timer === noTimer) return
    this.settleRunning(cpu, task)
    this.chargeSampler(cpu)
    this.engine.cancel(cpu.timer)
    cpu.timer = noTimer
    this.switchFrom(cpu, task)
  }

  /** The lock goes to a CPU that was spinning for it. */
  grant(cpu: Cpu): void {
    this.settleWaiting(cpu)
    this.chargeSampler(cpu)
    cpu.spinning = false
    const task = cpu.current as Task
    task.charge(cost.lineTransfer)
    task.op = Op.run
    this.begin(cpu, task)
  }

  /** Makes a sleeping task runnable. The caller charges `cost.wakeUp` to whoever wakes. */
  wake(task: Task): boolean {
    if (task.state === TaskState.running || task.state === TaskState.zombie) return false
    if (task.state === TaskState.uninterruptible) this.blockedChanges(-1)
    task.state = TaskState.running
    if (!task.onRunQueue) {
      this.scheduler.add(task)
      this.scheduler.rescheduleIdle(task)
    }
    return true
  }

  /** wake_up(): every sleeper, charged to the task that wakes. The sleepers leave the queue themselves. */
  wakeAll(queue: WaitQueue, by: Task): void {
    const { sleepers } = queue
    for (let index = sleepers.length - 1; index >= 0; index--) {
      by.charge(cost.waitQueueStep)
      if (this.wake(sleepers[index])) by.charge(cost.wakeUp)
    }
  }

  /** wake_up() from an interrupt: returns the cycles that it cost. */
  wakeAllFromInterrupt(queue: WaitQueue): number {
    let cycles = 0
    const { sleepers } = queue
    for (let index = sleepers.length - 1; index >= 0; index--) {
      cycles += cost.waitQueueStep
      if (this.wake(sleepers[index])) cycles += cost.wakeUp
    }
    return cycles
  }

  /** Nothing of this machine's life so far goes on: events that are still queued do nothing. */
  halt(): void {
    this.halted = true
  }

  /** Puts a new task on the run queue. */
  start(task: Task): void {
    this.scheduler.add(task)
    this.scheduler.rescheduleIdle(task)
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

  private blockedChanges(by: 1 | -1): void {
    const idleCountsDifferently = by === 1 ? this.blocked === 0 : this.blocked === 1
    if (idleCountsDifferently) {
      for (const cpu of this.cpus) if (!cpu.current) this.settleWaiting(cpu)
    }
    this.blocked += by
  }
}
