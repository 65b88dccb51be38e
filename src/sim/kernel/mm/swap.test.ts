import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { frameOf, isGuarded, isInSwap, spaceOf, swapSlotOf, untouched } from './address-space'
import { wrongWithMemory } from './frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from './page-frames'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../small-machine.test-support'
import { noSlot, SwapMap } from './swap-map'
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'

/** A process of so many pages gives all of them to swap, slots next to each other. */
function* giveAll(m: SmallMachine, task: Task, pages: number): Path<readonly number[]> {
  const { memory, swap } = m.kernel
  yield* memory.grow(task, pages)
  const { entries } = spaceOf(task)!
  yield* swapOut(m, task, pages)
  expect(entries.every(isInSwap)).toBe(true)
  expect(swap.inUse).toBe(pages)
  return entries.map(swapSlotOf)
}

/** swap_out until so many pages have been written. Whatever the process has is old. */
function* swapOut(m: SmallMachine, task: Task, pages: number): Path {
  const { reclaim, swap } = m.kernel
  const written = swap.pagesOut + pages
  for (let times = 0; swap.pagesOut < written && times < 20 * pages; times++) {
    yield* reclaim['swapOut'].takeOne(task, 0, true)
  }
  expect(swap.pagesOut).toBe(written)
}

/** Every process of the machine goes through the first page of its memory. */
const touchFirst = (m: SmallMachine, task: Task, writes: boolean, pages = 1): Path =>
  m.kernel.memory.faults.touch(task, [{ area: spaceOf(task)!.areaOf(0), from: 0, pages, writes }])

const firstOf = (task: Task): number => spaceOf(task)!.entries[0]!

/** The clock takes what it can. */
function* shrink(m: SmallMachine, task: Task): Path {
  for (let times = 0; m.kernel.reclaim['shrinkMmap'](task, 0); times++) {
    if (times > 10_000) throw new Error('the clock never ends')
  }
  yield Op.run
}

describe('slots', () => {
  it('are handed out next to each other, in a ring, each once', () => {
    const map = new SwapMap(256)
    expect([map.take(), map.take(), map.take()]).toEqual([0, 1, 2])
    map.free(1)
    const rest = Array.from({ length: 254 }, () => map.take())
    expect(rest).toEqual([...Array.from({ length: 253 }, (_, at) => at + 3), 1])
    expect(map.inUse).toBe(256)
    expect(map.take()).toBe(noSlot)
    map.free(77)
    expect(map.take()).toBe(77)
  })

  it('are free when the last who needs them has given them up, and not once more', () => {
    const map = new SwapMap(4)
    const slot = map.take()
    map.duplicate(slot)
    map.free(slot)
    expect([map.usersOf(slot), map.inUse]).toEqual([1, 1])
    map.free(slot)
    expect([map.usersOf(slot), map.inUse]).toEqual([0, 0])
    expect(() => {
      map.free(slot)
    }).toThrow(/free already/)
    expect(() => {
      map.duplicate(slot)
    }).toThrow(/is free/)
  })
})

