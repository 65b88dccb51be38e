import { describe, expect, it } from 'vitest'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, smallMachine, start } from '../small-machine.test-support'
import { TaskState } from './task'
import { WaitQueue } from './wait-queue'

const machine = (cpus = 1): SmallMachine =>
  smallMachine({ cpus, kernel: 'digital-unix-4.0', memoryMB: 64 })

/** A process that computes for good. Returns the cycles it has had. */
function computing(m: SmallMachine, name: string): () => number {
  m.kernel.processes.boot(name, function* (task) {
    for (;;) yield* m.kernel.processes.compute(task, 1e9)
  })
  const of = m.tree.declare(name, 'main', 0)
  return () => {
    m.kernel.dispatcher.settle()
    return m.tree.selfCycles[of] ?? 0
  }
}

describe('the scheduler of Digital UNIX', () => {
  it('gives processes that only compute equal shares, in turns of 100 ms', () => {
    const m = machine()
    const shares = ['a', 'b', 'c'].map((name) => computing(m, name))
    const before = m.kernel.dispatcher.scheduler.contextSwitches
    pass(m, 30)
    const cycles = shares.map((share) => share())
    const total = cycles.reduce((sum, own) => sum + own, 0)
    for (const own of cycles) expect(Math.abs(own / total - 1 / 3)).toBeLessThan(0.02)
    const switches = m.kernel.dispatcher.scheduler.contextSwitches - before
    expect(switches).toBeGreaterThan(200)
    expect(switches).toBeLessThan(500)
  })

  it('lets who has slept go first, and who has used much wait', () => {
    const m = machine()
    computing(m, 'a')
    computing(m, 'b')
    const queue = new WaitQueue()
    const waits: number[] = []
    let woken = 0
    start(m, function* (task) {
      for (;;) {
        yield* m.kernel.dispatcher.sleepOn(task, queue, TaskState.interruptible)
        waits.push(m.engine.now - woken)
        yield* m.kernel.processes.compute(task, 400_000)
      }
    })
    for (let turn = 0; turn < 20; turn++) {
      pass(m, 0.3)
      woken = m.engine.now
      m.kernel.timer.wakeFromAnywhere(queue)
    }
    pass(m, 0.3)
    expect(waits.length).toBe(20)
    for (const wait of waits) expect(wait).toBeLessThan(1e6)
  })

  it('uses every CPU there is, and no big kernel lock', () => {
    const m = machine(2)
    const shares = ['a', 'b'].map((name) => computing(m, name))
    pass(m, 5)
    for (const share of shares) expect(share()).toBeGreaterThan(4.8 * 400e6)
    expect(m.kernel.dispatcher.lock.acquisitions).toBe(0)
  })

  it('shows who runs and who waits', () => {
    const m = machine()
    for (const name of ['a', 'b']) computing(m, name)
    pass(m, 1)
    const { scheduler } = m.kernel.dispatcher
    const queue = scheduler.queue()
    expect(queue.map(({ command }) => command).sort()).toEqual(['a', 'b'])
    expect(queue.filter((task) => scheduler.hasCpu(task))).toHaveLength(1)
    expect(scheduler.runnable).toBe(2)
  })
})
