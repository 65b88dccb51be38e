import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine'
import { RandomStream } from '../../engine/random'
import { CacheResidency } from '../../machine/cache'
import type { MachinePreset } from '../../machine/presets'
import { powerEdge6300 } from '../../machine/presets'
import { CallTree } from '../../observe/call-tree'
import { costsOf, cyclesOf } from '../../machine/core'
import { Dispatcher } from './dispatcher'
import { linuxKind, Scheduler22 } from './scheduler-linux-2.2'
import { Task, TaskState } from './task'

/** Memory that takes no time, so that what is charged is instructions alone. */
const instant: MachinePreset = { ...powerEdge6300, l2HitNs: 0, memoryMissNs: 0, lineBusNs: 0 }
const cost = costsOf(instant)

/** A scheduler with CPUs that nothing runs on. */
function bench(
  cpus = 2,
  machine = instant,
): { scheduler: Scheduler22; dispatcher: Dispatcher; tree: CallTree } {
  const engine = new Engine(1)
  const tree = new CallTree(cpus, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
  const cache = new CacheResidency(cpus, 512 * 1024, 32, 0)
  const dispatcher = new Dispatcher(engine, tree, { ...machine, cpus }, cache, 0, linuxKind)
  const { scheduler } = dispatcher
  if (!(scheduler instanceof Scheduler22)) throw new Error('another scheduler than was asked for')
  return { scheduler, dispatcher, tree }
}

let pids = 0
/** A runnable task with so many ticks left, that ran on `processor` last. */
function runnable(scheduler: Scheduler22, ticks: number, processor = 0): Task {
  const task = new Task(++pids, undefined, 'task', 0)
  scheduler.enrol(task)
  scheduler.run.setCounter(task, ticks)
  scheduler.setProcessor(task, processor)
  scheduler.add(task)
  return task
}

/** schedule() on a CPU, which takes up what was picked. */
function schedule(dispatcher: Dispatcher, cpuId: number): Task | undefined {
  const cpu = dispatcher.cpus[cpuId]!
  cpu.current = dispatcher.scheduler.pick(cpu, cpu.current)
  return cpu.current
}

describe('goodness', () => {
  it('is the ticks left and the priority, 15 more on the same CPU, 1 more in the same memory', () => {
    const { scheduler } = bench()
    const task = runnable(scheduler, 7, 1)
    expect(scheduler.goodness(task, 0, -1)).toBe(7 + 20)
    expect(scheduler.goodness(task, 1, -1)).toBe(7 + 20 + 15)
    task.mm = { id: 3 }
    scheduler.setSpace(task)
    expect(scheduler.goodness(task, 0, 3)).toBe(7 + 20 + 1)
    expect(scheduler.goodness(task, 1, 3)).toBe(7 + 20 + 15 + 1)
    expect(scheduler.goodness(task, 1, 4)).toBe(7 + 20 + 15)
  })

  it('is nothing when the quantum is used up, wherever the task ran', () => {
    const { scheduler } = bench()
    const task = runnable(scheduler, 0, 1)
    expect(scheduler.goodness(task, 1, -1)).toBe(0)
  })
})

describe('schedule()', () => {
  it.each([1, 2, 3])('takes the best task for the CPU that asks (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'tasks')
    const { scheduler, dispatcher } = bench(4)
    const tasks = Array.from({ length: 40 }, () =>
      runnable(scheduler, random.between(1, 40), random.below(4)),
    )
    const taken = new Set<Task>()
    for (const cpu of [2, 0, 3, 1]) {
      const left = tasks.filter((task) => !taken.has(task))
      const weights = new Map(left.map((task) => [task, scheduler.goodness(task, cpu, -1)]))
      const picked = schedule(dispatcher, cpu)!
      expect(weights.get(picked)).toBe(Math.max(...weights.values()))
      taken.add(picked)
      expect(scheduler.hasCpu(picked)).toBe(true)
    }
    expect(scheduler.runnable).toBe(40)
  })

  it('new tasks stand in front, and of equal ones the first is taken', () => {
    const { scheduler, dispatcher } = bench()
    const first = runnable(scheduler, 20)
    const second = runnable(scheduler, 20)
    expect(scheduler.queue()).toEqual([second, first])
    expect(schedule(dispatcher, 0)).toBe(second)
    expect(schedule(dispatcher, 1)).toBe(first)
  })

  it('goes on with a task that no other is better than, without a switch', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 20)
    schedule(dispatcher, 0)
    runnable(scheduler, 20, 1)
    const equal = runnable(scheduler, 20, 0)
    const before = scheduler.contextSwitches
    expect(schedule(dispatcher, 0)).toBe(task)
    expect(scheduler.contextSwitches).toBe(before)
    scheduler.run.setCounter(equal, 21)
    expect(schedule(dispatcher, 0)).toBe(equal)
    // Nobody is told of the one that was left, though another CPU has nothing to do.
    expect(scheduler.contextSwitches).toBe(before + 1)
    expect(scheduler.hasCpu(task)).toBe(false)
  })

  it('takes a task that sleeps off the queue, and finds nothing when none is left', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 20)
    schedule(dispatcher, 0)
    expect(scheduler.runnable).toBe(1)
    task.state = TaskState.interruptible
    expect(schedule(dispatcher, 0)).toBeUndefined()
    expect(scheduler.runnable).toBe(0)
    expect(scheduler.queue()).toEqual([])
    expect(task.onRunQueue).toBe(false)
  })

  it('a task that has ended its quantum waits until the others have had theirs', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 40)
    expect(schedule(dispatcher, 0)).toBe(task)
    const other = runnable(scheduler, 1)
    scheduler.endQuantum(task)
    expect(scheduler.counterOf(task)).toBe(0)
    expect(schedule(dispatcher, 0)).toBe(other)
  })

  it('others go before a task that has yielded, but it goes before nobody', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 40)
    schedule(dispatcher, 0)
    const other = runnable(scheduler, 1, 1)
    scheduler.yieldCpu(task)
    expect(schedule(dispatcher, 0)).toBe(other)
    expect(scheduler.queue()).toEqual([other, task])
    expect(schedule(dispatcher, 1)).toBe(task)
    scheduler.yieldCpu(task)
    expect(schedule(dispatcher, 1)).toBe(task)
  })

  it('gives everyone a new quantum when all who could run have used theirs, and half of the rest', () => {
    const { scheduler, dispatcher } = bench()
    const [one, two] = [runnable(scheduler, 0), runnable(scheduler, 0)]
    const asleep = new Task(++pids, undefined, 'sleeper', 0)
    scheduler.enrol(asleep)
    scheduler.run.setCounter(asleep, 13)
    expect(schedule(dispatcher, 0)).toBe(two)
    expect([one, two, asleep].map((task) => scheduler.counterOf(task!))).toEqual([20, 20, 26])
    for (let times = 0; times < 10; times++) {
      scheduler.run.setCounter(one!, 0)
      scheduler.run.setCounter(two!, 0)
      schedule(dispatcher, 0)
    }
    // 20 + 10 + 5 + 2 + 1: what a sleeper gathers at most.
    expect(scheduler.counterOf(asleep)).toBe(39)
  })

  it('gives no new quantum while one runnable task has ticks left, on another CPU or not', () => {
    const { scheduler, dispatcher } = bench()
    const [used, left] = [runnable(scheduler, 0), runnable(scheduler, 1, 1)]
    expect(schedule(dispatcher, 0)).toBe(left)
    expect(scheduler.counterOf(used!)).toBe(0)
  })

  it('charges the CPU for each task that it looks at', () => {
    const cyclesWith = (tasks: number): number => {
      const { scheduler, dispatcher } = bench()
      for (let count = 0; count < tasks; count++) runnable(scheduler, 20)
      const cpu = dispatcher.cpus[0]!
      scheduler.pick(cpu, undefined)
      return cpu.clock
    }
    expect(cyclesWith(300) - cyclesWith(1)).toBe(299 * cost.goodness)
    expect(cyclesWith(1)).toBe(
      cost.schedule + 4 * cost.spinLock + cost.goodness + cost.contextSwitch,
    )
  })

  it('a CPU that comes while another walks the queue spins for its lock, exactly as long', () => {
    const { scheduler, dispatcher, tree } = bench()
    for (let count = 0; count < 50; count++) runnable(scheduler, 20)
    const [one, two] = dispatcher.cpus
    scheduler.pick(one!, undefined)
    // The lock is dropped before the switch.
    const walk = one!.clock - cost.contextSwitch
    scheduler.pick(two!, undefined)
    const spin = tree.procedures.findIndex(({ procedure }) => procedure === 'schedule.text.lock')
    expect(tree.selfCycles[spin]).toBe(walk)
    // It passes the task that the first has taken up.
    expect(two!.clock).toBe(2 * walk - cost.goodness + cost.hasCpu + cost.contextSwitch)
  })

  it('waits for what it reads, on the machine that it runs on', () => {
    const machine = { ...powerEdge6300, cpus: 2 }
    const { hasCpu, goodness, schedule: around, spinLock, lineTransfer } = costsOf(machine)
    const ns = (time: number): number => cyclesOf(time, machine.clockMHz)
    const { scheduler, dispatcher } = bench(2, machine)
    for (let count = 0; count < 20; count++) runnable(scheduler, 20)
    const cpu = dispatcher.cpus[0]!
    const walkOf = (): number => {
      // Whoever held the lock is done long since.
      cpu.clock += 1_000_000
      const before = cpu.clock
      cpu.current = scheduler.pick(cpu, cpu.current)
      return cpu.clock - before
    }
    walkOf()
    const warm = walkOf()
    const hits = Math.round(around + 4 * spinLock + 20 * goodness + 100 * ns(machine.l2HitNs))
    expect(warm).toBe(hits)
    schedule(dispatcher, 1)
    // The line of the lock, and has_cpu of what the other CPU runs; three lines less to read.
    const line = lineTransfer + ns(machine.memoryMissNs) - 4 * ns(machine.l2HitNs)
    expect(walkOf()).toBe(Math.round(hits - goodness + hasCpu + line))
  })
})