describe('a page', () => {
  it('that is written out stays in the swap cache until the clock takes it', () => {
    const m = smallMachine()
    const { frames, swap, disk } = m.kernel
    run(m, function* (task) {
      const free = frames.free
      yield* giveAll(m, task, 10)
      expect([frames.free, swap.underWay]).toEqual([free - 10, 10])
      yield* m.kernel.timer.sleepUntilWoken(task, task.childExit, 2e8)
      expect([frames.total[FrameUse.swapCache], swap.underWay]).toEqual([10, 0])
      expect(wrongWithMemory(m.kernel)).toEqual([])
      yield* shrink(m, task)
      expect([frames.total[FrameUse.swapCache], swap.inUse]).toEqual([0, 10])
      expect(frames.free).toBeGreaterThanOrEqual(free)
    })
    expect(disk.sectorsWritten).toBe(80)
    // What lies together goes together.
    expect(disk.writes).toBe(1)
    expect(swap.inUse).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('is read back with its cluster, up to the first slot that is free', () => {
    const m = smallMachine()
    const { frames, swap, disk, timer } = m.kernel
    run(m, function* (task) {
      yield* giveAll(m, task, 40)
      yield* timer.sleepUntilWoken(task, task.childExit, 2e8)
      yield* shrink(m, task)
      // Slot 29 is nobody's any more.
      const { entries } = spaceOf(task)!
      swap.map.free(29)
      entries[29] = untouched
      spaceOf(task)!.missing--
      const area = spaceOf(task)!.areaOf(0)
      yield* m.kernel.memory.faults.touch(task, [{ area, from: 18, pages: 1, writes: false }])
      expect(swap.pagesIn).toBe(13)
      expect(frames.total[FrameUse.swapCache]).toBe(13)
      // Read only, it is in swap too.
      expect(swap.inUse).toBe(39)
      expect(swap.isCached(frameOf(entries[18]!))).toBe(true)
      yield* m.kernel.memory.faults.touch(task, [{ area, from: 16, pages: 13, writes: true }])
      expect([swap.pagesIn, swap.inUse]).toEqual([13, 39 - 13])
      expect(frames.total[FrameUse.swapCache]).toBe(0)
      // Behind the gap, the page alone: the cluster begins with slots that are free by now.
      yield* m.kernel.memory.faults.touch(task, [{ area, from: 31, pages: 1, writes: true }])
      expect(swap.pagesIn).toBe(14)
      expect(disk.sectorsRead).toBe(14 * 8)
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    expect(swap.inUse).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('that is wanted while it is on its way out stays, and is not read', () => {
    const m = smallMachine()
    const { swap } = m.kernel
    run(m, function* (task) {
      yield* giveAll(m, task, 1)
      yield* touchFirst(m, task, true)
      expect(m.kernel.frames.useOf(firstOf(task))).toBe(FrameUse.anonymous)
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    expect([swap.pagesOut, swap.pagesIn, swap.inUse, swap.underWay]).toEqual([1, 0, 0, 0])
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('whose process ends while it is under way is freed by the clock', () => {
    const m = smallMachine()
    const { frames, swap } = m.kernel
    const free = frames.free
    run(m, function* (task) {
      yield* giveAll(m, task, 5)
      expect([swap.underWay, swap.inUse]).toEqual([5, 5])
    })
    expect(wrongWithMemory(m.kernel)).toEqual([])
    pass(m, 0.2)
    expect([swap.underWay, swap.inUse]).toEqual([0, 5])
    run(m, (task) => shrink(m, task))
    expect([swap.inUse, frames.free]).toEqual([0, free])
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('that was only read since it came back goes out again without being written', () => {
    const m = smallMachine()
    const { swap, timer, reclaim } = m.kernel
    run(m, function* (task) {
      yield* giveAll(m, task, 4)
      yield* timer.sleepUntilWoken(task, task.childExit, 2e8)
      yield* touchFirst(m, task, false, 4)
      expect([spaceOf(task)!.resident, swap.inUse]).toEqual([4, 4])
      // At the first look they are young.
      for (let look = 0; look < 2; look++) yield* reclaim['swapOut'].takeOne(task, 0, true)
      expect([spaceOf(task)!.resident, swap.pagesOut]).toEqual([0, 4])
      expect(wrongWithMemory(m.kernel)).toEqual([])
      yield* touchFirst(m, task, true, 4)
      expect(swap.inUse).toBe(0)
      yield* swapOut(m, task, 4)
    })
    expect(swap.pagesOut).toBe(8)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('pages that a fork shares', () => {
  it('are written once, given up by both, and read once for both', () => {
    const m = smallMachine({ cpus: 1 })
    const { frames, swap, memory, timer, processes } = m.kernel
    run(m, function* (task) {
      yield* memory.grow(task, 10)
      yield* processes.fork(task, function* (child) {
        yield* timer.sleepUntilWoken(child, child.childExit, 2e9)
        const read = swap.pagesIn
        yield* touchFirst(m, child, false, 10)
        // The parent had all of them read.
        expect(swap.pagesIn).toBe(read)
        const [mine, its] = [child, task].map((one) => spaceOf(one)!.entries.slice(0, 7))
        expect(mine).toEqual(its)
        expect(wrongWithMemory(m.kernel)).toEqual([])
        const anonymous = frames.total[FrameUse.anonymous]!
        yield* touchFirst(m, child, true, 10)
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 10)
        expect(wrongWithMemory(m.kernel)).toEqual([])
      })
      const shared = spaceOf(task)!.entries.filter(isGuarded).length
      expect(shared).toBe(7)
      // Three of the parent's own, and of the child's, that they have copied for themselves.
      yield* swapOut(m, task, 10 + 3)
      yield* timer.sleepUntilWoken(task, task.childExit, 5e8)
      yield* m.kernel.reclaim['swapOut'].takeOne(task, 0, true)
      expect(swap.inUse).toBe(13)
      expect(wrongWithMemory(m.kernel)).toEqual([])
      yield* shrink(m, task)
      expect(frames.total[FrameUse.swapCache]).toBe(0)
      yield* touchFirst(m, task, false, 10)
      expect(swap.pagesIn).toBe(13)
      yield* processes.wait(task)
      // What the child had to copy is the parent's alone, and leaves swap when it is written to.
      yield* touchFirst(m, task, true, 10)
    })
    run(m, (task) => shrink(m, task))
    expect([swap.inUse, swap.underWay]).toEqual([0, 0])
    expect(frames.total[FrameUse.anonymous]).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('in swap have one user more after a fork, and outlive who had them first', () => {
    const m = smallMachine({ cpus: 1 })
    const { swap, timer, processes } = m.kernel
    run(m, function* (task) {
      const slots = yield* giveAll(m, task, 6)
      yield* timer.sleepUntilWoken(task, task.childExit, 2e8)
      yield* shrink(m, task)
      yield* processes.fork(task, function* (child) {
        yield* timer.sleepUntilWoken(child, child.childExit, 1e9)
        expect(swap.map.usersOf(slots[0]!)).toBe(1)
        yield* touchFirst(m, child, true, 6)
        expect([swap.pagesIn, swap.inUse]).toEqual([6, 0])
      })
      expect(slots.map((slot) => swap.map.usersOf(slot))).toEqual([2, 2, 2, 2, 2, 2])
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    pass(m, 2)
    expect(swap.inUse).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('come and go at random, and no frame and no slot is lost', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const m = smallMachine({ seed, memoryMB: 18, swapMB: 16, cpus: 1 + (seed % 4) })
      const { frames, swap, memory, processes, timer } = m.kernel
      const random = new RandomStream(seed, 'family')
      const free = frames.free
      const life = function* (task: Task, depth: number): Path {
        yield* memory.grow(task, 60 + random.below(120))
        for (let turn = 0; turn < 4; turn++) {
          const kind = random.below(4)
          if (kind === 0 && depth < 3)
            yield* processes.fork(task, (child) => life(child, depth + 1))
          else if (kind === 1) yield* touchFirst(m, task, random.chance(0.5), 1 + random.below(60))
          else if (kind === 2) yield* processes.compute(task, 450_000)
          else yield* timer.sleepUntilWoken(task, task.childExit, random.below(2e9))
        }
        while ((yield* processes.wait(task)) !== undefined);
      }
      let looks = 0
      const bodies = Array.from({ length: 6 }, () => (task: Task) => life(task, 0))
      runAll(m, bodies, () => {
        if (looks++ % 100 === 0) expect(wrongWithMemory(m.kernel), `seed ${seed}`).toEqual([])
      })
      pass(m, 20)
      run(m, (task) => shrink(m, task))
      expect(swap.pagesOut, `seed ${seed}`).toBeGreaterThan(0)
      expect([swap.inUse, swap.underWay], `seed ${seed}`).toEqual([0, 0])
      expect(wrongWith(m.kernel), `seed ${seed}`).toEqual([])
      if (memory.faults.kills === 0) expect(frames.free, `seed ${seed}`).toBe(free)
    }
  })
})

describe('processes that are larger than memory', () => {
  it('go to swap page by page and come back, and nothing is lost', () => {
    const m = smallMachine({ memoryMB: 18, cpus: 2 })
    const { kernel } = m
    const { processes, frames, swap } = kernel
    const free = frames.free
    // 700 pages each in 1,024, one after the other.
    const there: number[] = []
    const life = (turn: number) =>
      function* (task: Task): Path {
        yield* m.kernel.memory.grow(task, 700)
        for (let times = 0; times < 4; times++) {
          yield* kernel.timer.sleepUntilWoken(task, task.childExit, (3 + 3 * turn) * 1e9)
          yield* processes.compute(task, 4_500_000)
          const { entries, resident, missing } = spaceOf(task)!
          expect(entries).toHaveLength(700)
          expect(resident + missing).toBe(700)
          there.push(resident)
        }
      }
    let looks = 0
    runAll(m, [life(0), life(1)], () => {
      if (looks++ % 20 === 0) expect(wrongWithMemory(kernel)).toEqual([])
    })
    // Who has just run has more than an even share of memory, though a page that came back may go
    // again for one that comes behind it.
    const mean = there.reduce((sum, resident) => sum + resident, 0) / there.length
    expect([there.length, mean > 1024 / 2]).toEqual([8, true])
    expect(swap.pagesOut).toBeGreaterThan(700)
    expect(swap.pagesIn).toBeGreaterThan(700)
    expect(m.kernel.memory.faults.kills).toBe(0)
    expect(m.kernel.memory.faults.majorFaults).toBeGreaterThan(500)
    pass(m, 1)
    expect([swap.inUse, swap.underWay]).toEqual([0, 0])
    expect(frames.free).toBe(free)
    expect(wrongWith(kernel)).toEqual([])
  })
})
