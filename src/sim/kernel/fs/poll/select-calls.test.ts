import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import { kernelIds } from '../../kernels'
import type { SmallMachine } from '../../small-machine.test-support'
import { pass, run, smallMachine, start } from '../../small-machine.test-support'
import type { TestFile } from './poll.test-support'
import { openFiles } from './poll.test-support'
import { tooManyDescriptors } from './poll-calls'
import { selectVariants } from './select-calls'
import { Readiness } from './watchers'

const { readable, writable } = Readiness

const kinds = kernelIds.flatMap((kernel) => selectVariants.map((variant) => ({ kernel, variant })))

describe.each(kinds)('select ($kernel, $variant)', ({ kernel, variant }) => {
  function machine(): SmallMachine {
    const m = smallMachine({ cpus: 1, kernel })
    m.kernel.selects.variant = variant
    m.kernel.descriptors.tables.polled = 4096
    return m
  }

  it('fills in the bitmaps that asking every descriptor would', () => {
    const m = machine()
    const { selects } = m.kernel
    const random = new RandomStream(3, 'select')
    const below = (n: number): number => random.below(n)
    run(m, function* (task) {
      const files = openFiles(m, task, 700)
      const descriptors = [...files.keys()]
      const set = selects.set()
      const asked = new Map<number, number>()
      for (let round = 0; round < 200; round++) {
        for (let change = below(9); change > 0; change--) {
          const descriptor = descriptors[below(descriptors.length)] as number
          const file = files.get(descriptor) as TestFile
          const interest = [0, 1, 4, 5][below(4)] as number
          const what = below(4)
          if (what <= 1) {
            selects.watch(task, set, descriptor, interest)
            asked.set(descriptor, interest)
          } else if (what === 2) file.become([1, 4, 5][below(3)] as number)
          // A read: nobody is told.
          else file.bits = 0
        }
        yield* selects.select(task, set, 0)
        const wrong = [...asked].filter(([descriptor, interest]) => {
          const holds = (files.get(descriptor) as TestFile).bits & interest
          const reads = set.resultRead.has(descriptor)
          const writes = set.resultWrite.has(descriptor)
          return reads !== ((holds & readable) !== 0) || writes !== ((holds & writable) !== 0)
        })
        expect(wrong, `round ${round}`).toEqual([])
      }
    })
  })

  it('takes a descriptor for the file that it is now, not for one that was closed', () => {
    const m = machine()
    const { selects, calls, fs } = m.kernel
    run(m, function* (task) {
      const set = selects.set()
      const file = yield* calls.open(task, fs.root, 'file', 'create')
      selects.watch(task, set, file, readable)
      expect(yield* selects.select(task, set, 0)).toBe(1)
      selects.watch(task, set, file, 0)
      yield* calls.close(task, file)
      const [descriptor] = [...openFiles(m, task, 1).keys()] as [number]
      expect(descriptor).toBe(file)
      selects.watch(task, set, descriptor, readable)
      expect(yield* selects.select(task, set, 0)).toBe(0)
    })
  })

  it('refuses sets with more descriptors than it takes', () => {
    const m = machine()
    m.kernel.descriptors.tables.polled = 10
    const found = run(m, function* (task) {
      const set = m.kernel.selects.set()
      for (const descriptor of openFiles(m, task, 8).keys()) {
        m.kernel.selects.watch(task, set, descriptor, readable)
      }
      return yield* m.kernel.selects.select(task, set, 0)
    })
    expect(found).toBe(tooManyDescriptors)
  })
})