describe('quanta', () => {
  it('are shared between parent and child at fork, and what the child leaves goes back', () => {
    const { scheduler } = bench()
    const parent = runnable(scheduler, 15)
    const child = runnable(scheduler, 20)
    scheduler.shareQuantum(parent, child)
    expect([scheduler.counterOf(parent), scheduler.counterOf(child)]).toEqual([7, 8])
    scheduler.returnQuantum(parent, child)
    expect(scheduler.counterOf(parent)).toBe(15)
  })

  it('run out by a tick each, and then the CPU wants another task', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 2)
    schedule(dispatcher, 0)
    const cpu = dispatcher.cpus[0]!
    scheduler.tick(cpu)
    expect([scheduler.counterOf(task), cpu.needResched]).toEqual([1, false])
    scheduler.tick(cpu)
    expect([scheduler.counterOf(task), cpu.needResched]).toEqual([0, true])
    scheduler.tick(cpu)
    expect(scheduler.counterOf(task)).toBe(0)
    scheduler.tick(dispatcher.cpus[1]!)
  })

  it('records of tasks that have ended are used again', () => {
    const { scheduler } = bench()
    const tasks = Array.from({ length: 200 }, () => runnable(scheduler, 20))
    expect(scheduler.enrolled).toBe(200)
    expect(new Set(tasks.map((task) => task.slot)).size).toBe(200)
    const last = tasks[199]!
    scheduler.dismiss(last)
    expect(scheduler.enrolled).toBe(199)
    const next = new Task(++pids, undefined, 'next', 0)
    scheduler.enrol(next)
    expect(next.slot).toBe(last.slot)
    expect(scheduler.counterOf(next)).toBe(20)
  })
})
