import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { Mode } from '../../observe/call-tree'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, runAll, smallMachine, start } from '../small-machine.test-support'
import { wrongWithTasks } from './task-invariants.test-support'
import type { Path, Task } from './task'
import { Op, TaskState } from './task'
import { WaitQueue } from './wait-queue'

function* lock(task: Task): Path {
  task.lockDepth++
  yield Op.lock
}
function* unlock(task: Task): Path {
  task.lockDepth--
  yield Op.unlock
}
/** Kernel work of so many cycles. */
function* work(task: Task, cycles: number): Path {
  task.charge(cycles)
  yield Op.run
}

const spin = (m: SmallMachine): number => {
  m.kernel.dispatcher.settle()
  return m.tree.cyclesByMode[Mode.spin]!
}

describe('the big kernel lock', () => {
  it.each([1, 2, 4])('never has two holders, on %i CPUs', (cpus) => {
    const m = smallMachine({ cpus })
    let inside = 0
    let most = 0
    let entries = 0
    const life = (part: number) =>
      function* (task: Task): Path {
        const random = new RandomStream(cpus, `part ${part}`)
        for (let times = 0; times < 100; times++) {
          yield* work(task, random.between(1, 20_000))
          yield* lock(task)
          inside++
          entries++
          most = Math.max(most, inside)
          yield* work(task, random.between(1, 20_000))
          inside--
          yield* unlock(task)
        }
      }
    runAll(
      m,
      Array.from({ length: 6 }, (_, part) => life(part)),
      () => {
        expect(wrongWithTasks(m.kernel)).toEqual([])
      },
    )
    expect([inside, most, entries]).toEqual([0, 1, 600])
    const { lock: bkl } = m.kernel.dispatcher
    expect(bkl.holder).toBeUndefined()
    expect(bkl.contended > 0).toBe(cpus > 1)
    expect(spin(m) > 0).toBe(cpus > 1)
  })

  it('a CPU that finds it taken spins until the holder drops it, and its cycles are spin', () => {
    const m = smallMachine({ cpus: 2 })
    pass(m, 1)
    const before = spin(m)
    const entered: number[] = []
    const holding = (cycles: number) =>
      function* (task: Task): Path {
        yield* lock(task)
        entered.push(m.engine.now)
        yield* work(task, cycles)
        yield* unlock(task)
      }
    start(m, holding(900_000))
    pass(m, 0.0001)
    start(m, holding(100))
    pass(m, 0.0011)
    expect(m.kernel.dispatcher.cpus.map(({ spinning }) => spinning).sort()).toEqual([false, true])
    expect(wrongWithTasks(m.kernel)).toEqual([])
    pass(m, 0.02)
    expect(entered).toHaveLength(2)
    // 900,000 cycles at 450 MHz, and the transfer of the lock's line.
    expect((entered[1]! - entered[0]!) / 1e6).toBeCloseTo(2, 1)
    // The second began a little later; at its end the first waits for the lock once more.
    expect((spin(m) - before) / 900_000).toBeCloseTo(0.95, 1)
  })

  it('goes to those who spin in the order in which they came', () => {
    const m = smallMachine({ cpus: 4 })
    pass(m, 1)
    const order: number[] = []
    for (const name of [0, 1, 2, 3]) {
      start(m, function* (task) {
        yield* work(task, 1000 + name * 45_000)
        yield* lock(task)
        order.push(name)
        yield* work(task, 450_000)
        yield* unlock(task)
      })
    }
    pass(m, 0.1)
    expect(order).toEqual([0, 1, 2, 3])
  })

  it('is dropped while its holder sleeps, and taken again before it goes on', () => {
    const m = smallMachine({ cpus: 2 })
    const { dispatcher } = m.kernel
    const queue = new WaitQueue()
    const log: string[] = []
    start(m, function* (task) {
      yield* lock(task)
      log.push('one in')
      const entry = queue.add(task)
      dispatcher.prepareToSleep(task, TaskState.uninterruptible)
      yield Op.sleep
      queue.remove(entry)
      log.push('one awake')
      expect(dispatcher.cpus.filter((cpu) => dispatcher.lock.holder === cpu)).toHaveLength(1)
      expect(dispatcher.lock.holder?.current).toBe(task)
      yield* unlock(task)
      log.push('one out')
    })
    pass(m, 0.01)
    expect(log).toEqual(['one in'])
    expect(dispatcher.lock.holder).toBeUndefined()
    start(m, function* (task) {
      yield* lock(task)
      log.push('two in')
      dispatcher.wakeAll(queue, task)
      yield* work(task, 4_500_000)
      log.push('two out')
      yield* unlock(task)
    })
    pass(m, 0.1)
    expect(log).toEqual(['one in', 'two in', 'two out', 'one awake', 'one out'])
    expect(dispatcher.lock.holder).toBeUndefined()
  })

  it('is kept by a task that decides to sleep and is woken before it does', () => {
    const m = smallMachine({ cpus: 1 })
    const { dispatcher } = m.kernel
    start(m, function* (task) {
      yield* lock(task)
      dispatcher.prepareToSleep(task, TaskState.interruptible)
      dispatcher.stayAwake(task)
      yield Op.sleep
      expect(dispatcher.lock.holder?.current).toBe(task)
      yield* unlock(task)
    })
    pass(m, 0.1)
    expect(dispatcher.lock.holder).toBeUndefined()
    expect(wrongWithTasks(m.kernel)).toEqual([])
  })

  it('dropping it without having it is a bug of the kernel', () => {
    const m = smallMachine()
    start(m, function* () {
      yield Op.unlock
    })
    expect(() => {
      pass(m, 0.1)
    }).toThrow(/does not hold/)
  })

  it('a program in user mode does not hold it', () => {
    const m = smallMachine({ cpus: 2 })
    const { kernel, calls } = m
    start(m, function* (task) {
      yield* calls.open(task, kernel.fs.root, 'file', 'create')
      yield* kernel.processes.compute(task, 45e6)
    })
    pass(m, 0.05)
    expect(kernel.dispatcher.cpus.some((cpu) => cpu.current?.user)).toBe(true)
    expect(kernel.dispatcher.lock.holder).toBeUndefined()
  })
})
