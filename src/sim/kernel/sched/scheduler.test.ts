import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine'
import { RandomStream } from '../../engine/random'
import { runQueueSnapshot } from '../kernel-snapshot'
import { CacheResidency } from '../../machine/cache'
import { powerEdge6300 } from '../../machine/presets'
import { CallTree } from '../../observe/call-tree'
import { p6 as cost } from '../../machine/p6'
import { Dispatcher } from './dispatcher'
import type { Scheduler } from './scheduler'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, smallMachine, start } from '../small-machine.test-support'
import type { Path } from './task'
import { Op, Task, TaskState } from './task'
import { WaitQueue } from './wait-queue'

/** A scheduler with CPUs that nothing runs on, whose caches never miss. */
function bench(cpus = 2): { scheduler: Scheduler; dispatcher: Dispatcher; tree: CallTree } {
  const engine = new Engine(1)
  const tree = new CallTree(cpus, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
  const cache = new CacheResidency(cpus, 512 * 1024, 32, 0)
  const dispatcher = new Dispatcher(engine, tree, { ...powerEdge6300, cpus }, cache, 0)
  return { scheduler: dispatcher.scheduler, dispatcher, tree }
}

let pids = 0
/** A runnable task with so many ticks left, that ran on `processor` last. */
function runnable(scheduler: Scheduler, ticks: number, processor = 0): Task {
  const task = new Task(++pids, undefined, 'task', 0)
  scheduler.enrol(task)
  scheduler['setCounter'](task, ticks)
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
    scheduler['table'][task.slot * 4 + 2] = 3
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
    scheduler['setCounter'](equal, 21)
    expect(schedule(dispatcher, 0)).toBe(equal)
    // A CPU that had nothing to do takes up what it finds: not the one that was left, if there is better.
    expect(scheduler.contextSwitches).toBe(before + 2)
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

  it('others go before a task that has yielded, but it goes before nobody', () => {
    const { scheduler, dispatcher } = bench()
    const task = runnable(scheduler, 40)
    schedule(dispatcher, 0)
    const other = runnable(scheduler, 1, 1)
    scheduler.moveLast(task)
    expect(scheduler.queue()).toEqual([other, task])
    scheduler.yielded = task
    expect(schedule(dispatcher, 0)).toBe(other)
    expect(scheduler.yielded).toBeUndefined()
    expect(schedule(dispatcher, 1)).toBe(task)
    scheduler.moveLast(task)
    scheduler.yielded = task
    expect(schedule(dispatcher, 1)).toBe(task)
  })

  it('gives everyone a new quantum when all who could run have used theirs, and half of the rest', () => {
    const { scheduler, dispatcher } = bench()
    const [one, two] = [runnable(scheduler, 0), runnable(scheduler, 0)]
    const asleep = new Task(++pids, undefined, 'sleeper', 0)
    scheduler.enrol(asleep)
    scheduler['setCounter'](asleep, 13)
    expect(schedule(dispatcher, 0)).toBe(two)
    expect([one, two, asleep].map((task) => scheduler.counterOf(task!))).toEqual([20, 20, 26])
    for (let times = 0; times < 10; times++) {
      scheduler['setCounter'](one!, 0)
      scheduler['setCounter'](two!, 0)
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
    expect(cyclesWith(1)).toBe(cost.schedule + cost.spinLock + cost.goodness + cost.contextSwitch)
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
    expect(two!.clock).toBe(2 * walk + cost.contextSwitch)
  })

  it('loads the lines of the tasks that another CPU has taken up since', () => {
    const { scheduler, dispatcher } = bench()
    scheduler.placeTasks(64, 4, 100)
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
    expect(warm).toBe(cost.schedule + cost.spinLock + 20 * cost.goodness)
    schedule(dispatcher, 1)
    // The line of the lock, and of the task that the other CPU runs.
    expect(walkOf() - warm).toBe(2 * cost.lineTransfer)
    expect(walkOf()).toBe(warm)
  })

  it('loads the lines of tasks that crowd each other out of the cache', () => {
    const cyclesWith = (tasks: number): number => {
      const { scheduler, dispatcher } = bench(1)
      scheduler.placeTasks(64, 4, 100)
      for (let count = 0; count < tasks; count++) runnable(scheduler, 20)
      schedule(dispatcher, 0)
      const before = dispatcher.cpus[0]!.clock
      schedule(dispatcher, 0)
      return dispatcher.cpus[0]!.clock - before
    }
    expect(cyclesWith(63) - cyclesWith(62)).toBe(cost.goodness)
    // One set of five lines, then a second one, in the end all sixteen.
    expect(cyclesWith(64) - cyclesWith(63)).toBe(cost.goodness + 5 * 100)
    expect(cyclesWith(65) - cyclesWith(64)).toBe(cost.goodness + 5 * 100)
    expect(cyclesWith(101) - cyclesWith(100)).toBe(cost.goodness + 100)
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

/** Starts a program that computes for good. Returns how many cycles it has had. */
function computing(m: SmallMachine, name: string): () => number {
  m.kernel.processes.boot(name, function* (task) {
    for (;;) yield* m.kernel.processes.compute(task, 1e9)
  })
  const of = m.tree.declare(name, 'main', 0)
  return () => {
    m.kernel.dispatcher.settle()
    return m.tree.selfCycles[of]!
  }
}

describe('processes that compute', () => {
  // The task that runs is looked at first, so the one whose quantum was the last of all gets the first new one.
  it('take turns on one CPU by quanta of 20 ticks, two at a time, and each gets half of it', () => {
    const m = smallMachine({ cpus: 1 })
    const shares = ['one', 'two'].map((name) => computing(m, name))
    const turns: [string, number][] = []
    pass(m, 0.005)
    for (let tick = 0; tick < 640; tick++) {
      pass(m, 0.01)
      const name = m.kernel.dispatcher.cpus[0]!.current?.command ?? 'nobody'
      const last = turns[turns.length - 1]
      if (last?.[0] === name) last[1]++
      else turns.push([name, 1])
    }
    // The first one has begun before the count, the last one is not over.
    const whole = turns.slice(1, -1)
    expect(whole.length).toBeGreaterThan(12)
    expect(new Set(whole.map(([, ticks]) => ticks))).toEqual(new Set([40]))
    whole.forEach(([name], index) => {
      expect(name).not.toBe(whole[index + 1]?.[0])
    })
    const [one, two] = shares.map((share) => share())
    expect(Math.abs(one! - two!) / (one! + two!)).toBeLessThan(0.02)
    expect((one! + two!) / (m.engine.now * 0.45)).toBeGreaterThan(0.995)
  })

  it.each([
    [3, 2],
    [5, 4],
    [9, 4],
    [4, 4],
  ])('%i of them on %i CPUs get the same share of all of it', (programs, cpus) => {
    const m = smallMachine({ cpus })
    const shares = Array.from({ length: programs }, (_, index) => computing(m, `p${index}`))
    pass(m, 30)
    const cycles = shares.map((share) => share())
    const total = cycles.reduce((sum, value) => sum + value, 0)
    expect(total / (30 * 450e6 * cpus)).toBeGreaterThan(0.995)
    for (const share of cycles) expect((share / total) * programs).toBeCloseTo(1, 1)
    expect(m.kernel.dispatcher.scheduler.runnable).toBe(programs)
  })

  it('stay on their CPU when there is one for each', () => {
    const m = smallMachine({ cpus: 4 })
    for (let index = 0; index < 4; index++) computing(m, `p${index}`)
    pass(m, 0.1)
    const { dispatcher } = m.kernel
    const places = (): (number | undefined)[] => dispatcher.cpus.map((cpu) => cpu.current?.pid)
    const before = places()
    expect(new Set(before).size).toBe(4)
    for (let look = 0; look < 50; look++) {
      pass(m, 0.097)
      const now = places()
      // A daemon takes a CPU now and then; its task comes back to it.
      const moved = now.filter((pid, cpu) => before.includes(pid) && pid !== before[cpu])
      expect(moved).toEqual([])
    }
  })
})

describe('a task that wakes', () => {
  /** Sleeps on the queue again and again; notes when it was woken and when it ran. */
  function sleeper(m: SmallMachine, queue: WaitQueue, ran: number[]) {
    return function* (task: Task): Path {
      const { dispatcher } = m.kernel
      for (;;) {
        const entry = queue.add(task)
        dispatcher.prepareToSleep(task, TaskState.interruptible)
        yield Op.sleep
        queue.remove(entry)
        ran.push(m.engine.now)
        task.charge(1000)
        yield Op.run
      }
    }
  }

  it('is taken by an idle CPU at once, while the other computes', () => {
    const m = smallMachine({ cpus: 2 })
    const queue = new WaitQueue()
    const ran: number[] = []
    start(m, sleeper(m, queue, ran))
    pass(m, 0.05)
    computing(m, 'hog')
    pass(m, 0.05)
    const { dispatcher } = m.kernel
    for (let wake = 0; wake < 10; wake++) {
      const began = m.engine.now
      dispatcher.wakeUp(queue)
      expect(dispatcher.scheduler.runnable).toBe(2)
      pass(m, 0.00713)
      expect(ran).toHaveLength(wake + 1)
      // Its working set of 16 KB comes into the cache first.
      expect(ran[wake]! - began).toBeLessThan(120_000)
      expect(dispatcher.scheduler.runnable).toBe(1)
    }
  })

  it('and has slept long takes the CPU from one that computes', () => {
    const m = smallMachine({ cpus: 1 })
    const queue = new WaitQueue()
    const ran: number[] = []
    start(m, sleeper(m, queue, ran))
    pass(m, 0.01)
    computing(m, 'one')
    computing(m, 'two')
    pass(m, 2)
    for (let wake = 0; wake < 10; wake++) {
      const began = m.engine.now
      m.kernel.dispatcher.wakeUp(queue)
      pass(m, 0.103)
      expect(ran).toHaveLength(wake + 1)
      expect(ran[wake]! - began).toBeLessThan(50_000)
    }
  })

  it('finds a free CPU however many wake at once', () => {
    const m = smallMachine({ cpus: 4 })
    const queue = new WaitQueue()
    const ran: number[] = []
    for (let index = 0; index < 4; index++) start(m, sleeper(m, queue, ran))
    pass(m, 0.1)
    expect(queue.length).toBe(4)
    const began = m.engine.now
    m.kernel.dispatcher.wakeUp(queue)
    pass(m, 0.001)
    expect(ran).toHaveLength(4)
    for (const at of ran) expect(at - began).toBeLessThan(30_000)
  })
})

describe('snapshot of the run queue', () => {
  it('shows what schedule() would see, in the order of its walk', () => {
    const m = smallMachine({ cpus: 2 })
    for (let index = 0; index < 5; index++) computing(m, `p${index}`)
    pass(m, 1.137)
    const { dispatcher } = m.kernel
    const { entries, cpus } = runQueueSnapshot(m.kernel, 12)
    expect(cpus).toBe(2)
    expect(entries.map(({ pid }) => pid)).toEqual(
      dispatcher.scheduler.queue().map(({ pid }) => pid),
    )
    expect(entries).toHaveLength(5)
    const running = entries.filter(({ runningOn }) => runningOn >= 0)
    expect(running.map(({ runningOn }) => runningOn).sort()).toEqual([0, 1])
    for (const { goodness, counter, warm } of entries) {
      expect([0, counter + 35, counter + 36]).toContain(goodness)
      expect(warm).toBeGreaterThanOrEqual(0)
      expect(warm).toBeLessThanOrEqual(1)
    }
  })

  it('is empty on a machine at rest', () => {
    const m = smallMachine()
    run(m, function* (task) {
      yield* m.kernel.processes.compute(task, 1000)
    })
    expect(runQueueSnapshot(m.kernel, 0).entries).toEqual([])
  })
})
