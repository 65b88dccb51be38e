/**
 * The scheduler of Digital UNIX 4.0 for time-sharing: a run queue for each four of 128 priorities,
 * the lowest number first; a process's user priority grows with what it has used of a CPU, which
 * decays once a second by 2·load/(2·load + 1); who wakes in the kernel has the better priority of
 * its sleep until it is back in user mode; equals take turns every 100 ms. No walk: a bitmap says
 * which queues hold somebody. Source: the rule of 4.3BSD (Leffler et al., 1989, 4.4), from which
 * OSF/1 comes; no public copy of DU's own was found.
 * Left out: real-time policies, processor sets, nice, affinity, lines of task structures.
 */
import { Fifo } from '../../engine/fifo'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { KernelKind } from './kernel-kind'
import type { MakeScheduler, Scheduler, SchedulerCosts, SchedulerCpus } from './scheduler'
import type { Task } from './task'
import { TaskState } from './task'

/** Ticks a second (HZ of Digital UNIX on Alpha; from memory of its manual). */
const digitalUnixHz = 1024
/** Priority of user mode without usage, and of who sleeps for a socket (PUSER, PSOCK of 4.3BSD). */
const userPriority = 50
const sleepPriority = 26
const worstPriority = 127
const priorities = 128
/** Priorities that share a queue. */
const perQueue = 4
/** Usage is counted a hundred times a second, and four of it are a priority. */
const usageTicks = Math.round(digitalUnixHz / 100)
const usagePerPriority = 4
const mostUsage = 255
/** Equals take turns every 100 ms. */
const quantumTicks = Math.round(digitalUnixHz / 10)

/** Share of the last second in the load, a mean over a minute. */
const loadPerSecond = 1 / 60

/** What the scheduler knows of a task. */
interface Standing {
  /** p_cpu. */
  usage: number
  priority: number
  /** The second in which usage was last decayed. */
  decayed: number
  ticks: number
  running: boolean
}

export class DigitalUnixScheduler implements Scheduler {
  readonly priorities = priorities
  private readonly standings = new Map<Task, Standing>()
  private readonly queues = Array.from({ length: priorities / perQueue }, () => new Fifo<Task>())
  /** Tasks on the queues, and those that run. */
  private queued = 0
  private running = 0
  /** Mean number of runnable tasks over the last minute, as schedcpu sees it. */
  private load = 0
  private second = 0
  private ticks = 0
  contextSwitches = 0
  scans = 0
  /** It takes the first of a queue, and walks none. */
  readonly looked = 0
  scanCycles: Cycles = 0
  private readonly procedure: number
  private readonly idleStack: StackNode

  constructor(
    private readonly dispatcher: SchedulerCpus,
    private readonly costs: SchedulerCosts,
  ) {
    this.procedure = dispatcher.tree.declareKernel('schedule', Mode.system)
    this.idleStack = dispatcher.tree.call(0, this.procedure)
  }

  get runnable(): number {
    return this.queued + this.running
  }
  get enrolled(): number {
    return this.standings.size
  }

  enrol(task: Task): void {
    const { second } = this
    const own = { usage: 0, priority: userPriority, decayed: second, ticks: 0, running: false }
    this.standings.set(task, own)
  }

  dismiss(task: Task): void {
    this.standings.delete(task)
  }

  setSpace(): void {}

  setProcessor(task: Task, cpu: number): void {
    task.processor = cpu
  }

  /** A child begins with its parent's usage. */
  shareQuantum(parent: Task, child: Task): void {
    this.of(child).usage = this.of(parent).usage
  }

  returnQuantum(): void {}

  private of(task: Task): Standing {
    const standing = this.standings.get(task)
    if (!standing) throw new Error(`process ${task.pid} is not known to the scheduler`)
    return standing
  }

  private userPriorityOf({ usage }: Standing): number {
    return Math.min(worstPriority, userPriority + Math.floor(usage / usagePerPriority))
  }

  add(task: Task): Cycles {
    const standing = this.of(task)
    this.decay(standing)
    standing.priority = task.user ? this.userPriorityOf(standing) : sleepPriority
    this.enqueue(task, standing)
    return 0
  }

  private enqueue(task: Task, { priority }: Standing): void {
    task.onRunQueue = true
    this.queues[Math.floor(priority / perQueue)].push(task)
    this.queued++
  }

