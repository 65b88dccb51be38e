import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine'
import { RandomStream } from '../../engine/random'
import { CacheResidency } from '../../machine/cache'
import { costsOf } from '../../machine/core'
import type { MachinePreset } from '../../machine/presets'
import { powerEdge6300 } from '../../machine/presets'
import { CallTree } from '../../observe/call-tree'
import { CpuAccounts } from './cpu-accounts'
import { oneOf, PlainScheduler } from './plain-scheduler.test-support'
import { Scheduler22 } from './scheduler-linux-2.2'
import { Task, TaskState } from './task'

/** Memory that takes no time, so that what is charged is instructions alone. */
const machine: MachinePreset = {
  ...powerEdge6300,
  l2HitNs: 0,
  memoryMissNs: 0,
  lineBusNs: 0,
}
const cost = costsOf(machine)

/** CPUs that nobody tells to reschedule: what is picked depends on the test alone. */
class QuietCpus extends CpuAccounts {
  executing = this.cpus[0]!
  protected override spinStack(): number {
    return 0
  }
  requestReschedule(): void {
    // Its CPUs call schedule() when the test says so.
  }
}

/** Random life on some CPUs, in a scheduler and in the plain one at once; `step` compares them. */
class TwoSchedulers {
  readonly random: RandomStream
  readonly cpus: QuietCpus
  readonly fast: Scheduler22
  readonly plain = new PlainScheduler()
  readonly tasks: Task[] = []
  renewals = 0
  private pids = 0

  constructor(
    readonly seed: number,
    cpus: number,
    /** Address spaces for all: as many as tasks, or threads share few. */
    readonly spaces: number,
  ) {
    this.random = new RandomStream(seed, 'run queue')
    const engine = new Engine(seed)
    const tree = new CallTree(cpus, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
    this.cpus = new QuietCpus(engine, tree, { ...machine, cpus })
    const cache = new CacheResidency(cpus, 512 * 1024, 32, 0)
    this.fast = new Scheduler22(this.cpus, { cost, cache, machine })
  }

  private readonly steps = [
    () => this.fork(),
    () => this.wake(),
    () => this.wake(),
    () => this.schedule(),
    () => this.schedule(),
    () => this.schedule(),
    () => this.tick(),
    () => this.shareQuantum(),
    () => this.useUp(),
    () => this.move(),
    () => this.exec(),
    () => this.exit(),
  ]

  step(): void {
    oneOf(this.random, this.steps)?.()
    const pids = (tasks: Task[]): string => tasks.map(({ pid }) => pid).join(' ')
    expect(pids(this.fast.queue())).toBe(pids(this.plain.queue))
  }

  private fork(): void {
    if (this.tasks.length >= 80) return
    const task = new Task(++this.pids, undefined, 'task', 0)
    task.processor = this.random.below(this.cpus.cpus.length)
    this.tasks.push(task)
    this.fast.enrol(task)
    this.plain.enrol(task)
    this.joinSpace(task)
    this.add(task)
  }

  private joinSpace(task: Task): void {
    const id = this.random.below(this.spaces + 1) - 1
    task.mm = id < 0 ? undefined : { id }
    this.fast.setSpace(task)
    this.plain.row(task).space = id
  }

  private add(task: Task): void {
    task.state = TaskState.running
    this.fast.add(task)
    this.plain.add(task)
  }

  private oneThat(holds: (task: Task) => boolean): Task | undefined {
    return oneOf(this.random, this.tasks.filter(holds))
  }

  private wake(): void {
    const task = this.oneThat(({ onRunQueue }) => !onRunQueue)
    if (task) this.add(task)
  }

  private schedule(): void {
    const cpu = oneOf(this.random, this.cpus.cpus)
    if (!cpu) return
    const previous = cpu.current
    const chance = this.random.below(4)
    if (previous && chance === 0) previous.state = TaskState.interruptible
    if (previous && chance === 1) {
      this.fast.yieldCpu(previous)
      this.plain.yieldCpu(previous)
    }
    cpu.space = this.random.below(3) === 0 ? cpu.space : (previous?.mm?.id ?? -1)
    const yields = this.plain.yielded === undefined ? 1 : 2
    const before = this.fast.scanCycles
    const expected = this.plain.pick(cpu.id, cpu.space, previous)
    cpu.current = this.fast.pick(cpu, previous)
    expect(cpu.current?.pid).toBe(expected?.pid)
    const { scanned, passed, renewed } = this.plain
    const walk = scanned * cost.goodness + passed * cost.hasCpu
    expect(this.fast.scanCycles - before).toBe(
      cost.schedule + yields * 4 * cost.spinLock + walk + renewed * cost.recalculate,
    )
    if (renewed > 0) this.renewals++
  }

  private tick(): void {
    for (const cpu of this.cpus.cpus) {
      for (let ticks = this.random.below(30); ticks > 0; ticks--) {
        this.fast.tick(cpu)
        if (!cpu.current) continue
        const row = this.plain.row(cpu.current)
        row.counter = Math.max(0, row.counter - 1)
      }
    }
  }

  private shareQuantum(): void {
    const [parent, child] = [this.oneThat(() => true), this.oneThat(() => true)]
    if (!parent || !child || parent === child) return
    const [from, to] = [this.plain.row(parent), this.plain.row(child)]
    if (this.random.below(2) === 0) {
      this.fast.returnQuantum(parent, child)
      from.counter = Math.min(40, from.counter + to.counter)
    } else {
      this.fast.shareQuantum(parent, child)
      to.counter = (from.counter + 1) >> 1
      from.counter >>= 1
    }
    expect(this.fast.counterOf(child)).toBe(to.counter)
  }

  /** Now and then nobody on the queue has ticks left. */
  private useUp(): void {
    if (this.random.below(5) > 0) return
    for (const task of this.plain.queue) {
      this.fast.run.setCounter(task, 0)
      this.plain.row(task).counter = 0
    }
  }

  private move(): void {
    const task = this.oneThat((task) => !this.fast.hasCpu(task))
    if (!task) return
    const cpu = this.random.below(this.cpus.cpus.length)
    this.fast.setProcessor(task, cpu)
    this.plain.row(task).processor = cpu
  }

  private exec(): void {
    const task = this.oneThat(() => true)
    if (task) this.joinSpace(task)
  }

  private exit(): void {
    const task = this.oneThat(({ onRunQueue }) => !onRunQueue)
    if (!task || this.random.below(4) > 0) return
    this.fast.dismiss(task)
    this.plain.rows.delete(task)
    this.tasks.splice(this.tasks.indexOf(task), 1)
  }
}

describe('the run queue', () => {
  it.each([
    [1, 1, 80],
    [2, 2, 80],
    [3, 4, 80],
    [4, 4, 3],
    [5, 8, 1],
    [6, 8, 20],
  ])(
    'finds whom a plain walk finds, for the same charge (seed %i, %i CPUs, %i spaces)',
    (...of) => {
      const both = new TwoSchedulers(...of)
      for (let step = 0; step < 3000; step++) both.step()
      expect(both.renewals).toBeGreaterThan(10)
      expect(both.tasks.length).toBeGreaterThan(20)
    },
  )
})
