import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine'
import { powerEdge6300 } from '../../machine/presets'
import { CallTree } from '../../observe/call-tree'
import type { SimTime } from '../../units/time'
import { seconds as simSeconds } from '../../units/time'
import { runQueueSnapshot } from '../kernel-snapshot'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, smallMachine, start } from '../small-machine.test-support'
import { KernelBase } from './base'
import { fifoScheduler } from './fifo-scheduler.test-support'
import { wrongWithAccounts } from './task-invariants.test-support'
import type { Path } from './task'
import { Op, Task, TaskState } from './task'
import { linuxKind } from './scheduler-linux-2.2'
import { Timer } from './timer'
import { WaitQueue } from './wait-queue'

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
  // The task that runs is looked at first, so the one whose quantum was the last of all gets the
  // first new one.
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

  it('is taken by the idle CPU whose interrupt wakes it, while the other computes', () => {
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
      dispatcher.executing = dispatcher.cpus.find(({ current }) => !current)!
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

  it('runs on the idle CPU whose interrupt wakes it, however many others wake and are idle', () => {
    const m = smallMachine({ cpus: 4 })
    const queue = new WaitQueue()
    const ran: number[] = []
    for (let index = 0; index < 4; index++) start(m, sleeper(m, queue, ran))
    pass(m, 0.1)
    expect(queue.length).toBe(4)
    const { dispatcher } = m.kernel
    dispatcher.executing = dispatcher.cpus[2]!
    dispatcher.wakeUp(queue)
    pass(m, 0.001)
    expect(ran).toHaveLength(4)
    const sleepers = Array.from(queue, ({ task }) => task.processor)
    expect(sleepers).toEqual([2, 2, 2, 2])
  })
})

describe('a scheduler of another kind', () => {
  it('decides for a dispatcher that knows nothing of its queue', () => {
    const engine = new Engine(1)
    const tree = new CallTree(1, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
    const kind = { ...linuxKind, makeScheduler: fifoScheduler }
    const base = new KernelBase(engine, tree, { ...powerEdge6300, cpus: 1 }, kind)
    const { dispatcher } = base
    const timer = new Timer(base)
    const turns: number[] = []
    dispatcher.onEnd = (task) => (task.state = TaskState.zombie)
    for (const pid of [1, 2, 3]) {
      const task = new Task(pid, undefined, 'program', tree.call(0, tree.declare('p', 'main', 0)))
      task.user = true
      task.code = (function* (): Path {
        for (let piece = 0; piece < 40; piece++) {
          if (turns[turns.length - 1] !== pid) turns.push(pid)
          task.charge(450_000 * 5)
          yield Op.run
        }
      })()
      dispatcher.scheduler.enrol(task)
      dispatcher.start(task)
    }
    engine.advance((engine.now + simSeconds(1)) as SimTime)
    expect(turns.slice(0, 9)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3])
    expect(dispatcher.scheduler.runnable).toBe(0)
    expect(wrongWithAccounts({ base })).toEqual([])
    expect(timer.jiffies).toBe(101)
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
