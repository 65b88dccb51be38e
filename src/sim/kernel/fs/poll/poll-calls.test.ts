import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import type { Path, Task } from '../../sched/task'
import type { SmallMachine } from '../../small-machine.test-support'
import { pass, run, smallMachine, start } from '../../small-machine.test-support'
import type { TestFile } from './poll.test-support'
import { openFiles } from './poll.test-support'
import { pollVariants, tooManyDescriptors } from './poll-calls'
import { Readiness } from './watchers'

const { readable, writable } = Readiness

describe.each(pollVariants)('poll (%s)', (variant) => {
  function machine(): SmallMachine {
    const m = smallMachine({ cpus: 1 })
    m.kernel.polls.variant = variant
    m.kernel.descriptors.tables.polled = 100_000
    return m
  }

  it('finds what asking every descriptor would, whatever changes in whatever order', () => {
    const m = machine()
    const { polls } = m.kernel
    const random = new RandomStream(11, 'poll')
    const below = (n: number): number => random.below(n)
    run(m, function* (task) {
      const files = openFiles(m, task, 700)
      const descriptors = [...files.keys()]
      const set = polls.set()
      for (let round = 0; round < 300; round++) {
        for (let change = below(9); change > 0; change--) {
          const descriptor = descriptors[below(descriptors.length)] as number
          const file = files.get(descriptor) as TestFile
          const what = below(4)
          if (what === 0) set.forget(descriptor)
          else if (what === 1) polls.watch(task, set, descriptor, below(6))
          else if (what === 2) file.become(1 + below(5))
          // A read: nobody is told.
          else file.bits = 0
        }
        const expected = [...set]
          .filter(({ file, interest }) => ((file as TestFile).bits & interest) !== 0)
          .map(({ descriptor }) => descriptor)
        const found = yield* polls.poll(task, set, 0)
        expect(
          set.ready.map(({ descriptor }) => descriptor),
          `round ${round}`,
        ).toEqual(expected)
        expect(found).toBe(expected.length)
      }
    })
  })

  it('sleeps until something that is waited for happens, and until its time is over', () => {
    const m = machine()
    const { polls, dispatcher } = m.kernel
    const times: number[] = []
    let files = new Map<number, TestFile>()
    const done = start(m, function* (task) {
      files = openFiles(m, task, 3)
      const set = polls.set()
      for (const descriptor of files.keys()) polls.watch(task, set, descriptor, readable)
      yield* polls.poll(task, set, Infinity)
      times.push(m.engine.now)
      set.forget(set.ready[0]?.descriptor ?? -1)
      expect(yield* polls.poll(task, set, 20e6)).toBe(0)
      times.push(m.engine.now)
      return true
    })
    pass(m, 1)
    const [first] = [...files.values()] as [TestFile]
    // Nobody reads what can be written.
    first.become(writable)
    pass(m, 1)
    expect(times).toEqual([])
    const before = m.engine.now
    first.become(readable)
    expect(dispatcher.scheduler.runnable).toBe(1)
    pass(m, 1)
    expect(done()).toBe(true)
    expect((times[0] ?? 0) - before).toBeLessThan(1e6)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(20e6)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeLessThan(21e6)
  })

  it('refuses more descriptors than its table has room for, and is repaired by the limit', () => {
    const m = machine()
    const { polls, descriptors } = m.kernel
    descriptors.tables.polled = 10
    const found = run(m, function* (task): Path<number[]> {
      const files = openFiles(m, task, 11)
      const set = polls.set()
      for (const descriptor of files.keys()) polls.watch(task, set, descriptor, writable)
      for (const file of files.values()) file.bits = writable
      const refused = yield* polls.poll(task, set, 0)
      descriptors.tables.polled = 11
      return [refused, yield* polls.poll(task, set, 0)]
    })
    expect(found).toEqual([tooManyDescriptors, 11])
    expect(descriptors.tables.pollsRefused).toBe(1)
  })

  it('forgets a descriptor that is closed', () => {
    const m = machine()
    const { polls, calls } = m.kernel
    run(m, function* (task) {
      const [descriptor] = [...openFiles(m, task, 1).keys()] as [number]
      const set = polls.set()
      polls.watch(task, set, descriptor, readable)
      yield* calls.close(task, descriptor)
      expect([set.size, set.width, yield* polls.poll(task, set, 0)]).toEqual([0, 0, 0])
    })
  })
})

describe('what a call of poll looks at', () => {
  /** Cycles a call takes with so many idle descriptors and one that is ready. */
  function measured(m: SmallMachine, idle: number): { cycles: number; scanned: number } {
    const { polls } = m.kernel
    m.kernel.descriptors.tables.polled = 100_000
    return run(m, function* (task: Task) {
      const files = openFiles(m, task, idle + 1)
      const set = polls.set()
      for (const descriptor of files.keys()) polls.watch(task, set, descriptor, readable)
      const last = [...files.values()][idle] as TestFile
      yield* polls.poll(task, set, 0)
      last.bits = readable
      last.become(readable)
      yield* polls.poll(task, set, 0)
      const began = m.engine.now
      yield* polls.poll(task, set, 0)
      const cycles = ((m.engine.now - began) * m.kernel.machine.clockMHz) / 1000
      return { cycles, scanned: set.last?.scanned ?? 0 }
    })
  }

  it('is all of them without hints, and the hinted ones with them', () => {
    for (const idle of [50, 2000]) {
      const m = smallMachine({ cpus: 1 })
      expect(measured(m, idle).scanned).toBe(idle + 1)
      m.kernel.polls.variant = 'hints'
      expect(measured(m, idle).scanned).toBe(1)
    }
  })

  it('costs the same with hints, however many are idle', () => {
    const [few, many] = [100, 10_000].map((idle) => {
      const m = smallMachine({ cpus: 1 })
      m.kernel.polls.variant = 'hints'
      return measured(m, idle).cycles
    }) as [number, number]
    expect(many / few).toBeLessThan(1.05)
    expect(many / few).toBeGreaterThan(0.95)
  })

  it('wakes the process for any callback of a queue it is on, for what it waits for or not', () => {
    const m = smallMachine({ cpus: 1 })
    const { polls } = m.kernel
    let files = new Map<number, TestFile>()
    let scans: number | undefined
    start(m, function* (task) {
      files = openFiles(m, task, 2)
      const set = polls.set()
      for (const descriptor of files.keys()) polls.watch(task, set, descriptor, readable)
      yield* polls.poll(task, set, Infinity)
      scans = set.last?.scans
    })
    pass(m, 0.1)
    const [first, second] = [...files.values()] as [TestFile, TestFile]
    first.become(writable)
    pass(m, 0.1)
    second.become(readable)
    pass(m, 0.1)
    expect(scans).toBe(3)
  })
})
