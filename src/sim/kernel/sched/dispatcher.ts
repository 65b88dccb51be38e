/**
 * Executes tasks on CPUs: works off their charges in simulated time, lets interrupts take cycles
 * from whatever is running, and asks the scheduler when a task gives up its CPU or is preempted.
 * Nothing happens on a CPU before its clock, which runs ahead by an interrupt or a switch, is
 * caught up with.
 * Left out: instructions overlapping with memory, hyper-fine interrupt latency, nested interrupts.
 */
import type { Engine, HandlerId } from '../../engine/engine'
import { Livelock, maxAtOnce } from '../../engine/livelock'
import type { Residency } from '../../machine/residency'
import type { MachinePreset } from '../../machine/presets'
import type { CallTree, StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { Spends } from '../../observe/stack-times'
import type { Cycles } from '../../units/cycles'
import type { SimTime } from '../../units/time'
import { microseconds } from '../../units/time'
import type { Cpu } from './cpu'
import { noSegment } from './cpu'
import type { KernelKind } from './kernel-kind'
import { KernelLock, NoKernelLock } from './kernel-lock'
import type { Scheduler } from './scheduler'
import { Sleeping } from './sleeping'
import { TaskTimes } from './task-times'
import { traceSwitch, traceWake } from './trace-hooks'
import type { Task } from './task'
import { ended, Op, TaskState } from './task'

const rescheduleLatency = microseconds(1)

export class Dispatcher extends Sleeping {
  readonly scheduler: Scheduler
  readonly lock: KernelLock
  readonly times: TaskTimes
  /** Cycles before another CPU hears of a task that was woken. */
  readonly latencyCycles: Cycles
  private readonly segmentEnd: HandlerId
  private readonly reschedule: HandlerId
  private readonly rescheduleStack: StackNode
  private nextInterruptCpu = 0
  private halted = false
  /** Called when a task's code has ended. */
  onEnd: (task: Task) => void = () => undefined

  constructor(
    engine: Engine,
    tree: CallTree,
    machine: MachinePreset,
    private readonly cache: Residency,
    /** What one line from memory takes. */
    private readonly missCycles: Cycles,
    { makeScheduler, hasBigLock }: KernelKind,
  ) {
    super(engine, tree, machine)
    this.latencyCycles = this.cyclesIn(rescheduleLatency)
    this.times = new TaskTimes(engine, tree)
    this.scheduler = makeScheduler(this, { cost: this.cost, cache, machine })
    this.lock = hasBigLock ? new KernelLock(this, this.cost) : new NoKernelLock(this, this.cost)
    this.segmentEnd = engine.handler('segment end', (cpu) => this.onSegmentEnd(this.cpus[cpu]))
    this.reschedule = engine.handler('reschedule', (cpu) => this.onReschedule(this.cpus[cpu]))
    this.rescheduleStack = tree.call(0, tree.declareKernel('reschedule_interrupt', Mode.interrupt))
  }

  protected override spinStack(cpu: Cpu): StackNode {
    return this.lock.spinStack(cpu)
  }

  /** A task goes to its working set on a CPU: returns the cycles for refilling the cache. */
  refill(task: Task, cpu: number): Cycles {
    return task.footprint < 0 ? 0 : this.cache.use(cpu, task.footprint) * this.missCycles
  }

  /**
   * The procedure whose work on a CPU ends with this event; undefined when the event is another
   * one.
   */
  procedureEnding(handler: HandlerId, argument: number): string | undefined {
    const task = handler === this.segmentEnd ? this.cpus[argument]?.current : undefined
    return task && this.tree.procedureOf(task.node)
  }

  /** An interrupt of a device: the CPUs take turns. Returns the CPU. */
  interrupt(node: StackNode, cycles: Cycles): Cpu {
    const cpu = this.cpus[this.nextInterruptCpu]
    this.nextInterruptCpu = (this.nextInterruptCpu + 1) % this.cpus.length
    this.interruptCpu(cpu, node, cycles)
    return cpu
  }

  interruptCpu(cpu: Cpu, node: StackNode, cycles: Cycles): void {
    this.executing = cpu
    this.inInterrupt = true
    if (!cpu.current || cpu.spinning) this.settleWaiting(cpu)
    // First what was done before: how far a task has come must not depend on whether somebody has
    // looked.
    else this.settleRunning(cpu, cpu.current)
    this.chargeCpu(cpu, node, cycles)
    this.chargeSampler(cpu)
  }

  /** Starts working off the charges of a task. An empty list takes time, too: switching did. */
  private begin(cpu: Cpu, task: Task): void {
    cpu.segment = this.engine.schedule(this.endOf(cpu, task), this.segmentEnd, cpu.id)
  }

  private onSegmentEnd(cpu: Cpu): void {
    if (this.halted) return
    let task = cpu.current as Task
    let end = this.endOf(cpu, task)
    // Interrupts take cycles in the meantime.
    let isOver = end <= this.engine.now
    cpu.segment = noSegment
    while (isOver) {
      this.workOff(cpu, task)
      const next = this.perform(cpu, task)
      if (next === undefined) return
      task = next
      end = this.endOf(cpu, task)
      // A segment that ends before anything else happens is worked off at once.
      isOver = this.engine.goesNext(end, this.segmentEnd, cpu.id)
    }
    cpu.segment = this.engine.schedule(end, this.segmentEnd, cpu.id)
  }

  /**
   * Does what the task asked for, its charges being worked off, and goes on until time must pass.
   * Who goes on then; undefined: nobody, or the lock is waited for.
   */
  private perform(cpu: Cpu, task: Task): Task | undefined {
    this.executing = cpu
    this.inInterrupt = false
    for (let steps = 0; ; steps++) {
      if (steps > maxAtOnce) {
        throw new Livelock(this.engine.now, `${task.command} (process ${task.pid}) took a step`)
      }
      switch (task.op) {
        case Op.lock:
          if (!this.lock.acquire(cpu, task)) return undefined
          break
        case Op.unlock:
          this.lock.release(cpu)
          break
        case Op.sleep:
          if (task.state !== TaskState.running) return this.takeNext(cpu, task)
          break
        case Op.yield:
          task.op = Op.run
          this.scheduler.yieldCpu(task)
          return this.takeNext(cpu, task)
        case Op.run:
          break
      }
      if (!this.advanceCode(task)) {
        this.onEnd(task)
        return this.takeNext(cpu, task)
      }
      if (task.user && cpu.needResched) return this.takeNext(cpu, task)
      if (task.pending > 0) return task
    }
  }

  /** Runs the task's code to its next yield. False when it has ended. */
  private advanceCode(task: Task): boolean {
    for (let call = task.call; call !== undefined; call = task.call) {
      const op = call.advance()
      if (op !== ended) {
        task.op = op
        return true
      }
    }
    const code = task.code
    if (!code) throw new Error(`task ${task.pid} has no code`)
    const result = code.next()
    if (result.done === true) return false
    task.op = result.value
    return true
  }

  /** schedule(): leaves `task`, which may stay runnable, and takes up the best one. */
  private switchFrom(cpu: Cpu, task: Task | undefined): void {
    const next = this.takeNext(cpu, task)
    if (next !== undefined) this.begin(cpu, next)
  }

  /** The same, without beginning the segment of whom it takes up. */
  private takeNext(cpu: Cpu, task: Task | undefined): Task | undefined {
    cpu.needResched = false
    if (task && task.lockDepth > 0 && this.lock.holder === cpu) this.lock.release(cpu)
    const next = this.scheduler.pick(cpu, task)
    if (this.tree.trace !== undefined) traceSwitch(this, cpu, task, next)
    cpu.current = next
    if (task && next !== task) this.times.left(task)
    if (next === undefined) return undefined
    if (next !== task) {
      this.times.becomes(next, Spends.running)
      if (next.mm !== undefined && cpu.space !== next.mm.id) {
        cpu.space = next.mm.id
        this.chargeCpu(cpu, next.node, this.cost.switchAddressSpace)
      }
      // In the kernel it does not go to its working set: that waits until it is back in user mode.
      if (next.user) {
        const refill = this.refill(next, cpu.id)
        if (refill > 0) this.chargeCpu(cpu, next.node, refill)
      }
    }
    if (next.lockDepth > 0 && next.op !== Op.lock) next.op = Op.lock
    return next
  }

  /**
   * Asks a CPU to call schedule() soon. The one that executes finds need_resched on its way out of
   * the interrupt or of the system call; another one is interrupted, which takes a microsecond.
   */
  requestReschedule(cpu: Cpu): void {
    cpu.needResched = true
    if (cpu.reschedulePending) return
    const isOwn = cpu === this.executing
    if (!cpu.current && !isOwn) {
      this.takeUp(cpu)
      return
    }
    // A system call ends by itself.
    if (isOwn && cpu.current && !cpu.current.user) return
    cpu.reschedulePending = true
    cpu.rescheduleIsOwn = isOwn
    const asked = this.wakesAt > 0 ? this.timeOf(this.wakesAt) : this.engine.now
    const at = isOwn ? asked : ((asked + rescheduleLatency) as SimTime)
    this.engine.schedule(at, this.reschedule, cpu.id)
  }

  /**
   * An idle CPU hears of a task that has become runnable, and takes up what it finds on the run
   * queue. The result is that of a CPU that decides a microsecond later; so it decides at once, and
   * its clock runs ahead until then.
   */
  private takeUp(cpu: Cpu): void {
    this.settleWaiting(cpu)
    const asked = Math.max(this.nowCycles, this.wakesAt)
    // The CPU that wakes is in an interrupt itself: it looks at need_resched on its way out.
    if (cpu.clock <= asked) {
      const until = asked + this.latencyCycles
      this.chargeCpu(cpu, this.idling, until - cpu.clock)
      this.chargeCpu(cpu, this.rescheduleStack, this.cost.rescheduleInterrupt)
    }
    this.switchFrom(cpu, undefined)
  }

  private onReschedule(cpu: Cpu): void {
    cpu.reschedulePending = false
    if (this.halted || !cpu.needResched) return
    const cycles = cpu.rescheduleIsOwn ? 0 : this.cost.rescheduleInterrupt
    this.interruptCpu(cpu, this.rescheduleStack, cycles)
    this.preemptNow(cpu)
  }

  /**
   * Preempts the CPU if it is idle or in user mode; else the flag waits for the return to user
   * mode.
   */
  preemptNow(cpu: Cpu): void {
    const task = cpu.current
    if (!task) this.switchFrom(cpu, undefined)
    if (!task?.user || cpu.spinning || cpu.segment === noSegment) return
    this.settleRunning(cpu, task)
    this.chargeSampler(cpu)
    this.engine.withdraw(cpu.segment)
    cpu.segment = noSegment
    this.switchFrom(cpu, task)
  }

  /** The lock goes to a CPU that was spinning for it. */
  grant(cpu: Cpu): void {
    this.settleWaiting(cpu)
    this.chargeSampler(cpu)
    cpu.spinning = false
    const task = cpu.current as Task
    task.charge(this.cost.lineTransfer)
    task.op = Op.run
    this.begin(cpu, task)
  }

  override wake(task: Task): boolean {
    if (task.state === TaskState.running || task.state === TaskState.zombie) return false
    if (task.state === TaskState.uninterruptible) this.blockedChanges(-1)
    task.state = TaskState.running
    this.wakeCycles = this.cost.wakeUp
    if (!task.onRunQueue) {
      this.times.becomes(task, Spends.runnable)
      this.wakeCycles += this.scheduler.add(task)
      if (this.tree.trace !== undefined) traceWake(this, task)
      this.scheduler.rescheduleIdle(task, this.executing)
    }
    return true
  }

  /** Stops this kernel: events that are still queued do nothing. */
  halt(): void {
    this.halted = true
    this.times.end()
  }

  /** Puts a new task on the run queue. */
  start(task: Task): void {
    this.times.begin(task)
    this.scheduler.add(task)
    // At boot nothing runs yet that could have made it.
    this.scheduler.rescheduleIdle(task, this.executing.current ? this.executing : undefined)
  }
}