describe('what select goes through on Digital UNIX', () => {
  /** A process that selects `count` idle sockets, and is woken by the last of them. */
  function selected(count: number, variant: 'scan' | 'scalable') {
    const m = smallMachine({ cpus: 1, kernel: 'digital-unix-4.0', memoryMB: 64 })
    const { selects } = m.kernel
    selects.variant = variant
    m.kernel.descriptors.tables.polled = 4096
    const files: TestFile[] = []
    const set = selects.set()
    start(m, function* (task) {
      for (const [descriptor, file] of openFiles(m, task, count)) {
        files.push(file)
        selects.watch(task, set, descriptor, readable)
      }
      for (;;) {
        yield* selects.select(task, set, Infinity)
        const { descriptor } = set.ready[0] ?? { descriptor: 3 }
        yield* m.kernel.calls.read(task, descriptor, 1)
      }
    })
    pass(m, 0.5)
    const cyclesIn = (procedure: string): number => {
      m.kernel.dispatcher.settle()
      return m.tree.selfCycles[m.tree.declareKernel(procedure, 1)] ?? NaN
    }
    return { m, set, files, cyclesIn }
  }

  it('is every socket twice for one event: once before it sleeps, once when it is woken', () => {
    const { m, set, files, cyclesIn } = selected(800, 'scan')
    files[799]?.become(readable)
    pass(m, 0.1)
    expect(set.last).toEqual({ size: 800, scanned: 1600, scans: 2, events: 1 })
    const { cost, cache, base } = m.kernel
    // The first scan loads what it reads of the sockets; it fits into the cache.
    const loaded = ((800 * 232) / cache.lineBytes) * base.missCycles
    // By now the third scan is done, and it sleeps again. The one that was ready was not queued.
    const queued = 800 + 799 + 800
    const unqueued = 800 + 799
    expect(cyclesIn('soo_select')).toBe(
      (3 + 2) * 800 * cost.pollDescriptor +
        queued * cost.selectQueue +
        unqueued * cost.selectUnqueue +
        loaded,
    )
  })

  it('queues the thread at all that is not ready also when something is, and takes it off', () => {
    const m = smallMachine({ cpus: 1, kernel: 'digital-unix-4.0', memoryMB: 64 })
    const { selects, cost, dispatcher } = m.kernel
    const [sockets, ready] = [24, 6]
    run(m, function* (task) {
      const files = [...openFiles(m, task, sockets)]
      const set = selects.set()
      for (const [at, [descriptor, file]] of files.entries()) {
        selects.watch(task, set, descriptor, readable)
        if (at < ready) file.become(readable)
      }
      expect(yield* selects.select(task, set, 0)).toBe(ready)
      expect(set.registered).toBe(0)
    })
    dispatcher.settle()
    const { cache, base } = m.kernel
    const loaded = ((sockets * 232) / cache.lineBytes) * base.missCycles
    expect(m.tree.selfCycles[m.tree.declareKernel('soo_select', 1)]).toBe(
      2 * sockets * cost.pollDescriptor +
        (sockets - ready) * (cost.selectQueue + cost.selectUnqueue) +
        loaded,
    )
  })

  it('is the new ones and the hinted ones when it is scalable', () => {
    const { m, set, files, cyclesIn } = selected(800, 'scalable')
    const first = cyclesIn('soo_select')
    expect(first).toBe(800 * m.kernel.cost.pollDescriptor)
    files[799]?.become(readable)
    pass(m, 0.1)
    expect(set.last).toEqual({ size: 800, scanned: 801, scans: 2, events: 1 })
    files[5]?.become(readable)
    pass(m, 0.1)
    // The one that was ready is looked at once more, and the one that hints.
    expect(set.last).toEqual({ size: 800, scanned: 2, scans: 2, events: 1 })
    const { interests } = set
    expect(interests?.interestedRead.count).toBe(800)
    expect(interests?.readyRead.count).toBe(0)
  })

  it('wakes for what was selected only: a socket has a queue for reading and one for writing', () => {
    const { m, set, files } = selected(2, 'scan')
    files[0]?.become(writable)
    pass(m, 0.1)
    expect(set.last).toBeUndefined()
    files[0]?.become(readable | writable)
    pass(m, 0.1)
    expect(set.last?.events).toBe(1)
  })
})

describe('sets of the scalable select', () => {
  it('are checked: READY within INTERESTED', () => {
    const m = smallMachine({ cpus: 1 })
    m.kernel.selects.variant = 'scalable'
    run(m, function* (task) {
      const [[descriptor, file]] = [...openFiles(m, task, 1)] as [[number, TestFile]]
      const set = m.kernel.selects.set()
      m.kernel.selects.watch(task, set, descriptor, readable)
      file.become(readable)
      yield* m.kernel.selects.select(task, set, 0)
      set.interests?.check()
      set.interests?.interestedRead.clear(descriptor)
      expect(() => set.interests?.check()).toThrow(/READY is not within INTERESTED in word 0/)
    })
  })
})