  /** What a task has used counts less for every second since. */
  private decay(standing: Standing): void {
    const factor = (2 * this.load) / (2 * this.load + 1)
    // After so long nothing is left of it.
    const seconds = Math.min(64, this.second - standing.decayed)
    for (let passed = 0; passed < seconds; passed++) {
      standing.usage = Math.floor(standing.usage * factor)
    }
    standing.decayed = this.second
  }

  rescheduleIdle(task: Task, by: Cpu | undefined): void {
    const { cpus } = this.dispatcher
    const own = cpus[task.processor]
    // One that has been asked already has somebody to take up.
    const isFree = ({ current, needResched }: Cpu): boolean => !current && !needResched
    const idle = isFree(own) ? own : cpus.find(isFree)
    const target = idle ?? (by && this.isBetter(task, by.current) ? by : undefined)
    if (target) this.dispatcher.requestReschedule(target)
  }

  private isBetter(task: Task, current: Task | undefined): boolean {
    const standing = current && this.standings.get(current)
    return !standing || this.of(task).priority < this.userPriorityOf(standing)
  }

  /** Equals go first: whoever is put back stands last. */
  yieldCpu(): void {}

  endQuantum(task: Task): void {
    this.of(task).ticks = quantumTicks
  }

  pick(cpu: Cpu, previous: Task | undefined): Task | undefined {
    const { dispatcher } = this
    const { cost } = this.costs
    dispatcher.settleWaiting(cpu)
    const stack = previous ? dispatcher.tree.call(previous.node, this.procedure) : this.idleStack
    if (previous) this.putBack(previous)
    const best = this.take()
    this.scans++
    this.scanCycles += cost.schedule
    const isSwitch = best !== previous
    dispatcher.chargeCpu(cpu, stack, cost.schedule + (isSwitch ? cost.contextSwitch : 0))
    if (isSwitch) this.contextSwitches++
    dispatcher.chargeSampler(cpu)
    if (best) {
      const standing = this.of(best)
      standing.running = true
      standing.ticks = 0
      best.processor = cpu.id
      this.running++
    }
    return best
  }

  /** A task leaves its CPU: to the end of its queue when it could go on. */
  private putBack(task: Task): void {
    const standing = this.standings.get(task)
    this.running--
    if (!standing) {
      task.onRunQueue = false
      return
    }
    standing.running = false
    if (task.state === TaskState.running) {
      standing.priority = this.userPriorityOf(standing)
      this.enqueue(task, standing)
    } else task.onRunQueue = false
  }

  private take(): Task | undefined {
    for (const queue of this.queues) {
      const task = queue.shift()
      if (task === undefined) continue
      this.queued--
      return task
    }
    return undefined
  }

  tick(cpu: Cpu): void {
    if (cpu.id === 0) this.count()
    const task = cpu.current
    if (!task) return
    const standing = this.of(task)
    if (this.ticks % usageTicks === 0) {
      standing.usage = Math.min(mostUsage, standing.usage + 1)
    }
    if (++standing.ticks >= quantumTicks && this.queued > 0) cpu.needResched = true
  }

  /** schedcpu(), once a second: everybody's usage decays, and who waits is put where it belongs. */
  private count(): void {
    this.ticks++
    if (this.ticks % digitalUnixHz !== 0) return
    this.second++
    this.load += (this.runnable - this.load) * loadPerSecond
    for (const standing of this.standings.values()) this.decay(standing)
    const waiting: Task[] = []
    for (let task = this.take(); task; task = this.take()) waiting.push(task)
    for (const task of waiting) {
      const standing = this.of(task)
      if (task.user) standing.priority = this.userPriorityOf(standing)
      this.enqueue(task, standing)
    }
  }

  /** Ticks left of its turn. */
  counterOf(task: Task): number {
    return Math.max(0, quantumTicks - this.of(task).ticks)
  }

  hasCpu(task: Task): boolean {
    return this.of(task).running
  }

  /** Better priorities are lower numbers. */
  goodness(task: Task): number {
    return priorities - 1 - this.of(task).priority
  }

  queue(): Task[] {
    const running = [...this.standings].filter(([, standing]) => standing.running)
    const waiting = this.queues.flatMap((queue) => queue.first(queue.length, () => true))
    return [...running.map(([task]) => task), ...waiting]
  }
}

const makeScheduler: MakeScheduler = (cpus, costs) => new DigitalUnixScheduler(cpus, costs)

/** The lowest room of Digital UNIX. */
export const digitalUnixKind: KernelKind = { makeScheduler, hasBigLock: false, hz: digitalUnixHz }
